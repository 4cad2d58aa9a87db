// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

/**
 * The tables of a study that can be given a title of their own.
 *
 * @since 0.1.0
 */
public enum TableKind {
    /** Means and standard deviations. */
    MEANS("means"),
    /** Differences from the baseline, with tests. */
    CONTRASTS("contrasts"),
    /** What a reader needs to judge these: intervals, corrected p-values, effect sizes. */
    EFFECTS("effects");

    private final String key;

    TableKind(String key) {
        this.key = key;
    }

    /**
     * Returns the key that studies give its title by.
     *
     * @return such as {@code means}
     */
    public String key() {
        return key;
    }
}
