// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.caadam.plugin.DataSplit;
import java.util.Arrays;

/**
 * The training rows of a data set on a device, without those that are held out for validation, and
 * those.
 *
 * @param features the samples of the rows to train on (rows, sample shape)
 * @param targets their targets (rows, 1)
 * @param validationFeatures the samples of the validation rows
 * @param validationTargets their targets
 */
record FittedRows(
        NDArray features, NDArray targets, NDArray validationFeatures, NDArray validationTargets) {

    /** Lays the rows out on a device; the last ones are for validation. */
    static FittedRows of(DataSplit data, Protocol protocol, NDManager manager) {
        int all = protocol.usedRows(data.trainRows());
        int rows = protocol.fittedRows(all);
        float[] targets = data.trainTargets();
        return new FittedRows(
                data.trainSamples().place(manager, 0, rows),
                column(manager, Arrays.copyOf(targets, rows)),
                data.trainSamples().place(manager, rows, all),
                column(manager, Arrays.copyOfRange(targets, rows, all)));
    }

    /** Lays targets out on a device, one per row. */
    static NDArray column(NDManager manager, float[] targets) {
        return manager.create(targets, new Shape(targets.length, 1));
    }

    /** Returns the number of rows to train on. */
    int count() {
        return Math.toIntExact(features.getShape().get(0));
    }
}
