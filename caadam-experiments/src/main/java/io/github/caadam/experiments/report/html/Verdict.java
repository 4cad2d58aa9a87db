// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import io.github.caadam.experiments.analysis.Improvement;

/** What the corrected test says about a configuration against Adam. */
enum Verdict {
    BETTER("better"),
    WORSE("worse"),
    UNDECIDED("not significant"),
    UNTESTABLE("not testable"),
    LOST("too many runs lost");

    private final String label;

    Verdict(String label) {
        this.label = label;
    }

    static Verdict of(Improvement improvement) {
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

    String label() {
        return label;
    }
}
