package io.github.caadam.experiments.statistics;

import org.apache.commons.math3.distribution.TDistribution;

/**
 * The confidence interval of a mean, {@code m ± t·s/√n} with Student's t of {@code n−1} degrees of
 * freedom.
 */
public final class MeanInterval {

    private static final double TAIL = 0.025;

    private MeanInterval() {}

    /**
     * Computes the 95 % interval of the mean that a sample was drawn from.
     *
     * @param sample the sample
     * @return the interval; undefined for a single value
     */
    public static Interval of(Sample sample) {
        if (sample.n() < 2) {
            return Interval.UNDEFINED;
        }
        double quantile =
                new TDistribution(sample.n() - 1.0).inverseCumulativeProbability(1 - TAIL);
        double half = quantile * sample.standardDeviation() / Math.sqrt(sample.n());
        return new Interval(sample.mean() - half, sample.mean() + half);
    }
}
