// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

/**
 * The budget of what is tuned.
 *
 * @param seeds the number of seeds that each candidate is tried with, 1 or more; the study's own
 *     runs have fresh ones
 */
public record Tuning(int seeds) {

    /**
     * Checks the budget.
     *
     * @throws IllegalArgumentException if there is no seed
     */
    public Tuning {
        if (seeds < 1) {
            throw new IllegalArgumentException(
                    "Tuning needs 1 or more seeds, found " + seeds + ".");
        }
    }
}
