// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import org.apache.commons.math3.distribution.TDistribution;

/**
 * An estimate whose distance from the truth, in standard errors, follows Student's t.
 *
 * @param value the estimate
 * @param standardError its standard error, above 0; NaN where nothing is known of it
 * @param degreesOfFreedom those of t, above 0; NaN where nothing is known of them
 */
record TEstimate(double value, double standardError, double degreesOfFreedom) {

    private static final double UPPER_PERCENTILE = 0.975;

    /** Of quantiles, which are multiplied by a standard error. */
    private static final double ACCURACY = 1e-14;

    /** The two-sided p-value of 0. */
    double p() {
        return 2 * below(-Math.abs(value / standardError));
    }

    /** The p-value of the truth being some limit or more; small where it is less. */
    double pAtLeast(double limit) {
        return below((value - limit) / standardError);
    }

    /** The p-value of the truth being some limit or less; small where it is more. */
    double pAtMost(double limit) {
        return below((limit - value) / standardError);
    }

    /** The 95 % interval. */
    Interval interval() {
        return interval(UPPER_PERCENTILE);
    }

    /** The interval between a percentile, given as a share above one half, and its opposite. */
    Interval interval(double upperPercentile) {
        if (!isKnown()) {
            return Interval.UNDEFINED;
        }
        double reach = standardError * student().inverseCumulativeProbability(upperPercentile);
        return new Interval(value - reach, value + reach);
    }

    private double below(double t) {
        return isKnown() ? student().cumulativeProbability(t) : Double.NaN;
    }

    private boolean isKnown() {
        return standardError > 0 && degreesOfFreedom > 0;
    }

    private TDistribution student() {
        return new TDistribution(null, degreesOfFreedom, ACCURACY);
    }
}
