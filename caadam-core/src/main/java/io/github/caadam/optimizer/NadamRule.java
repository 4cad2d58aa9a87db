package io.github.caadam.optimizer;

import ai.djl.ndarray.NDArray;

/** {@link Algorithm#NADAM}. */
final class NadamRule {

    private static final double SCHEDULE_DECAY = 0.96;

    private NadamRule() {}

    static void apply(
            NDArray weight,
            NDArray gradient,
            ParameterState state,
            double rate,
            OptimizerSettings settings) {
        int step = state.step();
        double momentum = momentum(settings, step);
        double nextMomentum = momentum(settings, step + 1);
        double product = state.multiplyMomentum(i -> momentum(settings, i));
        state.averageFirst(gradient, settings.beta1());
        state.averageSecond(gradient.square(), settings.beta2());
        float momentShare = (float) (rate * nextMomentum / (1 - product * nextMomentum));
        float gradientShare = (float) (rate * (1 - momentum) / (1 - product));
        double secondMomentCorrection = 1.0 - Math.pow(settings.beta2(), step);
        NDArray numerator = state.first().mul(momentShare).addi(gradient.mul(gradientShare));
        NDArray denominator =
                state.second()
                        .mul((float) (1 / secondMomentCorrection))
                        .sqrt()
                        .addi(settings.epsilon());
        weight.subi(numerator.divi(denominator));
    }

    /** The momentum {@code μₜ}. */
    private static double momentum(OptimizerSettings settings, int step) {
        return settings.beta1() * (1 - 0.5 * Math.pow(SCHEDULE_DECAY, step));
    }
}
