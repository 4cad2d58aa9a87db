// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import org.apache.commons.statistics.inference.FisherExactTest;

/**
 * Fisher's exact test of whether one side loses runs more often than the other (Fisher, Statistical
 * Methods for Research Workers, section 21.02, 1934).
 *
 * @since 0.1.0
 */
public final class FisherTest {

    private FisherTest() {}

    /**
     * Tests two shares.
     *
     * @param finished how many runs of the treatment finished, 0 or more
     * @param lost how many were lost
     * @param baselineFinished how many runs of the baseline finished
     * @param baselineLost how many were lost
     * @return the two-sided p-value, over all tables with these sums that are no more probable; NaN
     *     where no run was lost or none finished, or a side has no run
     */
    public static double p(int finished, int lost, int baselineFinished, int baselineLost) {
        boolean testable =
                lost + baselineLost > 0
                        && finished + baselineFinished > 0
                        && finished + lost > 0
                        && baselineFinished + baselineLost > 0;
        return testable
                ? FisherExactTest.withDefaults()
                        .test(new int[][] {{finished, lost}, {baselineFinished, baselineLost}})
                        .getPValue()
                : Double.NaN;
    }
}
