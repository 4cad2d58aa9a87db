// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.scaling;

import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@link ScalingStrategy#fanIn(double)}. */
record FanInScaling(double power) implements ScalingStrategy {

    static final String NAME = "fan-in";

    FanInScaling {
        if (!Double.isFinite(power)) {
            throw new IllegalArgumentException(
                    "The power of fan-in scaling must be a finite number, found " + power + ".");
        }
    }

    @Override
    public double factor(ParameterStructure parameter, NetworkStructure network) {
        Map<String, Long> fanInOfLayer = new LinkedHashMap<>();
        for (ParameterStructure each : network.parameters()) {
            fanInOfLayer.putIfAbsent(each.layer(), each.fanIn());
        }
        double meanLog =
                fanInOfLayer.values().stream().mapToDouble(StrictMath::log).average().orElseThrow();
        return StrictMath.exp(power * (meanLog - StrictMath.log((double) parameter.fanIn())));
    }

    @Override
    public Map<String, Object> describe() {
        return Descriptions.of(NAME, "power", power);
    }

    @Override
    public String toString() {
        return "fanIn(power=" + power + ")";
    }
}
