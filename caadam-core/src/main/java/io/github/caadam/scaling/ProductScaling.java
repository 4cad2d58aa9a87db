// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.scaling;

import ai.djl.ndarray.NDArray;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.util.Map;
import java.util.Objects;

/** {@link ScalingStrategy#times(ScalingStrategy)}. */
record ProductScaling(ScalingStrategy first, ScalingStrategy second) implements ScalingStrategy {

    static final String NAME = "product";

    ProductScaling {
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(
                second,
                "The strategy to multiply by is null; ScalingStrategy.none() changes no factor.");
        if (first.isWeightAware() && second.isWeightAware()) {
            throw new IllegalArgumentException(
                    "Both "
                            + first
                            + " and "
                            + second
                            + " follow the weights, so that their product would be no step relative"
                            + " to them; use one of them.");
        }
        if (isMixed(first, second) || isMixed(second, first)) {
            throw new IllegalArgumentException(
                    "Of "
                            + first
                            + " and "
                            + second
                            + " one follows the weights and one the gradients; use one of them.");
        }
    }

    private static boolean isMixed(ScalingStrategy one, ScalingStrategy other) {
        return one.isWeightAware() && other.isGradientAware();
    }

    @Override
    public double factor(ParameterStructure parameter, NetworkStructure network) {
        return first.factor(parameter, network) * second.factor(parameter, network);
    }

    @Override
    public double factor(ParameterStructure parameter, NetworkStructure network, NDArray gradient) {
        return first.factor(parameter, network, gradient)
                * second.factor(parameter, network, gradient);
    }

    @Override
    public WeightFactor weightFactor(ParameterStructure parameter, NetworkStructure network) {
        return first.isWeightAware()
                ? first.weightFactor(parameter, network).times(second.factor(parameter, network))
                : second.weightFactor(parameter, network).times(first.factor(parameter, network));
    }

    @Override
    public boolean isGradientAware() {
        return first.isGradientAware() || second.isGradientAware();
    }

    @Override
    public boolean isWeightAware() {
        return first.isWeightAware() || second.isWeightAware();
    }

    @Override
    public Map<String, Object> describe() {
        return Descriptions.of(NAME, "first", first.describe(), "second", second.describe());
    }

    @Override
    public String toString() {
        return first + " * " + second;
    }
}
