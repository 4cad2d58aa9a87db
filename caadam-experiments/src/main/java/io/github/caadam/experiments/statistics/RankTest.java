// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import org.apache.commons.statistics.inference.MannWhitneyUTest;

/**
 * The test of Mann and Whitney, which looks at the order of runs only, so that a run that was lost
 * can take part as worse than any other.
 *
 * @param probability the probability that a run of the treatment is better than one of the baseline
 *     (Agarwal and others, Deep reinforcement learning at the edge of the statistical precipice,
 *     NeurIPS 2021, section 4.3), estimated by the share of all pairs of runs in which it is, ties
 *     counting one half; from 0 to 1
 * @param p the two-sided p-value: exact without ties and with up to 50 runs, else by the normal
 *     approximation with corrections for ties and continuity; NaN where all values are the same
 * @since 0.1.0
 */
public record RankTest(double probability, double p) {

    /**
     * Tests two samples.
     *
     * @param treatment the treatment; infinite values are those of lost runs
     * @param baseline the baseline
     * @param lowerIsBetter whether a lower value is better
     * @return the test
     */
    public static RankTest of(Sample treatment, Sample baseline, boolean lowerIsBetter) {
        Sample better = lowerIsBetter ? baseline : treatment;
        Sample worse = lowerIsBetter ? treatment : baseline;
        return new RankTest(
                probability(treatment, baseline, lowerIsBetter),
                MannWhitneyUTest.withDefaults().test(better.values(), worse.values()).getPValue());
    }

    /** The probability alone, which costs less than the test. */
    static double probability(Sample treatment, Sample baseline, boolean lowerIsBetter) {
        Sample better = lowerIsBetter ? baseline : treatment;
        Sample worse = lowerIsBetter ? treatment : baseline;
        return MannWhitneyUTest.withDefaults().statistic(better.values(), worse.values())
                / ((double) treatment.n() * baseline.n());
    }
}
