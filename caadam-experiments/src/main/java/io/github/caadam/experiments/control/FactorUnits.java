// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.control;

import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import io.github.caadam.structure.StructureConvention;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a network's factors belong to, in forward order: its layers in the {@code PAPER} convention,
 * which counts per layer, its parameters in {@code REFERENCE}, which counts per variable.
 */
final class FactorUnits {

    private final NetworkStructure network;
    private final Map<String, ParameterStructure> firstParameters = new LinkedHashMap<>();

    private FactorUnits(NetworkStructure network) {
        this.network = network;
        for (ParameterStructure parameter : network.parameters()) {
            firstParameters.putIfAbsent(unitOf(parameter), parameter);
        }
    }

    static FactorUnits of(NetworkStructure network) {
        return new FactorUnits(network);
    }

    /**
     * Refuses a strategy whose factors change from step to step, of which one parameter's are known
     * at a time.
     *
     * @throws IllegalArgumentException if it is such a strategy
     */
    static void requireFixed(ScalingStrategy strategy, String how) {
        Objects.requireNonNull(strategy, "strategy");
        if (strategy.isGradientAware() || strategy.isWeightAware()) {
            throw new IllegalArgumentException(
                    "The factors of "
                            + strategy
                            + " depend on the current "
                            + (strategy.isWeightAware() ? "weights" : "gradient")
                            + " and cannot be "
                            + how
                            + " over the network.");
        }
    }

    /** Returns the factors of the units, each that of the unit's first parameter. */
    List<Double> factors(ScalingStrategy strategy) {
        return firstParameters.values().stream()
                .map(parameter -> strategy.factor(parameter, network))
                .toList();
    }

    /** Returns which unit a parameter is of. */
    int indexOf(ParameterStructure parameter) {
        return new ArrayList<>(firstParameters.keySet()).indexOf(unitOf(parameter));
    }

    private String unitOf(ParameterStructure parameter) {
        return network.convention() == StructureConvention.PAPER
                ? parameter.layer()
                : parameter.path();
    }
}
