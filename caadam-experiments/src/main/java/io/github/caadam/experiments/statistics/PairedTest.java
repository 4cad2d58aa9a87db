// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import java.util.Optional;
import org.apache.commons.math3.stat.inference.TTest;

/**
 * The paired t-test, for runs that share seeds, and with them initial weights and row order. The
 * sign of t is such that positive means better.
 *
 * @param pairs the number of pairs
 * @param t the statistic
 * @param p its two-sided p-value, with one degree of freedom less than pairs
 * @param untested why t and p are NaN; empty where there is a test
 */
public record PairedTest(int pairs, double t, double p, Optional<NoTest> untested) {

    /** Where nothing belongs together. */
    public static final PairedTest NO_PAIRS = untested(0, NoTest.TOO_FEW);

    /**
     * Tests two samples whose values at the same place belong together. With fewer than two pairs,
     * an infinite value, or where all differences are the same but for rounding, there is no test:
     * t and p are NaN.
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
        Optional<NoTest> untested = NoTest.ofPairs(treatment, baseline);
        if (untested.isPresent()) {
            return untested(pairs, untested.get());
        }
        int exponent = Math.getExponent(Math.max(treatment.magnitude(), baseline.magnitude()));
        double[] better = (lowerIsBetter ? baseline : treatment).values(exponent);
        double[] worse = (lowerIsBetter ? treatment : baseline).values(exponent);
        TTest test = new TTest();
        return new PairedTest(
                pairs,
                test.pairedT(better, worse),
                test.pairedTTest(better, worse),
                Optional.empty());
    }

    private static PairedTest untested(int pairs, NoTest reason) {
        return new PairedTest(pairs, Double.NaN, Double.NaN, Optional.of(reason));
    }
}
