package io.github.caadam.training;

import io.github.caadam.optimizer.UpdatePlan;

/**
 * Makes {@link FusedStep}s for an engine. Found by {@link java.util.ServiceLoader}; users have
 * {@link FusedTrainer}.
 */
public interface StepFuser {

    /**
     * Returns the engine that this serves.
     *
     * @return its name, as {@link ai.djl.engine.Engine#getEngineName} gives it
     */
    String engineName();

    /**
     * Prepares the steps of a plan.
     *
     * @param plan the plan, of one parameter or more, all on one device and requiring a gradient
     * @return what makes the steps
     * @throws NotFusableException if the engine cannot make them in one call
     */
    FusedStep fuse(UpdatePlan plan) throws NotFusableException;
}
