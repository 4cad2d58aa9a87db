// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.scaling;

import ai.djl.ndarray.NDArray;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;

/**
 * A formula for the factor of a parameter that also looks at the gradient of the current step,
 * which the paper names as a further source of scaling ("gradient distributions", section 1).
 * {@link ScalingStrategy#gradientAware} makes a strategy of it:
 *
 * <pre>{@code
 * ScalingStrategy byNorm =
 *         ScalingStrategy.gradientAware(
 *                 (parameter, network, gradient) -> {
 *                     NDArray norm = gradient.norm().toType(DataType.FLOAT64, false);
 *                     return 1 / (1 + norm.getDouble());
 *                 });
 * }</pre>
 *
 * <p>The factor is computed anew at every update and usually reads a number from the device, so
 * expect slower steps on a GPU. Arrays that it makes are freed after the step. A gradient has the
 * number type of its weight, and no values where the parameter has none.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface GradientAwareScaling {

    /**
     * Computes the factor of a parameter at a step.
     *
     * @param parameter the parameter
     * @param network the network that it belongs to
     * @param gradient its gradient, rescaled and clipped, of the parameter's shape; neither to be
     *     changed nor closed
     * @return the factor {@code S}; finite, 0 or more
     */
    double factor(ParameterStructure parameter, NetworkStructure network, NDArray gradient);
}
