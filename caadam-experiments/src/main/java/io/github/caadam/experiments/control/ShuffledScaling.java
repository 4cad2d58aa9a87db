// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.control;

import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** A strategy's factors in another order; see {@link FactorControl.Kind#SHUFFLED}. */
record ShuffledScaling(ScalingStrategy strategy, int seed) implements ScalingStrategy {

    static final String NAME = "shuffled";

    ShuffledScaling {
        FactorUnits.requireFixed(strategy, NAME);
    }

    @Override
    public double factor(ParameterStructure parameter, NetworkStructure network) {
        FactorUnits units = FactorUnits.of(network);
        return shuffle(units.factors(strategy)).get(units.indexOf(parameter));
    }

    /** Shuffles until the order is another one, which equal factors alone do not have. */
    private List<Double> shuffle(List<Double> factors) {
        List<Double> shuffled = new ArrayList<>(factors);
        if (Set.copyOf(factors).size() > 1) {
            Random random = new Random(seed);
            do {
                Collections.shuffle(shuffled, random);
            } while (shuffled.equals(factors));
        }
        return shuffled;
    }

    @Override
    public Map<String, Object> describe() {
        return Descriptions.of(NAME, "of", strategy.describe(), "seed", seed);
    }

    @Override
    public String toString() {
        return strategy + " shuffled(seed=" + seed + ")";
    }
}
