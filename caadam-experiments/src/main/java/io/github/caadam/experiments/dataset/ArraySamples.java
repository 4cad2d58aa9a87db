// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.caadam.plugin.Samples;
import java.util.Arrays;

/**
 * Samples of any shape in single precision.
 *
 * @param values the samples one after the other, each row-major
 * @param sampleShape the shape of one sample
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier of bulk data, never compared.
record ArraySamples(float[] values, Shape sampleShape) implements Samples {

    ArraySamples {
        if (sampleShape.size() < 1 || values.length % sampleShape.size() != 0) {
            throw new IllegalArgumentException(
                    values.length + " values do not make samples of shape " + sampleShape + ".");
        }
    }

    private int width() {
        return Math.toIntExact(sampleShape.size());
    }

    @Override
    public int rows() {
        return values.length / width();
    }

    @Override
    public NDArray place(NDManager manager, int from, int to) {
        return manager.create(
                Arrays.copyOfRange(values, from * width(), to * width()),
                new Shape(to - from).addAll(sampleShape));
    }
}
