// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import io.github.caadam.experiments.results.RunRecord.EpochRecord;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/** The epochs of a run in one array, which takes half the memory of as many objects. Immutable. */
final class Epochs extends AbstractList<EpochRecord> implements RandomAccess {

    private static final int LOSS = 0;
    private static final int VALIDATION_LOSS = 1;
    private static final int LEARNING_RATE = 2;
    private static final int WIDTH = 3;

    private final double[] numbers;

    /** Null where no epoch has one. */
    private final Double[] monitored;

    private Epochs(List<EpochRecord> epochs) {
        numbers = new double[WIDTH * epochs.size()];
        Double[] metrics = new Double[epochs.size()];
        boolean any = false;
        int i = 0;
        for (EpochRecord epoch : epochs) {
            numbers[WIDTH * i + LOSS] = epoch.loss();
            numbers[WIDTH * i + VALIDATION_LOSS] = epoch.validationLoss();
            numbers[WIDTH * i + LEARNING_RATE] = epoch.learningRate();
            metrics[i] = epoch.monitored();
            any |= metrics[i] != null;
            i++;
        }
        monitored = any ? metrics : null;
    }

    /** Copies epochs, of which none is null. */
    static List<EpochRecord> copyOf(List<EpochRecord> epochs) {
        return epochs instanceof Epochs ? epochs : new Epochs(epochs);
    }

    @Override
    public EpochRecord get(int index) {
        int start = WIDTH * index;
        return new EpochRecord(
                numbers[start + LOSS],
                numbers[start + VALIDATION_LOSS],
                numbers[start + LEARNING_RATE],
                monitored == null ? null : monitored[index]);
    }

    @Override
    public int size() {
        return numbers.length / WIDTH;
    }
}
