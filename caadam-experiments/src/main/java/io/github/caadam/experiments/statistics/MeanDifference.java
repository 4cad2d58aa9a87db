// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import java.util.Optional;
import org.apache.commons.math3.stat.StatUtils;

/**
 * The gain of a treatment over a baseline: the difference of the means of two independent samples
 * whose variances may differ (Welch, The generalization of Student's problem when several different
 * population variances are involved, Biometrika 34, 1947). Positive means that the treatment is
 * better.
 *
 * @param gain the difference, in the unit of the values; NaN if a value is infinite
 * @param standardError {@code √(s₁²/n₁+s₂²/n₂)}, in the unit of the values; NaN where there is no
 *     test
 * @param degreesOfFreedom those of Welch and Satterthwaite; NaN where there is no test
 * @param untested why there is no test; empty where there is one
 * @since 0.1.0
 */
public record MeanDifference(
        double gain, double standardError, double degreesOfFreedom, Optional<NoTest> untested) {

    /** Where a side has no value. */
    public static final MeanDifference UNKNOWN =
            new MeanDifference(Double.NaN, Double.NaN, Double.NaN, Optional.of(NoTest.TOO_FEW));

    /**
     * Compares two samples. Where a side has fewer than two values or an infinite one, or the
     * values of both sides differ by no more than rounding, there is no test.
     *
     * @param treatment the treatment
     * @param baseline the baseline
     * @param lowerIsBetter whether a lower mean is better
     * @return the difference
     */
    public static MeanDifference of(Sample treatment, Sample baseline, boolean lowerIsBetter) {
        Sample better = lowerIsBetter ? baseline : treatment;
        Sample worse = lowerIsBetter ? treatment : baseline;
        double gain = better.mean() - worse.mean();
        Optional<NoTest> untested = NoTest.of(treatment, baseline);
        if (untested.isPresent()) {
            return new MeanDifference(gain, Double.NaN, Double.NaN, untested);
        }
        int exponent = Math.getExponent(Math.max(treatment.magnitude(), baseline.magnitude()));
        return welch(
                gain,
                StatUtils.variance(treatment.values(exponent)),
                treatment.n(),
                StatUtils.variance(baseline.values(exponent)),
                baseline.n(),
                exponent);
    }

    /**
     * Compares two samples of which only summaries are known. Where a side has fewer than two
     * values or no standard deviation, or both standard deviations are 0, there is no test.
     *
     * @param treatment the treatment
     * @param baseline the baseline
     * @param lowerIsBetter whether a lower mean is better
     * @return the difference
     */
    public static MeanDifference ofSummaries(
            Summary treatment, Summary baseline, boolean lowerIsBetter) {
        Summary better = lowerIsBetter ? baseline : treatment;
        Summary worse = lowerIsBetter ? treatment : baseline;
        double gain = better.mean() - worse.mean();
        double largest = Math.max(treatment.deviation(), baseline.deviation());
        if (treatment.n() < 2 || baseline.n() < 2 || Double.isNaN(largest)) {
            return new MeanDifference(gain, Double.NaN, Double.NaN, Optional.of(NoTest.TOO_FEW));
        }
        if (largest == 0) {
            return new MeanDifference(
                    gain, Double.NaN, Double.NaN, Optional.of(NoTest.NO_VARIATION));
        }
        int exponent = Math.getExponent(largest);
        return welch(
                gain,
                Math.pow(Math.scalb(treatment.deviation(), -exponent), 2),
                treatment.n(),
                Math.pow(Math.scalb(baseline.deviation(), -exponent), 2),
                baseline.n(),
                exponent);
    }

    /** From variances that were divided by a power of four. */
    private static MeanDifference welch(
            double gain, double variance, int n, double otherVariance, int otherN, int exponent) {
        double first = variance / n;
        double second = otherVariance / otherN;
        double both = first + second;
        double freedom =
                both * both / (first * first / (n - 1.0) + second * second / (otherN - 1.0));
        return new MeanDifference(
                gain, Math.scalb(Math.sqrt(both), exponent), freedom, Optional.empty());
    }

    /**
     * Returns the two-sided p-value of no difference.
     *
     * @return Welch's p; NaN where there is no test
     */
    public double p() {
        return estimate().p();
    }

    /**
     * Returns Welch's 95 % interval of the gain.
     *
     * @return the interval; undefined where there is no test
     */
    public Interval interval() {
        return estimate().interval();
    }

    /**
     * Tests whether the gain is within a margin to either side.
     *
     * @param margin the margin, in the unit of the values, above 0 and finite
     * @return the test
     * @throws IllegalArgumentException if the margin is not above 0 and finite
     */
    public Equivalence equivalence(double margin) {
        return Equivalence.of(estimate(), margin);
    }

    private TEstimate estimate() {
        return new TEstimate(gain, standardError, degreesOfFreedom);
    }
}
