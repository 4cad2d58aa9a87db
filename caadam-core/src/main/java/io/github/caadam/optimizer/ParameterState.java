// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.github.caadam.internal.OwnedArrays;
import io.github.caadam.spi.SlotArrays;
import java.util.List;

/** What an optimizer keeps for one parameter on one device, in a manager of its own. */
final class ParameterState implements SlotArrays, AutoCloseable {

    private final OwnedArrays owned;
    private final NDList arrays;
    private int step;

    private ParameterState(OwnedArrays owned, NDList arrays, int step) {
        this.owned = owned;
        this.arrays = arrays;
        this.step = step;
    }

    /** Creates arrays of zeros, of the weight's shape, type and device. */
    static ParameterState zeros(NDArray weight, List<String> names, int step) {
        OwnedArrays owned = OwnedArrays.beside(weight);
        NDList arrays = new NDList();
        for (String name : names) {
            NDArray array = owned.zerosLike(weight);
            array.setName(name);
            arrays.add(array);
        }
        return new ParameterState(owned, arrays, step);
    }

    /** Takes over arrays that were saved, on the weight's device. */
    static ParameterState of(NDList saved, NDArray weight, int step) {
        OwnedArrays owned = OwnedArrays.beside(weight);
        NDList arrays = new NDList();
        saved.forEach(array -> arrays.add(owned.take(array)));
        return new ParameterState(owned, arrays, step);
    }

    /** Copies arrays that were saved to the weight's device. */
    static ParameterState copyOf(NDList saved, NDArray weight, int step) {
        OwnedArrays owned = OwnedArrays.beside(weight);
        NDList arrays = new NDList();
        for (NDArray array : saved) {
            arrays.add(owned.copyOf(array));
        }
        return new ParameterState(owned, arrays, step);
    }

    @Override
    public NDList arrays() {
        return arrays;
    }

    @Override
    public int step() {
        return step;
    }

    void advance(int steps) {
        step += steps;
    }

    @Override
    public void close() {
        owned.close();
    }
}
