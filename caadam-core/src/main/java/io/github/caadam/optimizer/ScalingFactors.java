// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import ai.djl.ndarray.NDArray;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.util.HashMap;
import java.util.Map;

/** The factors of a network's parameters. */
final class ScalingFactors {

    private final ScalingStrategy scaling;
    private final NetworkStructure network;
    private final Map<String, Double> factors = new HashMap<>();

    /**
     * Computes all factors.
     *
     * @throws IllegalStateException if one is negative or not finite
     */
    ScalingFactors(ScalingStrategy scaling, NetworkStructure network) {
        this.scaling = scaling;
        this.network = network;
        for (ParameterStructure parameter : network.parameters()) {
            factors.put(parameter.id(), require(parameter, scaling.factor(parameter, network)));
        }
    }

    /** Returns the factor of a parameter of the network. */
    double factor(String parameterId) {
        return factors.get(parameterId);
    }

    /**
     * Returns the factor of a parameter, for a strategy that looks at gradients.
     *
     * @throws IllegalStateException if it is negative or not finite
     */
    double factor(String parameterId, NDArray gradient) {
        if (!scaling.isGradientAware()) {
            return factor(parameterId);
        }
        ParameterStructure parameter = network.parameter(parameterId).orElseThrow();
        return require(parameter, scaling.factor(parameter, network, gradient));
    }

    private double require(ParameterStructure parameter, double factor) {
        if (!(factor >= 0) || Double.isInfinite(factor)) {
            throw new IllegalStateException(
                    "The scaling "
                            + scaling
                            + " gave the factor "
                            + factor
                            + " for "
                            + parameter.path()
                            + "; factors must be finite and 0 or more.");
        }
        return factor;
    }
}
