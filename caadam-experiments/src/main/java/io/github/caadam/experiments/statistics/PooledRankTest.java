// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * The tests of Mann and Whitney on several problems in one: runs are ranked within their problem
 * only (van Elteren, On the combination of independent two-sample tests of Wilcoxon, Bulletin of
 * the International Statistical Institute 37, 1960). Lost runs take part as worse than any other.
 *
 * @param probability the mean over the problems of the probability that a run of the treatment is
 *     better than one of the baseline (Agarwal and others, Deep reinforcement learning at the edge
 *     of the statistical precipice, NeurIPS 2021, section 4.3), from 0 to 1
 * @param z the sum of {@code (U−nm/2)/(n+m+1)} over its standard deviation, with ties corrected;
 *     positive where the treatment is better; NaN where all values of each problem are the same
 * @param p its two-sided p-value, by the normal approximation; NaN where z is
 * @since 0.1.0
 */
public record PooledRankTest(double probability, double z, double p) {

    /**
     * Both sides of one problem.
     *
     * @param treatment the treatment; infinite values are those of lost runs
     * @param baseline the baseline
     */
    public record Stratum(Sample treatment, Sample baseline) {

        private double pairs() {
            return (double) treatment.n() * baseline.n();
        }

        private double weight() {
            return 1 / (treatment.n() + baseline.n() + 1.0);
        }

        /** The variance of U where both sides are alike. */
        private double variance() {
            double[] all =
                    DoubleStream.concat(
                                    Arrays.stream(treatment.values()),
                                    Arrays.stream(baseline.values()))
                            .sorted()
                            .toArray();
            double n = all.length;
            double tied = 0;
            for (int start = 0, end = 0; start < all.length; start = end) {
                while (end < all.length && all[end] == all[start]) {
                    end++;
                }
                double size = end - start;
                tied += size * (size * size - 1);
            }
            return pairs() / 12 * (n + 1 - tied / (n * (n - 1)));
        }
    }

    /**
     * Tests the problems together.
     *
     * @param strata the problems, 1 or more
     * @param lowerIsBetter whether a lower value is better
     * @return the test
     * @throws IllegalArgumentException if there is no problem
     */
    public static PooledRankTest of(List<Stratum> strata, boolean lowerIsBetter) {
        double probabilities = 0;
        double excess = 0;
        double variance = 0;
        for (Stratum stratum : strata) {
            double probability =
                    RankTest.probability(stratum.treatment(), stratum.baseline(), lowerIsBetter);
            probabilities += probability;
            excess += stratum.weight() * stratum.pairs() * (probability - 0.5);
            variance += stratum.weight() * stratum.weight() * stratum.variance();
        }
        if (strata.isEmpty()) {
            throw new IllegalArgumentException("A pooled test needs 1 or more problems.");
        }
        double z = variance > 0 ? excess / Math.sqrt(variance) : Double.NaN;
        return new PooledRankTest(
                probabilities / strata.size(),
                z,
                variance > 0
                        ? 2 * new NormalDistribution(null, 0, 1).cumulativeProbability(-Math.abs(z))
                        : Double.NaN);
    }
}
