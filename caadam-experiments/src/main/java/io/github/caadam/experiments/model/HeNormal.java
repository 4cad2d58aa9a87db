// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.initializer.Initializer;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * He-normal initial weights as Keras draws them: normal with standard deviation {@code √(2/fan-in)}
 * (He et al., 2015), from a normal distribution that is cut at two of its standard deviations and
 * widened to make up for the cut. Drawn in Java, as {@link GlorotUniform}.
 */
public final class HeNormal implements Initializer {

    /** The standard deviation of a standard normal distribution cut at ±2, as Keras has it. */
    private static final double DEVIATION_OF_TRUNCATED = 0.8796256610342398;

    private final RandomGenerator random;

    /**
     * Creates an initializer.
     *
     * @param random where the weights are drawn from
     */
    public HeNormal(RandomGenerator random) {
        this.random = random;
    }

    /**
     * Draws a weight.
     *
     * @param manager the manager of the array
     * @param shape (units, inputs) or (filters, channels, kernel …)
     * @param dataType must be {@link DataType#FLOAT32}
     * @return the weights
     * @throws IllegalArgumentException if the rank is below 2 or the type another one
     */
    @Override
    public NDArray initialize(NDManager manager, Shape shape, DataType dataType) {
        double deviation = Math.sqrt(2.0 / Fans.of(shape, dataType).in()) / DEVIATION_OF_TRUNCATED;
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (truncatedGaussian() * deviation);
        }
        return manager.create(values, shape);
    }

    private double truncatedGaussian() {
        double value = random.nextGaussian();
        while (Math.abs(value) > 2) {
            value = random.nextGaussian();
        }
        return value;
    }
}
