// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import java.util.Locale;
import java.util.function.Consumer;

/** Tells of epochs that take so long that one wonders whether the training still goes on. */
final class EpochLog {

    /** From how many seconds on an epoch is told of. */
    private static final double LONG = 10;

    private final String training;
    private final int maxEpochs;
    private final Consumer<String> out;

    /**
     * Creates a log.
     *
     * @param training what is trained
     * @param maxEpochs how many epochs there are at most
     * @param out where sentences go
     */
    EpochLog(String training, int maxEpochs, Consumer<String> out) {
        this.training = training;
        this.maxEpochs = maxEpochs;
        this.out = out;
    }

    /**
     * Tells of an epoch if it was long.
     *
     * @param number the number of the epoch, from 1
     * @param epoch what came out
     * @param seconds how long it took, validation included
     */
    void add(int number, TrainingResult.Epoch epoch, double seconds) {
        if (seconds >= LONG) {
            out.accept(
                    String.format(
                            Locale.ROOT,
                            "%s: epoch %d of at most %d took %.0f s, loss %.4g, validation loss"
                                    + " %.4g, learning rate %.3g",
                            training,
                            number,
                            maxEpochs,
                            seconds,
                            epoch.loss(),
                            epoch.validationLoss(),
                            epoch.learningRate()));
        }
    }
}
