package io.github.caadam.pytorch;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import io.github.caadam.optimizer.UpdatePlan;
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
     * Makes the arguments.
     *
     * @param groups the groups, whose parameters all have a gradient
     * @param arrays how many arrays are kept for each parameter
     */
    StepArguments(List<StepGroups.Group> groups, int arrays) {
        List<UpdatePlan.Entry> all = groups.stream().flatMap(g -> g.members().stream()).toList();
        IValue[] stateLists = new IValue[arrays];
        for (int i = 0; i < arrays; i++) {
            stateLists[i] = states(all, i);
        }
        states = stateLists;
        List<IValue> lists = new ArrayList<>();
        try (NDManager manager =
                Engine.getEngine(PtStepFuser.ENGINE)
                        .newBaseManager(all.get(0).weight().getDevice())) {
            // One for all groups, and one list for all of a size, so that they stay in the
            // processor's caches. Not by create: that array would lie in a Java buffer, which goes
            // with the NDArray.
            Map<Integer, IValue> lateSteps = new HashMap<>();
            NDArray lateStep = manager.full(new Shape(), AdamCode.LATE_STEP);
            for (StepGroups.Group group : groups) {
                lists.add(list(weights(group.members())));
                lists.add(gradients(group.members()));
                for (int i = 0; i < arrays; i++) {
                    lists.add(states(group.members(), i));
                }
                lists.add(
                        lateSteps.computeIfAbsent(
                                group.members().size(),
                                size -> list(Collections.nCopies(size, lateStep))));
            }
        }
        step = IValue.listFrom(lists.toArray(new IValue[0]));
        owned.add(step);
        List<NDArray> dense = new ArrayList<>(weights(all));
        all.forEach(entry -> dense.addAll(entry.state()));
        contiguous = list(dense);
    }

    private static List<NDArray> weights(List<UpdatePlan.Entry> entries) {
        return entries.stream().map(UpdatePlan.Entry::weight).toList();
    }

    private IValue states(List<UpdatePlan.Entry> entries, int array) {
        return list(entries.stream().map(entry -> entry.state().get(array)).toList());
    }

    private IValue gradients(List<UpdatePlan.Entry> entries) {
        List<NDArray> gradients = entries.stream().map(e -> e.weight().getGradient()).toList();
        IValue list = list(gradients);
        gradients.forEach(NDArray::close);
        return list;
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
