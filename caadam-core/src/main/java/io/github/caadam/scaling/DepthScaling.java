// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.scaling;

import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.util.Map;

/** {@link ScalingStrategy#depth(double)}. */
record DepthScaling(double gamma) implements ScalingStrategy {

    static final String NAME = "depth";

    DepthScaling {
        if (!(gamma > -1) || Double.isInfinite(gamma)) {
            throw new IllegalArgumentException(
                    "The gamma of depth scaling must be a finite number above -1, found "
                            + gamma
                            + ".");
        }
    }

    @Override
    public double factor(ParameterStructure parameter, NetworkStructure network) {
        double totalDepth = network.totalDepth();
        return StrictMath.pow(1 + gamma, (totalDepth - (1 + parameter.depth())) / totalDepth);
    }

    @Override
    public Map<String, Object> describe() {
        return Descriptions.of(NAME, "gamma", gamma);
    }

    @Override
    public String toString() {
        return "depth(gamma=" + gamma + ")";
    }
}
