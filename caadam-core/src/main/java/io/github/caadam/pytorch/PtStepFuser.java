package io.github.caadam.pytorch;

import io.github.caadam.optimizer.UpdatePlan;
import io.github.caadam.training.FusedStep;
import io.github.caadam.training.NotFusableException;
import io.github.caadam.training.StepFuser;

/** Fuses steps for DJL's PyTorch engine. */
public final class PtStepFuser implements StepFuser {

    static final String ENGINE = "PyTorch";

    /** Creates the fuser. */
    public PtStepFuser() {}

    @Override
    public String engineName() {
        return ENGINE;
    }

    @Override
    public FusedStep fuse(UpdatePlan plan) throws NotFusableException {
        return PtFusedStep.of(plan);
    }
}
