// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import java.util.Optional;
import org.apache.commons.math3.stat.inference.TTest;

/**
 * A treatment compared with a baseline by two-sided t-tests on independent samples. Improvement and
 * t have the sign that makes positive mean better.
 *
 * @param improvementPercent by how much the treatment's mean is better, in percent of the
 *     baseline's without its sign; NaN if that is 0 or there is no mean
 * @param welchT Welch's statistic, {@code (m₁−m₂)/√(s₁²/n₁+s₂²/n₂)} up to the sign
 * @param welchP its two-sided p-value, with the Welch–Satterthwaite degrees of freedom
 * @param pooledT Student's statistic with the pooled variance, which the paper's tables print
 * @param pooledP its two-sided p-value, with {@code n₁+n₂−2} degrees of freedom
 * @param untested why t and p are NaN; empty where there is a test
 */
public record Comparison(
        double improvementPercent,
        double welchT,
        double welchP,
        double pooledT,
        double pooledP,
        Optional<NoTest> untested) {

    /**
     * Compares two samples. Where a side has fewer than two values or an infinite one, or the
     * values of both sides differ by no more than rounding, there is no test: t and p are NaN.
     *
     * @param treatment the treatment
     * @param baseline the baseline
     * @param lowerIsBetter whether a lower mean is better, as for an error or a time
     * @return the comparison
     */
    public static Comparison of(Sample treatment, Sample baseline, boolean lowerIsBetter) {
        Optional<NoTest> untested = NoTest.of(treatment, baseline);
        if (untested.isPresent()) {
            return untested(treatment, baseline, lowerIsBetter, untested.get());
        }
        int exponent = Math.getExponent(Math.max(treatment.magnitude(), baseline.magnitude()));
        double[] better = (lowerIsBetter ? baseline : treatment).values(exponent);
        double[] worse = (lowerIsBetter ? treatment : baseline).values(exponent);
        TTest test = new TTest();
        return new Comparison(
                improvementPercent(treatment, baseline, lowerIsBetter),
                test.t(better, worse),
                test.tTest(better, worse),
                test.homoscedasticT(better, worse),
                test.homoscedasticTTest(better, worse),
                Optional.empty());
    }

    /**
     * Compares the means of two samples that are not to be tested.
     *
     * @param treatment the treatment
     * @param baseline the baseline
     * @param lowerIsBetter whether a lower mean is better
     * @param reason why there is no test
     * @return the comparison, its t and p NaN
     */
    public static Comparison untested(
            Sample treatment, Sample baseline, boolean lowerIsBetter, NoTest reason) {
        return new Comparison(
                improvementPercent(treatment, baseline, lowerIsBetter),
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Optional.of(reason));
    }

    private static double improvementPercent(
            Sample treatment, Sample baseline, boolean lowerIsBetter) {
        double sign = lowerIsBetter ? 1 : -1;
        double gain = sign * (baseline.mean() - treatment.mean());
        double percent = 100 * gain / Math.abs(baseline.mean());
        return Double.isFinite(percent) ? percent : Double.NaN;
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
