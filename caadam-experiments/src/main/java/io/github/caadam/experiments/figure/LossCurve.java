// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.results.RunRecord;
import java.util.List;
import java.util.Objects;

/**
 * The losses of one run, epoch by epoch.
 *
 * @param problem what was trained on
 * @param configuration what trained
 * @param run the index of the run among those of its configuration, from 0
 * @param epochs the epochs, 1 or more, the first of them after one pass over the data
 */
public record LossCurve(Problem problem, Configuration configuration, int run, List<Epoch> epochs) {

    /**
     * One epoch.
     *
     * @param loss the mean training loss, finite
     * @param validationLoss the loss on the validation rows after it; NaN if unknown
     */
    public record Epoch(double loss, double validationLoss) {

        /** Checks the training loss. */
        public Epoch {
            if (!Double.isFinite(loss)) {
                throw new IllegalArgumentException(
                        "A loss must be a finite number, found " + loss + ".");
            }
        }
    }

    /** Copies the epochs and checks that there is one. */
    public LossCurve {
        Objects.requireNonNull(problem, "problem");
        Objects.requireNonNull(configuration, "configuration");
        epochs = List.copyOf(epochs);
        if (epochs.isEmpty()) {
            throw new IllegalArgumentException("A run has 1 or more epochs, found none.");
        }
    }

    /**
     * Returns the losses of a run.
     *
     * @param run a finished run
     * @return its losses
     * @throws IllegalArgumentException if it has no epochs, or a loss that is NaN or infinite
     */
    public static LossCurve of(RunRecord run) {
        return new LossCurve(
                new Problem(run.dataset(), run.architecture()),
                new Configuration(run.optimizer(), run.strategy()),
                run.run(),
                run.history().stream()
                        .map(epoch -> new Epoch(epoch.loss(), epoch.validationLoss()))
                        .toList());
    }
}
