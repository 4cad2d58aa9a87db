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
        double first = StatUtils.variance(treatment.values(exponent)) / treatment.n();
        double second = StatUtils.variance(baseline.values(exponent)) / baseline.n();
        double both = first + second;
        double freedom =
                both
                        * both
                        / (first * first / (treatment.n() - 1.0)
                                + second * second / (baseline.n() - 1.0));
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
