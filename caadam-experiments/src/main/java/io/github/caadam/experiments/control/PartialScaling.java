// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.control;

import ai.djl.ndarray.NDArray;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.util.Map;
import java.util.Objects;

/**
 * A strategy's factors on a part of the parameters; see {@link FactorControl.Kind#WEIGHTS_ONLY} and
 * {@link FactorControl.Kind#VECTORS_ONLY}.
 */
record PartialScaling(ScalingStrategy strategy, boolean weights) implements ScalingStrategy {

    static final String WEIGHTS_NAME = "weights-only";
    static final String VECTORS_NAME = "vectors-only";

    PartialScaling {
        Objects.requireNonNull(strategy, "strategy");
        if (strategy.isWeightAware()) {
            throw new IllegalArgumentException(
                    strategy
                            + " gives learning rates, and cannot be for a part of the parameters:"
                            + " the others would step at 1.");
        }
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
