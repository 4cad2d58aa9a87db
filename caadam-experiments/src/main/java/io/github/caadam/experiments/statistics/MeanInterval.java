package io.github.caadam.experiments.statistics;

import org.apache.commons.math3.distribution.TDistribution;

/**
 * A mean with its confidence interval, {@code m ± t·s/√n} with Student's t of {@code n−1} degrees
 * of freedom.
 *
 * @param mean the mean
 * @param halfWidth by how much the interval reaches to either side, 0 or more; NaN for a single
 *     value
 */
public record MeanInterval(double mean, double halfWidth) {

    /** The share of such intervals that cover the true mean. */
    public static final double CONFIDENCE = 0.95;

    /**
     * Computes the 95 % interval of a sample's mean.
     *
     * @param sample the sample
     * @return the interval
     */
    public static MeanInterval of(Sample sample) {
        if (sample.n() < 2) {
            return new MeanInterval(sample.mean(), Double.NaN);
        }
        double quantile =
                new TDistribution(sample.n() - 1)
                        .inverseCumulativeProbability((1 + CONFIDENCE) / 2);
        return new MeanInterval(
                sample.mean(), quantile * sample.standardDeviation() / Math.sqrt(sample.n()));
    }
}
