// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

/**
 * What can be said of a configuration against a baseline. Each is said of a whole family: of its
 * contrasts at most one in twenty families has one that is called better or worse by chance, and at
 * most one in twenty one that is called equivalent, or within the margin, and is not.
 *
 * @since 0.1.0
 */
public enum Verdict {
    /** It is better. */
    BETTER("better"),
    /** It is better, but by less than the margin. */
    BETTER_WITHIN("better, within the margin"),
    /** It is worse. */
    WORSE("worse"),
    /** It is worse, but by less than the margin. */
    WORSE_WITHIN("worse, within the margin"),
    /** It differs by less than the margin, if at all. */
    EQUIVALENT("equivalent"),
    /** The runs do not say. */
    UNDECIDED("undecided"),
    /** There is no test. */
    UNTESTABLE("not testable"),
    /** A side lost more than 10 % of its runs. */
    LOST("too many runs lost");

    private final String label;

    Verdict(String label) {
        this.label = label;
    }

    /**
     * Decides.
     *
     * @param gain the gain, positive if better
     * @param holmP the corrected p-value of no difference; NaN where there is no test
     * @param equivalenceHolmP that of a difference of the margin or more; NaN where there is none
     */
    static Verdict of(double gain, double holmP, double equivalenceHolmP) {
        if (Double.isNaN(holmP)) {
            return UNTESTABLE;
        }
        boolean within = equivalenceHolmP < Improvement.LEVEL;
        if (holmP >= Improvement.LEVEL) {
            return within ? EQUIVALENT : UNDECIDED;
        }
        if (gain > 0) {
            return within ? BETTER_WITHIN : BETTER;
        }
        return within ? WORSE_WITHIN : WORSE;
    }

    /**
     * Returns the verdict to print.
     *
     * @return a few words
     */
    public String label() {
        return label;
    }
}
