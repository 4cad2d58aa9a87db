// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.jni.IValue;
import io.github.caadam.spi.FusedStep;
import io.github.caadam.spi.NotAcceleratedException;
import io.github.caadam.spi.UpdatePlan;
import java.util.List;

/** Makes the steps of a plan by one call each of a generated program. */
final class PtFusedStep implements FusedStep {

    private final UpdatePlan plan;
    private final Device device;
    private final boolean flushes;
    private final LatestFew<List<GroupKind>, Compiled> compiled =
            new LatestFew<>(program -> program.module().close());
    private StepGroups groups;
    private Compiled current;
    private StepArguments arguments;

    /**
     * A program for groups.
     *
     * @param program the program
     * @param module what the engine made of it
     */
    private record Compiled(StepProgram program, ScriptModule module) {}

    private PtFusedStep(UpdatePlan plan, boolean flushes) {
        this.plan = plan;
        this.flushes = flushes;
        device = device(plan);
    }

    private static Device device(UpdatePlan plan) {
        return plan.entries().get(0).weight().getDevice();
    }

    /**
     * Prepares the steps of a plan.
     *
     * @throws NotAcceleratedException if a parameter or its gradient is sparse, or not contiguous;
     *     or if the engine computes something else than the rule says
     */
    static PtFusedStep of(UpdatePlan plan) throws NotAcceleratedException {
        return of(plan, DenormalCode.isNeeded(plan.recipe(), device(plan)));
    }

    /** The same, and whether denormal numbers are flushed is given. */
    static PtFusedStep of(UpdatePlan plan, boolean flushes) throws NotAcceleratedException {
        for (UpdatePlan.Entry entry : plan.entries()) {
            requireDense(entry);
        }
        RuleCheck.check(plan);
        PtFusedStep step = new PtFusedStep(plan, flushes);
        try {
            // A batch that makes no step asks for no rate, which it may be that nobody needs.
            step.arrange(plan.isStep(1) ? plan.rates(1) : new float[plan.entries().size()]);
            step.requireContiguous();
            return step;
        } catch (NotAcceleratedException | RuntimeException | LinkageError e) {
            step.close();
            throw e;
        }
    }

    private static void requireDense(UpdatePlan.Entry entry) throws NotAcceleratedException {
        MissingGradients.create(entry.weight());
        try (NDArray gradient = entry.weight().getGradient()) {
            if (entry.weight().isSparse() || gradient.isSparse()) {
                throw new NotAcceleratedException(
                        "parameters", "a parameter or its gradient is sparse");
            }
        }
    }

    private void requireContiguous() throws NotAcceleratedException {
        try (IValue contiguous =
                current.module().run(StepProgram.CONTIGUOUS, arguments.contiguous())) {
            if (!contiguous.toBoolean()) {
                throw new NotAcceleratedException(
                        "parameters", "a parameter is not contiguous in memory");
            }
        }
    }

    @Override
    public void step() throws NotAcceleratedException {
        if (!plan.isStep(1)) {
            current.module().run(StepProgram.ACCUMULATE, arguments.step()).close();
            plan.advance(1);
            return;
        }
        float[] rates = plan.rates(1);
        if (!groups.hold(rates)) {
            PtAccelerator.prepare("optimizer", () -> arrange(rates));
        }
        double[] numbers = new double[current.program().numbers().size()];
        current.program()
                .numbers()
                .fill(groups.numbers(rates, 1), plan.networkStep(1, rates), numbers, 0);
        try (IValue list = IValue.listFrom(numbers)) {
            current.module().run(StepProgram.STEP, list, arguments.step()).close();
        }
        plan.advance(1);
        if (flushes && DenormalCode.isDue(plan.entries().get(0).step())) {
            current.module().run(StepProgram.FLUSH, arguments.states()).close();
        }
    }

    private StepGroups arrange(float[] rates) {
        StepGroups arranged = StepGroups.of(plan, rates);
        List<GroupKind> kinds = arranged.groups().stream().map(StepGroups.Group::kind).toList();
        Compiled program = compiled.get(kinds);
        if (program == null) {
            StepProgram written = new StepProgram(plan.recipe(), kinds);
            program = new Compiled(written, ScriptModule.compile(written.source(), device));
            compiled.put(kinds, program);
        }
        if (arguments != null) {
            arguments.close();
        }
        List<StepArguments.GroupArrays> arrays =
                arranged.groups().stream().map(PtFusedStep::arrays).toList();
        arguments = new StepArguments(arrays, plan.networkNumbers(), device);
        arrays.forEach(group -> group.gradients().forEach(NDArray::close));
        groups = arranged;
        current = program;
        return groups;
    }

    private static StepArguments.GroupArrays arrays(StepGroups.Group group) {
        List<UpdatePlan.Entry> members = group.members();
        return new StepArguments.GroupArrays(
                members.stream().map(UpdatePlan.Entry::weight).toList(),
                members.stream().map(entry -> entry.weight().getGradient()).toList(),
                members.stream().map(entry -> entry.slots().arrays()).toList(),
                group.followed());
    }

    @Override
    public void close() {
        if (arguments != null) {
            arguments.close();
            arguments = null;
        }
        compiled.close();
    }
}
