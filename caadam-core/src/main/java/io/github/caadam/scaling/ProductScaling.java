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
    public boolean isGradientAware() {
        return first.isGradientAware() || second.isGradientAware();
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
