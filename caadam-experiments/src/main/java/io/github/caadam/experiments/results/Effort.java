// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the way to a target is counted in.
 *
 * @since 0.1.0
 */
public enum Effort {
    /** Epochs, the first of which is 1. */
    @JsonProperty("epochs")
    EPOCHS,
    /** Seconds of training, of which all epochs of a run take the same share. */
    @JsonProperty("seconds")
    SECONDS;

    /**
     * Returns the word for it, which studies have under {@code against}.
     *
     * @return such as {@code epochs}
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns all words.
     *
     * @return the labels
     */
    public static List<String> labels() {
        return Arrays.stream(values()).map(Effort::label).toList();
    }

    /**
     * Finds an effort.
     *
     * @param label the word for it
     * @return the effort; empty if there is none of that name
     */
    public static Optional<Effort> byLabel(String label) {
        return Arrays.stream(values()).filter(one -> one.label().equals(label)).findFirst();
    }
}
