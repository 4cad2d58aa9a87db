package io.github.caadam.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/** {@link Algorithm#ADAM}: the engine's own kernel, and single operations for amsgrad. */
final class AdamRule {

    private AdamRule() {}

    /**
     * Makes a step by the engine's kernel, which also applies the weight decay and zeroes the
     * gradient that the engine accumulates.
     *
     * @param decoupledDecay the decoupled weight decay of this parameter, which uses the unscaled
     *     rate
     */
    static void applyKernel(
            NDArray weight,
            NDArray gradient,
            ParameterState state,
            float unscaledRate,
            float rate,
            float decoupledDecay,
            OptimizerSettings settings) {
        boolean decoupled = decoupledDecay != 0;
        weight.getNDArrayInternal()
                .adamUpdate(
                        new NDList(weight, gradient, state.first(), state.second()),
                        new NDList(weight),
                        unscaledRate,
                        stepSize(rate, state, settings),
                        decoupled ? decoupledDecay : settings.weightDecay(),
                        1f,
                        -1f,
                        settings.beta1(),
                        settings.beta2(),
                        epsilon(state, settings),
                        true,
                        decoupled);
    }

    /** Makes a step of amsgrad by single operations. */
    static void applyAmsgrad(
            NDArray weight,
            NDArray gradient,
            ParameterState state,
            double rate,
            OptimizerSettings settings) {
        state.averageFirst(gradient, settings.beta1());
        state.averageSecond(gradient.square(), settings.beta2());
        NDArray max = state.maxSecondMoment();
        ParameterState.assign(max, max.maximum(state.second()));
        NDArray denominator = max.sqrt().addi(epsilon(state, settings));
        weight.subi(state.first().mul(stepSize(rate, state, settings)).divi(denominator));
    }

    private static float stepSize(double rate, ParameterState state, OptimizerSettings settings) {
        return (float)
                (rate
                        * Math.sqrt(secondMomentCorrection(state, settings))
                        / (1.0 - Math.pow(settings.beta1(), state.step())));
    }

    private static float epsilon(ParameterState state, OptimizerSettings settings) {
        return (float)
                settings.epsilonPlacement()
                        .nativeEpsilon(settings.epsilon(), secondMomentCorrection(state, settings));
    }

    private static double secondMomentCorrection(ParameterState state, OptimizerSettings settings) {
        return 1.0 - Math.pow(settings.beta2(), state.step());
    }
}
