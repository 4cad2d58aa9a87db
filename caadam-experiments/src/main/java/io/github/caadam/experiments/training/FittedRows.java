// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.caadam.experiments.model.RandomStreams;
import io.github.caadam.plugin.DataSplit;
import java.util.Arrays;
import org.apache.commons.math3.random.RandomGenerator;

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

    /** Lays the rows out on a device. */
    static FittedRows of(DataSplit data, Protocol protocol, NDManager manager) {
        int all = protocol.usedRows(data.trainRows());
        int rows = count(data, protocol);
        float[] targets = data.trainTargets();
        if (protocol.validation().take() == Validation.Take.SHUFFLED) {
            return drawn(data, all, rows, manager);
        }
        return new FittedRows(
                data.trainSamples().place(manager, 0, rows),
                column(manager, Arrays.copyOf(targets, rows)),
                data.trainSamples().place(manager, rows, all),
                column(manager, Arrays.copyOfRange(targets, rows, all)));
    }

    /** Holds out rows that are drawn; each part keeps the order of the data. */
    private static FittedRows drawn(DataSplit data, int all, int rows, NDManager manager) {
        int[] order = new int[all];
        RandomGenerator random = RandomStreams.VALIDATION.of(0);
        for (int i = 0; i < all; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        int[] fitted = Arrays.copyOf(order, rows);
        int[] held = Arrays.copyOfRange(order, rows, all);
        Arrays.sort(fitted);
        Arrays.sort(held);
        try (NDArray samples = data.trainSamples().place(manager, 0, all)) {
            return new FittedRows(
                    samples.get(manager.create(fitted)),
                    column(manager, picked(data.trainTargets(), fitted)),
                    samples.get(manager.create(held)),
                    column(manager, picked(data.trainTargets(), held)));
        }
    }

    private static float[] picked(float[] targets, int[] rows) {
        float[] picked = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            picked[i] = targets[rows[i]];
        }
        return picked;
    }

    /**
     * Counts the rows to train on.
     *
     * @throws IllegalArgumentException if none are left, or the data hold out rows and the protocol
     *     does, too
     */
    static int count(DataSplit data, Protocol protocol) {
        boolean ofData = protocol.validation().take() == Validation.Take.DATA;
        if (ofData != data.validationRows() > 0) {
            throw new IllegalArgumentException(
                    ofData
                            ? "The data hold out no rows for validation; say in the protocol which"
                                    + " are, such as validation: {share: 0.2, take: shuffled}."
                            : "The data hold out rows for validation themselves; write validation:"
                                    + " data in the protocol.");
        }
        if (ofData && protocol.trainRows() > 0) {
            throw new IllegalArgumentException(
                    "The data hold out rows for validation themselves, so that train-rows cannot"
                            + " take the first ones only.");
        }
        int all = protocol.usedRows(data.trainRows());
        int rows = protocol.fittedRows(all, data.validationRows());
        if (rows < 1 || rows == all) {
            throw new IllegalArgumentException(
                    "Of "
                            + all
                            + " training rows, "
                            + rows
                            + " are left to train on and "
                            + (all - rows)
                            + " to validate; there must be 1 or more of each.");
        }
        return rows;
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
