// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The arguments of a {@link StepProgram} that are the same in every step: lists of the engine's
 * arrays, made once. The engine adds gradients in place, so that they, too, stay the same arrays.
 */
final class StepArguments implements AutoCloseable {

    private final List<IValue> owned = new ArrayList<>();
    private final IValue step;
    private final IValue[] states;
    private final IValue contiguous;

    /**
     * The arrays of a group.
     *
     * @param weights the parameters' values
     * @param gradients their gradients; not kept
     * @param states for each parameter the arrays of the slots
     * @param followed the weights that the learning rate follows; none if it follows none
     */
    record GroupArrays(
            List<NDArray> weights,
            List<NDArray> gradients,
            List<NDList> states,
            List<NDArray> followed) {

        private int slots() {
            return states.get(0).size();
        }

        private List<NDArray> slot(int slot) {
            return states.stream().map(arrays -> arrays.get(slot)).toList();
        }
    }

    /**
     * Makes the arguments.
     *
     * @param groups the groups, one or more
     * @param network the rule's numbers of the network
     * @param device where they lie
     */
    StepArguments(List<GroupArrays> groups, NDList network, Device device) {
        List<IValue> lists = new ArrayList<>();
        List<IValue> slots = new ArrayList<>();
        List<NDArray> dense = new ArrayList<>();
        try (NDManager manager = Engine.getEngine(PtAccelerator.ENGINE).newBaseManager(device)) {
            // One for all groups, and one list for all of a size, so that they stay in the
            // processor's caches. Not by create: that array would lie in a Java buffer, which goes
            // with the NDArray.
            Map<Integer, IValue> lateSteps = new HashMap<>();
            NDArray lateStep = manager.full(new Shape(), ScriptStep.LATE_STEP);
            for (GroupArrays group : groups) {
                lists.add(list(group.weights()));
                lists.add(list(group.gradients()));
                for (int i = 0; i < group.slots(); i++) {
                    IValue slot = list(group.slot(i));
                    lists.add(slot);
                    slots.add(slot);
                    dense.addAll(group.slot(i));
                }
                lists.add(
                        lateSteps.computeIfAbsent(
                                group.weights().size(),
                                size -> list(Collections.nCopies(size, lateStep))));
                if (!group.followed().isEmpty()) {
                    lists.add(list(group.followed()));
                }
            }
        }
        if (!network.isEmpty()) {
            lists.add(list(network));
        }
        step = IValue.listFrom(lists.toArray(new IValue[0]));
        owned.add(step);
        for (GroupArrays group : groups) {
            dense.addAll(group.weights());
            dense.addAll(group.followed());
        }
        states = slots.toArray(new IValue[0]);
        contiguous = list(dense);
    }

    private IValue list(List<NDArray> arrays) {
        IValue list = IValue.listFrom(arrays.toArray(new PtNDArray[0]));
        owned.add(list);
        return list;
    }

    /** Returns the last argument of {@link StepProgram#STEP}. */
    IValue step() {
        return step;
    }

    /** Returns the arguments of {@link StepProgram#FLUSH}. */
    IValue[] states() {
        return states;
    }

    /** Returns the arrays whose memory the kernels walk through. */
    IValue contiguous() {
        return contiguous;
    }

    @Override
    public void close() {
        owned.forEach(IValue::close);
    }
}
