package io.github.caadam.optimizer;

/**
 * What the zeros that moments start from leave of them after a number of steps. Parameters mostly
 * are at the same step, so that the powers are computed once for all of them.
 *
 * @param step the number of the step, {@code t}
 * @param first {@code 1−β₁ᵗ}
 * @param second {@code 1−β₂ᵗ}
 */
record BiasCorrections(int step, double first, double second) {

    static BiasCorrections of(OptimizerSettings settings, int step) {
        return new BiasCorrections(
                step,
                1.0 - Math.pow(settings.beta1(), step),
                1.0 - Math.pow(settings.beta2(), step));
    }
}
