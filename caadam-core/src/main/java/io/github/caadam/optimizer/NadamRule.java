package io.github.caadam.optimizer;

import ai.djl.ndarray.NDArray;

/** {@link Algorithm#NADAM}. */
final class NadamRule {

    private static final double SCHEDULE_DECAY = 0.96;

    private NadamRule() {}

    /** The whole fraction is multiplied by {@code √(1−β₂ᵗ)}, which leaves {@code √v} below it. */
    static StepCoefficients coefficients(
            OptimizerSettings settings,
            BiasCorrections corrections,
            ParameterState state,
            double rate,
            double decay) {
        int step = corrections.step();
        double momentum = momentum(settings, step);
        double nextMomentum = momentum(settings, step + 1);
        double product = state.momentumProduct(step, i -> momentum(settings, i));
        double correction = Math.sqrt(corrections.second());
        return new StepCoefficients(
                correction * rate * nextMomentum / (1 - product * nextMomentum),
                correction * rate * (1 - momentum) / (1 - product),
                correction * settings.epsilon(),
                decay);
    }

    static void apply(
            NDArray weight,
            NDArray gradient,
            ParameterState state,
            StepCoefficients coefficients,
            OptimizerSettings settings) {
        state.averageFirst(gradient, settings.beta1());
        state.averageSecond(gradient.square(), settings.beta2());
        NDArray numerator =
                state.first()
                        .mul((float) coefficients.moment())
                        .addi(gradient.mul((float) coefficients.gradient()));
        NDArray denominator = state.second().sqrt().addi((float) coefficients.epsilon());
        weight.subi(numerator.divi(denominator));
    }

    /** The momentum {@code μₜ}. */
    private static double momentum(OptimizerSettings settings, int step) {
        return settings.beta1() * (1 - 0.5 * Math.pow(SCHEDULE_DECAY, step));
    }
}
