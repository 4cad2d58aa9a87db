package io.github.caadam.pytorch;

import io.github.caadam.optimizer.OptimizerSettings;
import io.github.caadam.optimizer.StepCoefficients;

/** How a program makes the steps of an optimizer. */
interface UpdateCode {

    /** How many numbers a step of a group depends on. */
    int NUMBERS = 4;

    /** Returns the code of an optimizer. */
    static UpdateCode of(OptimizerSettings settings) {
        return switch (settings.algorithm()) {
            case ADAM -> new AdamCode(settings);
            case ADAMAX -> new AdamaxCode(settings);
            case NADAM -> new NadamCode(settings);
        };
    }

    /**
     * Returns the numbers that a step of a group depends on, in the order of {@link
     * GroupNames#numbers}.
     *
     * @param coefficients the coefficients of the step
     */
    default double[] numbers(StepCoefficients coefficients) {
        return new double[] {
            coefficients.moment(),
            coefficients.gradient(),
            coefficients.epsilon(),
            coefficients.decay()
        };
    }

    /** Returns whether steps depend on the second of the {@link #numbers}. */
    default boolean usesGradient() {
        return false;
    }

    /** Returns how many arrays are kept for each parameter. */
    default int arrays() {
        return 2;
    }

    /**
     * Writes what steps share, before the first of them.
     *
     * @param out where to
     */
    default void writeBefore(SourceWriter out) {}

    /**
     * Writes a step of a group, whose gradients are rescaled and clipped already.
     *
     * @param out where to
     * @param group the names of what it works on
     */
    void write(SourceWriter out, GroupNames group);
}
