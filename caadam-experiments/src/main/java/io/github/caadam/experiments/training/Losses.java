// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import ai.djl.training.loss.Loss;
import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.Task;
import io.github.caadam.training.MeanSquaredError;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What is minimized. */
public enum Losses {
    /** {@link MeanSquaredError}. */
    MEAN_SQUARED_ERROR(Task.REGRESSION),
    /** {@link Loss#l1Loss()}, which is a mean. */
    MEAN_ABSOLUTE_ERROR(Task.REGRESSION),
    /** {@link Loss#softmaxCrossEntropyLoss()}. */
    SOFTMAX_CROSS_ENTROPY(Task.CLASSIFICATION);

    private final Task task;

    Losses(Task task) {
        this.task = task;
    }

    /**
     * Finds a loss.
     *
     * @param word its name, such as {@code mean-squared-error}
     * @return the loss
     * @throws IllegalArgumentException if there is none of that name; the message lists the names
     */
    public static Losses of(String word) {
        return Arrays.stream(values())
                .filter(one -> Option.word(one).equals(word))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "There is no loss \""
                                                + word
                                                + "\"; there are "
                                                + Arrays.stream(values())
                                                        .map(Option::word)
                                                        .collect(Collectors.joining(", "))
                                                + "."));
    }

    /** Returns the loss of a task where a protocol names none. */
    static Losses of(Task task) {
        return task == Task.REGRESSION ? MEAN_SQUARED_ERROR : SOFTMAX_CROSS_ENTROPY;
    }

    /**
     * Returns what the loss is for.
     *
     * @return the task
     */
    public Task task() {
        return task;
    }

    Loss newLoss() {
        return switch (this) {
            case MEAN_SQUARED_ERROR -> new MeanSquaredError();
            case MEAN_ABSOLUTE_ERROR -> Loss.l1Loss();
            case SOFTMAX_CROSS_ENTROPY -> Loss.softmaxCrossEntropyLoss();
        };
    }
}
