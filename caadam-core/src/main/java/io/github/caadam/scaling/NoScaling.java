// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.scaling;

import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.util.Map;

/** {@link ScalingStrategy#none()}. */
enum NoScaling implements ScalingStrategy {
    INSTANCE;

    static final String NAME = "none";

    @Override
    public double factor(ParameterStructure parameter, NetworkStructure network) {
        return 1;
    }

    @Override
    public Map<String, Object> describe() {
        return Descriptions.of(NAME);
    }

    @Override
    public String toString() {
        return NAME;
    }
}
