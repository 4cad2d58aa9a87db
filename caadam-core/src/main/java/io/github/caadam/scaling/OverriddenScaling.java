// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.scaling;

import ai.djl.ndarray.NDArray;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** {@link ScalingStrategy#overriding(String, double)}. */
final class OverriddenScaling implements ScalingStrategy {

    static final String NAME = "overridden";

    private final ScalingStrategy strategy;
    private final Pattern pathPattern;
    private final double factor;

    OverriddenScaling(ScalingStrategy strategy, String pathPattern, double factor) {
        this.strategy = Objects.requireNonNull(strategy, "strategy");
        Objects.requireNonNull(
                pathPattern,
                "The pattern is null; pass a regular expression such as \"_bias$\", which is found"
                        + " in the paths of parameters.");
        this.pathPattern = Pattern.compile(pathPattern);
        this.factor = factor;
        if (!(factor >= 0) || Double.isInfinite(factor)) {
            throw new IllegalArgumentException(
                    "The factor of "
                            + pathPattern
                            + " must be a finite number, 0 or more, found "
                            + factor
                            + ".");
        }
    }

    @Override
    public double factor(ParameterStructure parameter, NetworkStructure network) {
        return isOverridden(parameter) ? factor : strategy.factor(parameter, network);
    }

    @Override
    public double factor(ParameterStructure parameter, NetworkStructure network, NDArray gradient) {
        return isOverridden(parameter) ? factor : strategy.factor(parameter, network, gradient);
    }

    @Override
    public WeightFactor weightFactor(ParameterStructure parameter, NetworkStructure network) {
        return isOverridden(parameter)
                ? WeightFactor.constant(factor)
                : strategy.weightFactor(parameter, network);
    }

    private boolean isOverridden(ParameterStructure parameter) {
        return pathPattern.matcher(parameter.path()).find();
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
        return Descriptions.of(
                NAME,
                "of",
                strategy.describe(),
                "pathPattern",
                pathPattern.pattern(),
                "factor",
                factor);
    }

    @Override
    public String toString() {
        return strategy + " but " + factor + " for /" + pathPattern + "/";
    }
}
