package io.github.caadam.optimizer;

import ai.djl.ndarray.NDArray;

/** {@link Algorithm#ADAMAX}. */
final class AdamaxRule {

    private AdamaxRule() {}

    static void apply(
            NDArray weight,
            NDArray gradient,
            ParameterState state,
            double rate,
            OptimizerSettings settings) {
        state.averageFirst(gradient, settings.beta1());
        NDArray norm = state.second();
        ParameterState.assign(norm, norm.mul(settings.beta2()).maximum(gradient.abs()));
        float stepSize = (float) (rate / (1.0 - Math.pow(settings.beta1(), state.step())));
        weight.subi(state.first().mul(stepSize).divi(norm.add(settings.epsilon())));
    }
}
