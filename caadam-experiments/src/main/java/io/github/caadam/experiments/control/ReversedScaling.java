// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.control;

import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.util.List;
import java.util.Map;

/** A strategy's factors from back to front; see {@link FactorControl.Kind#REVERSED}. */
record ReversedScaling(ScalingStrategy strategy) implements ScalingStrategy {

    static final String NAME = "reversed";

    ReversedScaling {
        FactorUnits.requireFixed(strategy, NAME);
    }

    @Override
    public double factor(ParameterStructure parameter, NetworkStructure network) {
        FactorUnits units = FactorUnits.of(network);
        List<Double> factors = units.factors(strategy);
        return factors.get(factors.size() - 1 - units.indexOf(parameter));
    }

    @Override
    public Map<String, Object> describe() {
        return Descriptions.of(NAME, "of", strategy.describe());
    }

    @Override
    public String toString() {
        return strategy + " reversed";
    }
}
