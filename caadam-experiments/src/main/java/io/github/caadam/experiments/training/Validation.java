// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

/**
 * Which of the training rows are held out for validation.
 *
 * @param share their share, above 0 and below 1; of no meaning where the data themselves hold out
 * @param take which rows they are
 */
public record Validation(double share, Take take) {

    /** Which rows are held out. */
    public enum Take {
        /** The last ones. */
        LAST,
        /** A draw, the same for all runs. */
        SHUFFLED,
        /** Those that the data themselves hold out. */
        DATA
    }

    /** Where a study says nothing: a fifth, drawn. */
    public static final Validation DEFAULT = new Validation(0.2, Take.SHUFFLED);

    /** What the data themselves hold out. */
    public static final Validation OF_DATA = new Validation(0, Take.DATA);

    /**
     * Checks the share.
     *
     * @throws IllegalArgumentException if it is outside its range
     */
    public Validation {
        if (take != Take.DATA && !(share > 0 && share < 1)) {
            throw new IllegalArgumentException(
                    "The share of the validation rows must be above 0 and below 1, found "
                            + share
                            + ".");
        }
    }
}
