// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.plugin;

import ai.djl.ndarray.types.Shape;
import java.util.Locale;
import java.util.Objects;

/**
 * What a network and a metric must know of data.
 *
 * @param task what the data ask of a network
 * @param sampleShape the shape of one sample, without the batch: (8) for eight features
 * @param outputs the units of the output layer: 1 for regression, else the number of classes
 * @param targets how the targets of a regression were standardised
 * @since 0.1.0
 */
public record DataSignature(Task task, Shape sampleShape, int outputs, TargetScale targets) {

    /**
     * Checks the number of outputs.
     *
     * @throws IllegalArgumentException if a regression has not one output, or a classification less
     *     than two
     */
    public DataSignature {
        Objects.requireNonNull(sampleShape, "sampleShape");
        Objects.requireNonNull(targets, "targets");
        if (task == Task.REGRESSION ? outputs != 1 : outputs < 2) {
            throw new IllegalArgumentException(
                    "A regression has 1 output and a classification 2 or more, found "
                            + outputs
                            + " for a "
                            + task.name().toLowerCase(Locale.ROOT)
                            + ".");
        }
    }
}
