// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.initializer.Initializer;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * Glorot-uniform initial weights, Keras' default for dense and convolutional layers: uniform in
 * {@code ±√(6/(fan-in + fan-out))} (Glorot and Bengio, 2010). Drawn in Java, so that a seed gives
 * the same weights on every engine and device; successive calls continue one stream.
 */
public final class GlorotUniform implements Initializer {

    private final RandomGenerator random;

    /**
     * Creates an initializer.
     *
     * @param random where the weights are drawn from
     */
    public GlorotUniform(RandomGenerator random) {
        this.random = random;
    }

    /**
     * Draws a weight.
     *
     * @param manager the manager of the array
     * @param shape (units, inputs), as of {@link ai.djl.nn.core.Linear}'s weight, or (filters,
     *     channels, kernel …), as of a convolution's
     * @param dataType must be {@link DataType#FLOAT32}
     * @return the weights
     * @throws IllegalArgumentException if the rank is below 2 or the type another one
     */
    @Override
    public NDArray initialize(NDManager manager, Shape shape, DataType dataType) {
        Fans fans = Fans.of(shape, dataType);
        double limit = Math.sqrt(6.0 / (fans.in() + fans.out()));
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((2 * random.nextDouble() - 1) * limit);
        }
        return manager.create(values, shape);
    }
}
