package io.github.caadam.experiments.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.initializer.Initializer;
import org.apache.commons.math3.random.MersenneTwister;

/**
 * Glorot-uniform initial weights, Keras' default for dense layers: uniform in {@code ±√(6/(fan-in +
 * fan-out))} (Glorot and Bengio, 2010). Drawn in Java, so that a seed gives the same weights on
 * every engine and device; successive calls continue one stream.
 */
public final class GlorotUniform implements Initializer {

    private final MersenneTwister random;

    /**
     * Creates an initializer.
     *
     * @param seed the seed of the stream
     */
    public GlorotUniform(int... seed) {
        random = new MersenneTwister(seed);
    }

    /**
     * Draws a weight matrix.
     *
     * @param manager the manager of the array
     * @param shape (units, inputs), as of {@link ai.djl.nn.core.Linear}'s weight
     * @param dataType must be {@link DataType#FLOAT32}
     * @return the weights
     * @throws IllegalArgumentException if the shape is not a matrix or the type another one
     */
    @Override
    public NDArray initialize(NDManager manager, Shape shape, DataType dataType) {
        if (shape.dimension() != 2 || dataType != DataType.FLOAT32) {
            throw new IllegalArgumentException(
                    "Glorot-uniform weights are drawn for float32 matrices, found "
                            + dataType
                            + " "
                            + shape
                            + ".");
        }
        double limit = Math.sqrt(6.0 / (shape.get(0) + shape.get(1)));
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((2 * random.nextDouble() - 1) * limit);
        }
        return manager.create(values, shape);
    }
}
