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
     * Creates a sample.
     *
     * @param values the values, 1 or more; copied
     * @return the sample
     * @throws IllegalArgumentException if there is no value, or one is NaN or infinite
     */
    public static Sample of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("A sample needs 1 or more values.");
        }
        for (double value : values) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException(
                        "A sample has finite values only, found " + Arrays.toString(values) + ".");
            }
        }
        return new Sample(values.clone());
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
     * @return the mean
     */
    public double mean() {
        return StatUtils.mean(values);
    }

    /**
     * Returns the sample standard deviation, with n − 1 in the denominator.
     *
     * @return the standard deviation, NaN for a single value
     */
    public double standardDeviation() {
        return values.length < 2 ? Double.NaN : Math.sqrt(StatUtils.variance(values));
    }

    /**
     * Returns the 95 % interval of the mean, by Student's t with n − 1 degrees of freedom.
     *
     * @return the interval, undefined for a single value
     */
    public Interval meanInterval() {
        if (values.length < 2) {
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
     * @return the two-sided p-value; NaN if this sample has a single value, or none varies
     */
    public double welchP(double otherMean, double otherDeviation, int otherN) {
        if (values.length < 2 || (standardDeviation() == 0 && otherDeviation == 0)) {
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

    double[] values() {
        return values.clone();
    }
}
