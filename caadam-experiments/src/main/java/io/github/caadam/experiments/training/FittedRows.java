package io.github.caadam.experiments.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.caadam.experiments.dataset.TrainTestData;
import java.util.Arrays;

/**
 * The training rows of a data set on a device, without those that are held out for validation, and
 * those.
 *
 * @param features the features of the rows to train on (rows, features)
 * @param targets their targets (rows, 1)
 * @param validationFeatures the features of the validation rows
 * @param validationTargets their targets
 */
record FittedRows(
        NDArray features, NDArray targets, NDArray validationFeatures, NDArray validationTargets) {

    /** Copies the rows; the last ones are for validation. */
    static FittedRows of(TrainTestData data, Protocol protocol, NDManager manager) {
        int rows = protocol.fittedRows(data.trainRows());
        int width = Math.toIntExact(data.sampleShape().size());
        float[] features = data.trainFeatures();
        float[] targets = data.trainTargets();
        int validation = data.trainRows() - rows;
        return new FittedRows(
                matrix(manager, Arrays.copyOf(features, rows * width), rows),
                matrix(manager, Arrays.copyOf(targets, rows), rows),
                matrix(
                        manager,
                        Arrays.copyOfRange(features, rows * width, features.length),
                        validation),
                matrix(manager, Arrays.copyOfRange(targets, rows, data.trainRows()), validation));
    }

    static NDArray matrix(NDManager manager, float[] values, int rows) {
        return manager.create(values, new Shape(rows, values.length / rows));
    }

    /** Returns the number of rows to train on. */
    int count() {
        return Math.toIntExact(features.getShape().get(0));
    }
}
