// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.loss.Loss;

/**
 * Mean squared error, the mean over all elements of {@code (label − prediction)²}, without a
 * constant factor: twice what {@link Loss#l2Loss()} gives.
 *
 * <p>DJL's {@link ai.djl.training.loss.L2Loss} multiplies by its weight, even by 1. On CPU that
 * constant is a tensor over a Java buffer which DJL 0.36.0 lets go as soon as the multiplication
 * returns, while automatic differentiation still reads it in the backward pass: a garbage
 * collection in between scales a gradient by whatever then lies there. In trainings of 15,000 steps
 * that struck about one in fifty. No operation of this loss takes a Java number.
 *
 * @since 0.1.0
 */
public final class MeanSquaredError extends Loss {

    /** Creates the loss, under the name {@code MeanSquaredError}. */
    public MeanSquaredError() {
        super("MeanSquaredError");
    }

    /**
     * Computes the loss.
     *
     * @param labels one array, of as many elements as the prediction; it takes the prediction's
     *     shape
     * @param predictions one array
     * @return the loss, a scalar
     * @throws IndexOutOfBoundsException if either list does not hold exactly one array
     */
    @Override
    public NDArray evaluate(NDList labels, NDList predictions) {
        NDArray prediction = predictions.singletonOrThrow();
        return labels.singletonOrThrow()
                .reshape(prediction.getShape())
                .sub(prediction)
                .square()
                .mean();
    }
}
