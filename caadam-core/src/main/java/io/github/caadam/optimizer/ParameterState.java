// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import io.github.caadam.internal.OwnedArrays;
import io.github.caadam.rule.Slot;
import io.github.caadam.spi.SlotArrays;
import io.github.caadam.spi.StepRecipe;
import java.util.List;

/** What an optimizer keeps for one parameter on one device, in a manager of its own. */
final class ParameterState implements SlotArrays, AutoCloseable {

    private static final NDIndex ALL = new NDIndex("...");

    private final OwnedArrays owned;
    private final List<Slot> slots;
    private final NDList arrays;
    private int step;
    private int accumulated;
    private int cycle;
    private boolean stepped;

    private ParameterState(OwnedArrays owned, List<Slot> slots, NDList arrays, int step) {
        this.owned = owned;
        this.slots = slots;
        this.arrays = arrays;
        this.step = step;
    }

    /** Creates what a parameter starts with, of the weight's shape, type and device. */
    static ParameterState initial(NDArray weight, List<Slot> slots, int step) {
        OwnedArrays owned = OwnedArrays.beside(weight);
        NDList arrays = new NDList();
        slots.forEach(slot -> arrays.add(initial(slot, owned, weight)));
        return new ParameterState(owned, slots, arrays, step);
    }

    /** Creates what a slot starts with. */
    static NDArray initial(Slot slot, OwnedArrays owned, NDArray weight) {
        NDArray array =
                slot.ofWeight()
                        ? owned.copyOf(weight)
                        : owned.zeros(slot.shape(weight.getShape()), weight.getDataType());
        array.setName(slot.name());
        return array;
    }

    /**
     * Takes over what was saved, or copies it to a device; a slot that was not saved starts anew,
     * of the weight.
     */
    static ParameterState of(
            SavedStates.Saved saved,
            List<Slot> slots,
            NDArray weight,
            Device device,
            boolean taken) {
        OwnedArrays owned = OwnedArrays.on(weight.getManager().getEngine(), device);
        NDList arrays = new NDList();
        for (Slot slot : slots) {
            NDArray array = saved.arrays().get(slot.name());
            if (array == null) {
                arrays.add(initial(slot, owned, weight));
            } else {
                arrays.add(taken ? owned.take(array) : owned.copyOf(array));
            }
        }
        ParameterState state = new ParameterState(owned, slots, arrays, saved.step());
        state.accumulated = saved.accumulated();
        state.stepped = saved.step() > 0;
        return state;
    }

    /** Copies values in place, through views that no thread records as differentiable. */
    static void copy(NDArray source, NDArray target) {
        try (NDArray from = source.stopGradient();
                NDArray to = target.stopGradient()) {
            to.set(ALL, from);
        }
    }

    @Override
    public NDList arrays() {
        return arrays;
    }

    @Override
    public int step() {
        return step;
    }

    /** Returns of how many batches the gradients wait for the next step. */
    int accumulated() {
        return accumulated;
    }

    /** Returns whether a step was made with it. */
    boolean hasStepped() {
        return stepped;
    }

    /** Returns whether it is no longer what the parameter started with. */
    boolean hasBegun() {
        return stepped || accumulated > 0;
    }

    /**
     * Prepares for a batch. What starts as a copy of the weight is that of the weight as it is,
     * until the first step.
     */
    void prepare(NDArray weight, int cycle) {
        forgetBefore(cycle);
        this.cycle = cycle;
        if (!stepped) {
            for (int i = 0; i < arrays.size(); i++) {
                if (slots.get(i).ofWeight()) {
                    copy(weight, arrays.get(i));
                }
            }
        }
    }

    /**
     * Drops gradients that waited when the parameter was frozen, if the step that they waited for
     * was made without it.
     */
    void forgetBefore(int cycle) {
        if (accumulated > 0 && this.cycle != cycle) {
            NDArray sum = arrays.get(StepRecipe.ACCUMULATED_GRADIENT);
            try (NDArray zeros = sum.zerosLike()) {
                copy(zeros, sum);
            }
            accumulated = 0;
        }
    }

    /**
     * Counts what was done with it.
     *
     * @param steps how many steps
     * @param accumulated of how many batches the gradients wait now
     * @param cycle the cycle of batches that they belong to
     */
    void advance(int steps, int accumulated, int cycle) {
        step += steps;
        stepped |= steps > 0;
        this.accumulated = accumulated;
        this.cycle = cycle;
    }

    @Override
    public void close() {
        owned.close();
    }
}
