// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.scaling;

import ai.djl.ndarray.NDArray;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.util.Objects;

/** {@link ScalingStrategy#gradientAware}. */
record CustomGradientScaling(GradientAwareScaling formula) implements ScalingStrategy {

    CustomGradientScaling {
        Objects.requireNonNull(
                formula,
                "The formula is null; pass a function of a parameter, its network and its"
                        + " gradient.");
    }

    @Override
    public double factor(ParameterStructure parameter, NetworkStructure network) {
        return 1;
    }

    @Override
    public double factor(ParameterStructure parameter, NetworkStructure network, NDArray gradient) {
        return formula.factor(parameter, network, gradient);
    }

    @Override
    public boolean isGradientAware() {
        return true;
    }

    @Override
    public String toString() {
        return "gradientAware(" + formula.getClass().getName() + ")";
    }
}
