package io.github.caadam.training;

/**
 * Makes the steps of an {@link io.github.caadam.optimizer.UpdatePlan} by calls of an engine that
 * update many parameters at once.
 */
public interface FusedStep extends AutoCloseable {

    /** Makes a step of all parameters from their gradients, zeroes these, and counts the step. */
    void step();

    /** Frees what the engine holds for the steps. Parameters and optimizer stay. */
    @Override
    void close();
}
