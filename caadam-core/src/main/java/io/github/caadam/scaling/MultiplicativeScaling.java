// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.scaling;

import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.util.Map;

/** {@link ScalingStrategy#multiplicative(double)}. */
record MultiplicativeScaling(double gamma) implements ScalingStrategy {

    static final String NAME = "multiplicative";

    MultiplicativeScaling {
        if (!(gamma > 0) || Double.isInfinite(gamma)) {
            throw new IllegalArgumentException(
                    "The gamma of multiplicative scaling must be a finite number above 0, found "
                            + gamma
                            + ".");
        }
    }

    @Override
    public double factor(ParameterStructure parameter, NetworkStructure network) {
        double sigma = Math.abs(MinMaxMedian.position(parameter, network));
        return StrictMath.exp(sigma * StrictMath.log(gamma));
    }

    @Override
    public Map<String, Object> describe() {
        return Descriptions.of(NAME, "gamma", gamma);
    }

    @Override
    public String toString() {
        return "multiplicative(gamma=" + gamma + ")";
    }
}
