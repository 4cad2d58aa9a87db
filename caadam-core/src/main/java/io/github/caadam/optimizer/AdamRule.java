package io.github.caadam.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/** {@link Algorithm#ADAM}: the engine's own kernel, and single operations for amsgrad. */
final class AdamRule {

    private AdamRule() {}

    static StepCoefficients coefficients(
            OptimizerSettings settings, BiasCorrections corrections, double rate, double decay) {
        return new StepCoefficients(
                rate * Math.sqrt(corrections.second()) / corrections.first(),
                0,
                settings.epsilonPlacement().nativeEpsilon(settings.epsilon(), corrections.second()),
                decay);
    }

    /**
     * Makes a step by the engine's kernel, which also applies the weight decay and zeroes the
     * gradient that the engine accumulates.
     *
     * @param unscaledRate the learning rate, which decoupled weight decay uses
     * @param decoupledDecay the decoupled weight decay of this parameter
     */
    static void applyKernel(
            NDArray weight,
            NDArray gradient,
            ParameterState state,
            float unscaledRate,
            float decoupledDecay,
            StepCoefficients coefficients,
            OptimizerSettings settings) {
        boolean decoupled = decoupledDecay != 0;
        weight.getNDArrayInternal()
                .adamUpdate(
                        new NDList(weight, gradient, state.first(), state.second()),
                        new NDList(weight),
                        unscaledRate,
                        (float) coefficients.moment(),
                        decoupled ? decoupledDecay : settings.weightDecay(),
                        1f,
                        -1f,
                        settings.beta1(),
                        settings.beta2(),
                        (float) coefficients.epsilon(),
                        true,
                        decoupled);
    }

    /** Makes a step of amsgrad by single operations. */
    static void applyAmsgrad(
            NDArray weight,
            NDArray gradient,
            ParameterState state,
            StepCoefficients coefficients,
            OptimizerSettings settings) {
        state.averageFirst(gradient, settings.beta1());
        state.averageSecond(gradient.square(), settings.beta2());
        NDArray max = state.maxSecondMoment();
        ParameterState.assign(max, max.maximum(state.second()));
        NDArray denominator = max.sqrt().addi((float) coefficients.epsilon());
        weight.subi(state.first().mul((float) coefficients.moment()).divi(denominator));
    }
}
