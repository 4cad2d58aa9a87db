package io.github.caadam.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import io.github.caadam.internal.OwnedArrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/** What an optimizer keeps for one parameter on one device, in a manager of its own. */
final class ParameterState implements AutoCloseable {

    private static final NDIndex ALL = new NDIndex("...");

    private final OwnedArrays owned;
    private final NDList arrays;
    private int step;
    private int momentumSteps;
    private double momentumProduct = 1;

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

    /** Copies arrays that were saved to the weight's device. */
    static ParameterState copyOf(NDList saved, NDArray weight, int step) {
        OwnedArrays owned = OwnedArrays.beside(weight);
        NDList arrays = new NDList();
        for (NDArray array : saved) {
            arrays.add(owned.copyOf(array));
        }
        return new ParameterState(owned, arrays, step);
    }

    NDList arrays() {
        return arrays;
    }

    NDArray first() {
        return arrays.get(0);
    }

    NDArray second() {
        return arrays.get(1);
    }

    NDArray maxSecondMoment() {
        return arrays.get(2);
    }

    /** Moves the first array in place: {@code a ← β·a + (1−β)·x}. */
    void averageFirst(NDArray value, float beta) {
        average(first(), value, beta);
    }

    /** Moves the second array in place: {@code a ← β·a + (1−β)·x}. */
    void averageSecond(NDArray value, float beta) {
        average(second(), value, beta);
    }

    private static void average(NDArray average, NDArray value, float beta) {
        average.muli(beta).addi(value.mul(1 - beta));
    }

    /** Copies values in place. */
    static void assign(NDArray target, NDArray values) {
        target.set(ALL, values);
    }

    /** Returns the number of steps, the present one included. */
    int step() {
        return step;
    }

    void advance(int steps) {
        step += steps;
    }

    /** Returns the product of a momentum over steps 1 to {@code steps}. */
    double momentumProduct(int steps, IntToDoubleFunction momentum) {
        if (momentumSteps > steps) {
            momentumSteps = 0;
            momentumProduct = 1;
        }
        while (momentumSteps < steps) {
            momentumSteps++;
            momentumProduct *= momentum.applyAsDouble(momentumSteps);
        }
        return momentumProduct;
    }

    @Override
    public void close() {
        owned.close();
    }
}
