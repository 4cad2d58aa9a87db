// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.control;

import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.util.Map;

/** The mean of a strategy's factors for all; see {@link FactorControl.Kind#AVERAGED}. */
record AveragedScaling(ScalingStrategy strategy) implements ScalingStrategy {

    static final String NAME = "averaged";

    AveragedScaling {
        FactorUnits.requireFixed(strategy, NAME);
    }

    @Override
    public double factor(ParameterStructure parameter, NetworkStructure network) {
        double sum = 0;
        for (ParameterStructure each : network.parameters()) {
            sum += each.size() * strategy.factor(each, network);
        }
        return sum / network.size();
    }

    @Override
    public Map<String, Object> describe() {
        return Descriptions.of(NAME, "of", strategy.describe());
    }

    @Override
    public String toString() {
        return strategy + " averaged";
    }
}
