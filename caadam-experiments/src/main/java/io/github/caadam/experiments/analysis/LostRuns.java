// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

/**
 * What is to be known beside a comparison of finished runs where a side lost some.
 *
 * @param probability the probability that a run is better than one of the baseline, of all that
 *     were made, the lost ones being worse than any other; from 0 to 1; NaN where the runs of a
 *     side are not known
 * @param p its two-sided p-value, by ranks; NaN where all values are the same, or are not known
 * @param fisherP Fisher's p of the shares that were lost; NaN for several problems or draws
 * @since 0.1.0
 */
public record LostRuns(double probability, double p, double fisherP) {

    /**
     * Returns the p-value of two tests that have to agree, one of the finished runs and one of all.
     *
     * @return the larger one; 1 where they point in different directions; NaN without a test by
     *     ranks
     */
    static double agreed(double gain, double p, double probability, double rankP) {
        if (Double.isNaN(rankP)) {
            return Double.NaN;
        }
        boolean agree = gain > 0 == probability > 0.5;
        return agree ? Math.max(p, rankP) : 1;
    }

    /** The p-value of a gain of the finished runs. */
    double agreed(double gain, double ofFinished) {
        return agreed(gain, ofFinished, probability, p);
    }
}
