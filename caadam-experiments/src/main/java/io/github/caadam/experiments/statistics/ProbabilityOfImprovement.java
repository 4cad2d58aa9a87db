// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

/**
 * The probability that a run of the treatment is better than one of the baseline (Agarwal and
 * others, Deep reinforcement learning at the edge of the statistical precipice, NeurIPS 2021,
 * section 4.3), estimated by the share of all pairs of runs in which it is, ties counting one half:
 * the statistic of Mann and Whitney over the number of pairs.
 */
public final class ProbabilityOfImprovement {

    private ProbabilityOfImprovement() {}

    /**
     * Estimates the probability.
     *
     * @param treatment the treatment
     * @param baseline the baseline
     * @param lowerIsBetter whether a lower value is better
     * @return the estimate, from 0 to 1; 0.5 means no difference
     */
    public static double of(Sample treatment, Sample baseline, boolean lowerIsBetter) {
        double wins = 0;
        for (double treated : treatment.values()) {
            for (double plain : baseline.values()) {
                int order = Double.compare(treated, plain);
                if (order == 0) {
                    wins += 0.5;
                } else if (order < 0 == lowerIsBetter) {
                    wins++;
                }
            }
        }
        return wins / ((double) treatment.n() * baseline.n());
    }
}
