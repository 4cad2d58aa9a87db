// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.spi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import io.github.caadam.scaling.WeightFactor;
import java.util.List;
import java.util.Objects;

/**
 * What the learning rate of a parameter is multiplied by because of the weights of its layer: a
 * number that stays, or one that is computed of the weights before each step.
 *
 * @since 0.1.0
 */
public sealed interface RelativeRate {

    /** The rate as it is. */
    RelativeRate NONE = new Fixed(1);

    /**
     * A number that stays.
     *
     * @param value the number
     */
    record Fixed(double value) implements RelativeRate {}

    /**
     * A number that follows weights. Parameters whose rates follow the same weights in the same way
     * share one object, so that they step together.
     */
    final class Following implements RelativeRate {

        private final List<NDArray> weights;
        private final WeightFactor factor;

        /**
         * Creates it.
         *
         * @param weights the values that are followed, one array or more, on one device
         * @param factor how they are followed
         */
        public Following(List<NDArray> weights, WeightFactor factor) {
            this.weights = List.copyOf(weights);
            this.factor = Objects.requireNonNull(factor, "factor");
        }

        /**
         * Returns the values that are followed.
         *
         * @return the arrays
         */
        public List<NDArray> weights() {
            return weights;
        }

        /**
         * Returns how the number follows the Euclidean norm of the values, in place of their root
         * mean square.
         *
         * @return the factor of the norm
         */
        public WeightFactor ofNorm() {
            double root = Math.sqrt(size(weights));
            return new WeightFactor(factor.slope() / root, factor.floor(), factor.ceiling(), false);
        }
    }

    /**
     * Computes the root mean squares of some layers' weights as they are now.
     *
     * @param layers the weights of each layer, one array or more, all on one device
     * @return for each layer a number; infinite or not a number where a weight is
     */
    static double[] rootMeanSquares(List<List<NDArray>> layers) {
        double[] norms;
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDList all = new NDList();
            for (List<NDArray> layer : layers) {
                NDList ofLayer = new NDList();
                for (NDArray weight : layer) {
                    ofLayer.add(weight.stopGradient().norm().toType(DataType.FLOAT64, false));
                }
                all.add(NDArrays.stack(ofLayer).norm());
            }
            // One transfer from the device.
            norms = NDArrays.stack(all).toDoubleArray();
        }
        for (int i = 0; i < norms.length; i++) {
            norms[i] /= Math.sqrt(size(layers.get(i)));
        }
        return norms;
    }

    private static double size(List<NDArray> weights) {
        return weights.stream().mapToDouble(NDArray::size).sum();
    }
}
