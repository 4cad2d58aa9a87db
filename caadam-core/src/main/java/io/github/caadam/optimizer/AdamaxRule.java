package io.github.caadam.optimizer;

import ai.djl.ndarray.NDArray;

/** {@link Algorithm#ADAMAX}. */
final class AdamaxRule {

    private AdamaxRule() {}

    static StepCoefficients coefficients(
            OptimizerSettings settings, BiasCorrections corrections, double rate, double decay) {
        return new StepCoefficients(rate / corrections.first(), 0, settings.epsilon(), decay);
    }

    static void apply(
            NDArray weight,
            NDArray gradient,
            ParameterState state,
            StepCoefficients coefficients,
            OptimizerSettings settings) {
        state.averageFirst(gradient, settings.beta1());
        NDArray norm = state.second();
        ParameterState.assign(norm, norm.mul(settings.beta2()).maximum(gradient.abs()));
        NDArray denominator = norm.add((float) coefficients.epsilon());
        weight.subi(state.first().mul((float) coefficients.moment()).divi(denominator));
    }
}
