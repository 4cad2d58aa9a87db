// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.scaling;

import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.util.Map;

/** {@link ScalingStrategy#additive(double)}. */
record AdditiveScaling(double gamma) implements ScalingStrategy {

    static final String NAME = "additive";

    AdditiveScaling {
        if (!(gamma >= 0 && gamma <= 1)) {
            throw new IllegalArgumentException(
                    "The gamma of additive scaling must be in [0, 1], found " + gamma + ".");
        }
    }

    @Override
    public double factor(ParameterStructure parameter, NetworkStructure network) {
        return 1 + gamma * MinMaxMedian.position(parameter, network);
    }

    @Override
    public Map<String, Object> describe() {
        return Descriptions.of(NAME, "gamma", gamma);
    }

    @Override
    public String toString() {
        return "additive(gamma=" + gamma + ")";
    }
}
