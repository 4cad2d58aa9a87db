// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.scaling;

import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.util.Map;

/** {@link ScalingStrategy#multiplicativeSigned(double)}. */
record MultiplicativeSignedScaling(double gamma) implements ScalingStrategy {

    static final String NAME = "multiplicative-signed";

    MultiplicativeSignedScaling {
        if (!(gamma > 0) || Double.isInfinite(gamma)) {
            throw new IllegalArgumentException(
                    "The gamma of signed multiplicative scaling must be a finite number above 0,"
                            + " found "
                            + gamma
                            + ".");
        }
    }

    @Override
    public double factor(ParameterStructure parameter, NetworkStructure network) {
        return StrictMath.pow(gamma, MinMaxMedian.position(parameter, network));
    }

    @Override
    public Map<String, Object> describe() {
        return Descriptions.of(NAME, "gamma", gamma);
    }

    @Override
    public String toString() {
        return "multiplicativeSigned(gamma=" + gamma + ")";
    }
}
