// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.caadam.plugin.Samples;
import java.util.Arrays;

/**
 * Rows of features, preprocessed already.
 *
 * @param values the features, row-major
 * @param features the number of features
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier of bulk data, never compared.
public record TableSamples(float[] values, int features) implements Samples {

    /**
     * Checks that rows are whole.
     *
     * @throws IllegalArgumentException if they are not
     */
    public TableSamples {
        if (features < 1 || values.length % features != 0) {
            throw new IllegalArgumentException(
                    values.length + " values do not make rows of " + features + " features.");
        }
    }

    @Override
    public Shape sampleShape() {
        return new Shape(features);
    }

    @Override
    public int rows() {
        return values.length / features;
    }

    @Override
    public NDArray place(NDManager manager, int from, int to) {
        return manager.create(
                Arrays.copyOfRange(values, from * features, to * features),
                new Shape(to - from, features));
    }
}
