// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.plugin;

import ai.djl.ndarray.types.Shape;
import java.util.Objects;

/**
 * Data in memory, preprocessed and split into training rows and test rows.
 *
 * @param signature what a network must know of the data
 * @param trainSamples the training samples; a protocol may hold out some for validation
 * @param trainTargets one target per training row: a number, or the index of a class from 0
 * @param validationRows how many of the training rows, from the last, the data themselves hold out
 *     for validation; 0 leaves that to the protocol
 * @param testSamples the test samples
 * @param testTargets one target per test row
 * @param digest SHA-256, in hex, of the values that the rows were made of and of how they were
 *     made; two loads with one digest hold identical data, whatever file format they were read from
 * @param source where the data came from, for a result's provenance
 * @param reservation what readers of results must know of the data, for captions; mostly empty
 * @since 0.1.0
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier of bulk data, never compared.
public record DataSplit(
        DataSignature signature,
        Samples trainSamples,
        float[] trainTargets,
        int validationRows,
        Samples testSamples,
        float[] testTargets,
        String digest,
        String source,
        String reservation) {

    /**
     * Checks that the parts belong together.
     *
     * @throws IllegalArgumentException if a part has not as many samples as targets, samples have
     *     not the signature's shape, or there are not more training rows than validation rows
     */
    public DataSplit {
        Objects.requireNonNull(digest, "digest");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(reservation, "reservation");
        requireRows("training", trainSamples, trainTargets, signature);
        requireRows("test", testSamples, testTargets, signature);
        if (validationRows < 0 || validationRows >= trainTargets.length) {
            throw new IllegalArgumentException(
                    "The validation rows must be 0 or more, and fewer than the "
                            + trainTargets.length
                            + " training rows, found "
                            + validationRows
                            + ".");
        }
    }

    private static void requireRows(
            String part, Samples samples, float[] targets, DataSignature signature) {
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
        if (!samples.sampleShape().equals(signature.sampleShape())) {
            throw new IllegalArgumentException(
                    "The samples of the "
                            + part
                            + " part have the shape "
                            + samples.sampleShape()
                            + ", not "
                            + signature.sampleShape()
                            + ".");
        }
    }

    /**
     * Returns the shape of one sample, without the batch dimension.
     *
     * @return the shape, such as (8) for eight features
     */
    public Shape sampleShape() {
        return signature.sampleShape();
    }

    /**
     * Returns the units of the output layer.
     *
     * @return 1 for regression, else the number of classes
     */
    public int outputs() {
        return signature.outputs();
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
