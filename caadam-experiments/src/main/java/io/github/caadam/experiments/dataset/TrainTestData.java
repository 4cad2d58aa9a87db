// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import ai.djl.ndarray.types.Shape;
import java.util.Objects;

/**
 * A data set in memory, split and preprocessed as its protocol asks: training rows (of which a
 * protocol may hold out the last part for validation) and test rows.
 *
 * @param trainSamples the training samples
 * @param trainTargets one target per training row: a number, or the index of a class from 0
 * @param testSamples the test samples
 * @param testTargets one target per test row
 * @param outputs the units of the output layer: 1 for regression, else the number of classes
 * @param digest SHA-256, in hex, of the values that the rows were made of; two loads with one
 *     digest hold identical data, whatever file format they were read from
 * @param source where the data came from, for a result's provenance
 * @param reservation what readers of results must know of the data, for captions; mostly empty
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier of bulk data, never compared.
public record TrainTestData(
        Samples trainSamples,
        float[] trainTargets,
        Samples testSamples,
        float[] testTargets,
        int outputs,
        String digest,
        String source,
        String reservation) {

    /**
     * Checks that samples and targets have the same number of rows.
     *
     * @throws IllegalArgumentException if they do not
     */
    public TrainTestData {
        Objects.requireNonNull(digest, "digest");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(reservation, "reservation");
        requireRows("training", trainSamples, trainTargets);
        requireRows("test", testSamples, testTargets);
    }

    private static void requireRows(String part, Samples samples, float[] targets) {
        if (samples.rows() != targets.length) {
            throw new IllegalArgumentException(
                    "The "
                            + part
                            + " part has "
                            + targets.length
                            + " targets but "
                            + samples.rows()
                            + " samples.");
        }
    }

    /**
     * Returns the shape of one sample, without the batch dimension.
     *
     * @return the shape, such as (8) for eight features
     */
    public Shape sampleShape() {
        return trainSamples.sampleShape();
    }

    /**
     * Returns the number of training rows, validation rows included.
     *
     * @return the number of training rows
     */
    public int trainRows() {
        return trainTargets.length;
    }

    /**
     * Returns the number of test rows.
     *
     * @return the number of test rows
     */
    public int testRows() {
        return testTargets.length;
    }
}
