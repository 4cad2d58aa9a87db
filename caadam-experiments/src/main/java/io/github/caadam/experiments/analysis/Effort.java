// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What the way to a target is counted in.
 *
 * @since 0.1.0
 */
public enum Effort {
    /** Epochs, the first of which is 1. */
    EPOCHS,
    /** Seconds of training, of which all epochs of a run take the same share. */
    SECONDS;

    /**
     * Returns the word for it, which studies have under {@code against}.
     *
     * @return such as {@code epochs}
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Effort> byLabel(String label) {
        return Arrays.stream(values()).filter(one -> one.label().equals(label)).findFirst();
    }
}
