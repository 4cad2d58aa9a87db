// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import java.util.Arrays;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.StatisticalSummary;
import org.apache.commons.math3.stat.descriptive.StatisticalSummaryValues;
import org.apache.commons.math3.stat.inference.TTest;

/** The values of one metric over the runs of one configuration. */
public final class Sample {

    private static final double UPPER_PERCENTILE = 0.975;

    private final double[] values;

    private Sample(double[] values) {
        this.values = values;
    }

    /**
     * Creates a sample. An infinite value stands for one that is worse than any other, such as that
     * of a run that was lost; it counts in ranks, and leaves no mean.
     *
     * @param values the values, 1 or more; copied
     * @return the sample
     * @throws IllegalArgumentException if there is no value, or one is NaN
     */
    public static Sample of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("A sample needs 1 or more values.");
        }
        for (double value : values) {
            if (Double.isNaN(value)) {
                throw new IllegalArgumentException(
                        "A sample has numbers only, found " + Arrays.toString(values) + ".");
            }
        }
        // Adding 0 makes zeros of both signs one, which ranks would tell apart.
        return new Sample(Arrays.stream(values).map(value -> value + 0.0).toArray());
    }

    /**
     * Returns the number of values.
     *
     * @return n
     */
    public int n() {
        return values.length;
    }

    /**
     * Returns the arithmetic mean.
     *
     * @return the mean; NaN if a value is infinite
     */
    public double mean() {
        return Double.isInfinite(magnitude()) ? Double.NaN : StatUtils.mean(values);
    }

    /**
     * Returns the median, which also exists where values are infinite.
     *
     * @return the value in the middle, or the mean of the two in the middle; infinite if one of
     *     these is
     */
    public double median() {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double upper = sorted[sorted.length / 2];
        return sorted.length % 2 == 1 ? upper : sorted[sorted.length / 2 - 1] / 2 + upper / 2;
    }

    /**
     * Returns the sample standard deviation, with n − 1 in the denominator.
     *
     * @return the standard deviation; NaN for a single value, or if a value is infinite
     */
    public double standardDeviation() {
        return values.length < 2 || Double.isInfinite(magnitude())
                ? Double.NaN
                : Math.sqrt(StatUtils.variance(values));
    }

    /**
     * Returns what is printed of the sample.
     *
     * @return n, mean and standard deviation
     * @throws IllegalArgumentException if a value is infinite
     */
    public Summary summary() {
        return new Summary(n(), mean(), standardDeviation());
    }

    /**
     * Returns the 95 % interval of the mean, by Student's t with n − 1 degrees of freedom.
     *
     * @return the interval; undefined for a single value, where the values differ by no more than
     *     rounding, or if one is infinite
     */
    public Interval meanInterval() {
        if (!varies()) {
            return Interval.UNDEFINED;
        }
        double reach =
                new TDistribution(null, values.length - 1.0)
                                .inverseCumulativeProbability(UPPER_PERCENTILE)
                        * standardDeviation()
                        / Math.sqrt(values.length);
        return new Interval(mean() - reach, mean() + reach);
    }

    /**
     * Returns the p-value of Welch's test against a sample of which only a summary is known.
     *
     * @param otherMean its mean
     * @param otherDeviation its sample standard deviation
     * @param otherN its size, 2 or more
     * @return the two-sided p-value; NaN if this sample has a single value or an infinite one, or
     *     neither varies by more than rounding
     */
    public double welchP(double otherMean, double otherDeviation, int otherN) {
        if (values.length < 2
                || Double.isInfinite(magnitude())
                || (!varies() && otherDeviation == 0)) {
            return Double.NaN;
        }
        return new TTest()
                .tTest(
                        summary(mean(), standardDeviation(), values.length),
                        summary(otherMean, otherDeviation, otherN));
    }

    private static StatisticalSummary summary(double mean, double deviation, int n) {
        return new StatisticalSummaryValues(
                mean, deviation * deviation, n, Double.NaN, Double.NaN, mean * n);
    }

    /** Whether there are two values that differ by more than rounding, and none is infinite. */
    private boolean varies() {
        return values.length > 1
                && !Double.isInfinite(magnitude())
                && !NoTest.isRounding(magnitude(), values);
    }

    /** The largest absolute value. */
    double magnitude() {
        return Arrays.stream(values).map(Math::abs).max().orElseThrow();
    }

    /**
     * Returns the values.
     *
     * @return a copy, in their order
     */
    public double[] values() {
        return values.clone();
    }

    /** The values, divided by a power of two, so that their squares have room. */
    double[] values(int exponent) {
        return Arrays.stream(values).map(value -> Math.scalb(value, -exponent)).toArray();
    }
}
