// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import org.apache.commons.math3.stat.inference.TTest;

/**
 * A treatment compared with a baseline by two-sided t-tests on independent samples. Improvement and
 * t have the sign that makes positive mean better.
 *
 * @param improvementPercent by how much the treatment's mean is better, in percent of the
 *     baseline's
 * @param welchT Welch's statistic, {@code (m₁−m₂)/√(s₁²/n₁+s₂²/n₂)} up to the sign
 * @param welchP its two-sided p-value, with the Welch–Satterthwaite degrees of freedom
 * @param pooledT Student's statistic with the pooled variance, which the paper's tables print
 * @param pooledP its two-sided p-value, with {@code n₁+n₂−2} degrees of freedom
 */
public record Comparison(
        double improvementPercent, double welchT, double welchP, double pooledT, double pooledP) {

    /**
     * Compares two samples. Where a side has fewer than two values, or all values of both sides are
     * the same, there is no test: t and p are NaN.
     *
     * @param treatment the treatment
     * @param baseline the baseline
     * @param lowerIsBetter whether a lower mean is better, as for an error or a time
     * @return the comparison
     */
    public static Comparison of(Sample treatment, Sample baseline, boolean lowerIsBetter) {
        double sign = lowerIsBetter ? 1 : -1;
        double gain = sign * (baseline.mean() - treatment.mean());
        double improvement = 100 * gain / baseline.mean();
        boolean untestable =
                treatment.n() < 2
                        || baseline.n() < 2
                        || (treatment.standardDeviation() == 0
                                && baseline.standardDeviation() == 0);
        if (untestable) {
            return new Comparison(improvement, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
        }
        TTest test = new TTest();
        double[] better = lowerIsBetter ? baseline.values() : treatment.values();
        double[] worse = lowerIsBetter ? treatment.values() : baseline.values();
        return new Comparison(
                improvement,
                test.t(better, worse),
                test.tTest(better, worse),
                test.homoscedasticT(better, worse),
                test.homoscedasticTTest(better, worse));
    }

    /**
     * Returns the stars of a p-value as the paper sets them.
     *
     * @param p the p-value
     * @return {@code ***} below 0.001, {@code **} below 0.01, {@code *} below 0.05, else nothing
     */
    public static String stars(double p) {
        if (p < 0.001) {
            return "***";
        }
        if (p < 0.01) {
            return "**";
        }
        return p < 0.05 ? "*" : "";
    }
}
