// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.scaling;

import ai.djl.ndarray.NDArray;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.util.Map;
import java.util.Objects;

/** {@link ScalingStrategy#bounded(double, double)}. */
record BoundedScaling(ScalingStrategy strategy, double floor, double ceiling)
        implements ScalingStrategy {

    static final String NAME = "bounded";

    BoundedScaling {
        Objects.requireNonNull(strategy, "strategy");
        if (!(floor >= 0 && ceiling >= floor && Double.isFinite(ceiling))) {
            throw new IllegalArgumentException(
                    "The bounds of a factor must be finite with 0 <= floor <= ceiling, found "
                            + floor
                            + " and "
                            + ceiling
                            + ".");
        }
    }

    @Override
    public double factor(ParameterStructure parameter, NetworkStructure network) {
        return bound(strategy.factor(parameter, network));
    }

    @Override
    public double factor(ParameterStructure parameter, NetworkStructure network, NDArray gradient) {
        return bound(strategy.factor(parameter, network, gradient));
    }

    private double bound(double factor) {
        return Math.max(floor, Math.min(ceiling, factor));
    }

    @Override
    public WeightFactor weightFactor(ParameterStructure parameter, NetworkStructure network) {
        return strategy.weightFactor(parameter, network).bounded(floor, ceiling);
    }

    @Override
    public boolean isGradientAware() {
        return strategy.isGradientAware();
    }

    @Override
    public boolean isWeightAware() {
        return strategy.isWeightAware();
    }

    @Override
    public Map<String, Object> describe() {
        return Descriptions.of(NAME, "of", strategy.describe(), "floor", floor, "ceiling", ceiling);
    }

    @Override
    public String toString() {
        return strategy + " in [" + floor + ", " + ceiling + "]";
    }
}
