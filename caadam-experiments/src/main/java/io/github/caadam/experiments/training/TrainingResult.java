// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import java.util.List;

/**
 * What a training gave.
 *
 * @param diverged whether the loss became NaN or infinite, which ended the training; there are then
 *     no test metrics
 * @param metric what the value is: {@code rmse} or {@code accuracy}
 * @param value the metric on the test rows, NaN if diverged
 * @param secondary mean absolute error on the test rows, or the loss where the value is an
 *     accuracy; NaN if diverged
 * @param seconds wall time of the training, without loading data and testing
 * @param epochs epochs trained
 * @param steps optimizer steps in all epochs
 * @param bestEpoch the epoch, counted from 0, whose weights were tested
 * @param history every epoch
 * @param execution how the epochs were executed
 */
public record TrainingResult(
        boolean diverged,
        String metric,
        double value,
        double secondary,
        double seconds,
        int epochs,
        long steps,
        int bestEpoch,
        List<Epoch> history,
        Execution execution) {

    /** Copies the history. */
    public TrainingResult {
        history = List.copyOf(history);
    }

    /**
     * One epoch.
     *
     * @param loss the mean training loss over its steps, weighted by rows
     * @param validationLoss the loss on the validation rows after it
     * @param learningRate the learning rate that its steps used, before scaling
     */
    public record Epoch(double loss, double validationLoss, double learningRate) {}
}
