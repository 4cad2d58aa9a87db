// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a training gave.
 *
 * @param diverged whether the loss became NaN or infinite, which ended the training; there are then
 *     no test metrics
 * @param metrics the metrics on the test rows by name; empty if diverged
 * @param seconds wall time of the training, without loading data and testing
 * @param epochs epochs trained
 * @param steps optimizer steps in all epochs
 * @param bestEpoch the epoch, counted from 0, whose weights were tested
 * @param history every epoch
 * @param execution how the epochs were executed
 */
public record TrainingResult(
        boolean diverged,
        Map<String, Double> metrics,
        double seconds,
        int epochs,
        long steps,
        int bestEpoch,
        List<Epoch> history,
        Execution execution) {

    /** Copies the collections. */
    public TrainingResult {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        history = List.copyOf(history);
    }

    /**
     * Returns a metric on the test rows.
     *
     * @param name its name
     * @return the value; NaN if diverged
     */
    public double metric(String name) {
        return metrics.getOrDefault(name, Double.NaN);
    }

    /**
     * One epoch.
     *
     * @param loss the mean training loss over its steps, weighted by rows
     * @param validationLoss the loss on the validation rows after it
     * @param learningRate the learning rate that its steps used, before scaling
     * @param monitored the metric on the validation rows that the protocol monitors; null where
     *     that is the validation loss
     */
    public record Epoch(
            double loss, double validationLoss, double learningRate, Double monitored) {}
}
