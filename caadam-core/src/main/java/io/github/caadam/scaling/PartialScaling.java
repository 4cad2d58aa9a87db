package io.github.caadam.scaling;

import ai.djl.ndarray.NDArray;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.util.Map;
import java.util.Objects;

/** {@link ScalingStrategy#weightsOnly()} and {@link ScalingStrategy#vectorsOnly()}. */
record PartialScaling(ScalingStrategy strategy, boolean weights) implements ScalingStrategy {

    static final String WEIGHTS_NAME = "weights-only";
    static final String VECTORS_NAME = "vectors-only";

    PartialScaling {
        Objects.requireNonNull(strategy, "strategy");
    }

    @Override
    public double factor(ParameterStructure parameter, NetworkStructure network) {
        return parameter.isWeight() == weights ? strategy.factor(parameter, network) : 1;
    }

    @Override
    public double factor(ParameterStructure parameter, NetworkStructure network, NDArray gradient) {
        return parameter.isWeight() == weights ? strategy.factor(parameter, network, gradient) : 1;
    }

    @Override
    public boolean isGradientAware() {
        return strategy.isGradientAware();
    }

    @Override
    public Map<String, Object> describe() {
        return Descriptions.of(weights ? WEIGHTS_NAME : VECTORS_NAME, "of", strategy.describe());
    }

    @Override
    public String toString() {
        return strategy + (weights ? " on weights only" : " on vectors only");
    }
}
