// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import io.github.caadam.experiments.analysis.Improvement;

/** What the corrected test says about a configuration against a baseline. */
public enum Verdict {
    /** Significantly better. */
    BETTER("better"),
    /** Significantly worse. */
    WORSE("worse"),
    /** No significant difference. */
    UNDECIDED("not significant"),
    /** There is no test. */
    UNTESTABLE("not testable"),
    /** A side lost too many runs. */
    LOST("too many runs lost");

    private final String label;

    Verdict(String label) {
        this.label = label;
    }

    /**
     * Judges a comparison.
     *
     * @param improvement the comparison
     * @return the verdict
     */
    public static Verdict of(Improvement improvement) {
        if (improvement.lostTooMany()) {
            return LOST;
        }
        if (Double.isNaN(improvement.holmP())) {
            return UNTESTABLE;
        }
        if (improvement.holmP() >= Improvement.LEVEL) {
            return UNDECIDED;
        }
        return improvement.gain() > 0 ? BETTER : WORSE;
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
