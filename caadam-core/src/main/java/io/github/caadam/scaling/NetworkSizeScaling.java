// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.scaling;

import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.util.Map;

/** {@link ScalingStrategy#networkSize(double)}. */
record NetworkSizeScaling(double referenceSize) implements ScalingStrategy {

    static final String NAME = "network-size";

    NetworkSizeScaling {
        if (!(referenceSize > 0) || Double.isInfinite(referenceSize)) {
            throw new IllegalArgumentException(
                    "The reference size of network-size scaling must be a finite number above 0,"
                            + " found "
                            + referenceSize
                            + ".");
        }
    }

    @Override
    public double factor(ParameterStructure parameter, NetworkStructure network) {
        return Math.sqrt(referenceSize / network.size());
    }

    @Override
    public Map<String, Object> describe() {
        return Descriptions.of(NAME, "referenceSize", referenceSize);
    }

    @Override
    public String toString() {
        return "networkSize(referenceSize=" + referenceSize + ")";
    }
}
