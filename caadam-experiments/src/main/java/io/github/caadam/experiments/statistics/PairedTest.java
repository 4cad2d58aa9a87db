// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import org.apache.commons.math3.stat.inference.TTest;

/**
 * The paired t-test, for runs that share seeds, and with them initial weights and row order. The
 * sign of t is such that positive means better.
 *
 * @param pairs the number of pairs
 * @param t the statistic
 * @param p its two-sided p-value, with one degree of freedom less than pairs
 */
public record PairedTest(int pairs, double t, double p) {

    /** Where nothing belongs together. */
    public static final PairedTest NO_PAIRS = new PairedTest(0, Double.NaN, Double.NaN);

    /**
     * Tests two samples whose values at the same place belong together. With fewer than two pairs,
     * or where all differences are the same, there is no test: t and p are NaN.
     *
     * @param treatment the treatment
     * @param baseline the baseline
     * @param lowerIsBetter whether a lower value is better
     * @return the test
     * @throws IllegalArgumentException if the samples differ in size
     */
    public static PairedTest of(Sample treatment, Sample baseline, boolean lowerIsBetter) {
        int pairs = treatment.n();
        if (pairs != baseline.n()) {
            throw new IllegalArgumentException(
                    "Pairs need as many values on both sides, found "
                            + pairs
                            + " and "
                            + baseline.n()
                            + ".");
        }
        double[] better = lowerIsBetter ? baseline.values() : treatment.values();
        double[] worse = lowerIsBetter ? treatment.values() : baseline.values();
        if (pairs < 2 || haveEqualDifferences(better, worse)) {
            return new PairedTest(pairs, Double.NaN, Double.NaN);
        }
        TTest test = new TTest();
        return new PairedTest(pairs, test.pairedT(better, worse), test.pairedTTest(better, worse));
    }

    private static boolean haveEqualDifferences(double[] better, double[] worse) {
        for (int i = 1; i < better.length; i++) {
            if (better[i] - worse[i] != better[0] - worse[0]) {
                return false;
            }
        }
        return true;
    }
}
