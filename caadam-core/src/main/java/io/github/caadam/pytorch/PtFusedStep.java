package io.github.caadam.pytorch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.jni.IValue;
import io.github.caadam.optimizer.UpdatePlan;
import io.github.caadam.training.FusedStep;
import io.github.caadam.training.NotFusableException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the steps of a plan by one call each of a generated program. */
final class PtFusedStep implements FusedStep {

    private final UpdatePlan plan;
    private final UpdateCode update;
    private final StepProgram program;
    private final Device device;
    private final boolean flushes;
    private final Map<String, ScriptModule> modules = new HashMap<>();
    private StepGroups groups;
    private StepNumbers numbers;
    private ScriptModule module;
    private StepArguments arguments;

    private PtFusedStep(UpdatePlan plan, boolean flushes) {
        this.plan = plan;
        this.flushes = flushes;
        update = UpdateCode.of(plan.settings());
        program = new StepProgram(update, plan.settings());
        device = device(plan);
    }

    private static Device device(UpdatePlan plan) {
        return plan.entries().get(0).weight().getDevice();
    }

    /**
     * Prepares the steps of a plan.
     *
     * @throws NotFusableException if a parameter or its gradient is sparse, or not contiguous
     */
    static PtFusedStep of(UpdatePlan plan) throws NotFusableException {
        return of(plan, DenormalCode.isNeeded(plan.settings(), device(plan)));
    }

    /** The same, and whether denormal moments are flushed is given. */
    static PtFusedStep of(UpdatePlan plan, boolean flushes) throws NotFusableException {
        for (UpdatePlan.Entry entry : plan.entries()) {
            requireDense(entry);
        }
        PtFusedStep step = new PtFusedStep(plan, flushes);
        step.arrange();
        try (IValue contiguous =
                step.module.run(StepProgram.CONTIGUOUS, step.arguments.contiguous())) {
            if (!contiguous.toBoolean()) {
                step.close();
                throw new NotFusableException("a parameter is not contiguous in memory");
            }
        }
        return step;
    }

    private static void requireDense(UpdatePlan.Entry entry) throws NotFusableException {
        MissingGradients.create(entry.weight());
        try (NDArray gradient = entry.weight().getGradient()) {
            if (entry.weight().isSparse() || gradient.isSparse()) {
                throw new NotFusableException("a parameter or its gradient is sparse");
            }
        }
    }

    @Override
    public void step() {
        if (!groups.hold()) {
            arrange();
        }
        try (IValue list = IValue.listFrom(numbers.next())) {
            module.run(StepProgram.STEP, list, arguments.step()).close();
        }
        plan.advance(1);
        if (flushes && DenormalCode.isDue(plan.entries().get(0).step())) {
            module.run(StepProgram.FLUSH, arguments.states()).close();
        }
    }

    private void arrange() {
        groups = StepGroups.of(plan, 1);
        List<StepGroups.Group> list = groups.groups();
        numbers = new StepNumbers(update, list);
        module =
                modules.computeIfAbsent(
                        program.write(list, numbers),
                        source -> ScriptModule.compile(source, device));
        if (arguments != null) {
            arguments.close();
        }
        arguments = new StepArguments(list, update.arrays());
    }

    @Override
    public void close() {
        arguments.close();
        modules.values().forEach(ScriptModule::close);
        modules.clear();
    }
}
