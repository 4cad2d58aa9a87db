package io.github.caadam.experiments.dataset;

import ai.djl.ndarray.types.Shape;
import java.util.Objects;

/**
 * A data set in memory, split and preprocessed as its protocol asks: training rows (of which a
 * protocol may hold out the last part for validation) and test rows.
 *
 * @param sampleShape the shape of one sample, without the batch dimension: {@code (8)} for eight
 *     features
 * @param trainFeatures training samples, row-major, {@code trainRows × sampleShape.size()}
 * @param trainTargets one target per training row
 * @param testFeatures test samples, row-major, {@code testRows × sampleShape.size()}
 * @param testTargets one target per test row
 * @param digest SHA-256, in hex, of the values that the rows were made of; two loads with one
 *     digest hold identical data, whatever file format they were read from
 * @param source where the data came from, for a result's provenance
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier of bulk data, never compared.
public record TrainTestData(
        Shape sampleShape,
        float[] trainFeatures,
        float[] trainTargets,
        float[] testFeatures,
        float[] testTargets,
        String digest,
        String source) {

    /**
     * Checks that features and targets have the same number of rows.
     *
     * @throws IllegalArgumentException if they do not
     */
    public TrainTestData {
        Objects.requireNonNull(digest, "digest");
        Objects.requireNonNull(source, "source");
        requireRows("training", sampleShape, trainFeatures, trainTargets);
        requireRows("test", sampleShape, testFeatures, testTargets);
    }

    private static void requireRows(String part, Shape shape, float[] features, float[] targets) {
        if (features.length != shape.size() * targets.length) {
            throw new IllegalArgumentException(
                    "The "
                            + part
                            + " part has "
                            + targets.length
                            + " targets but "
                            + features.length
                            + " feature values; expected "
                            + shape.size()
                            + " per row.");
        }
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
