// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

/**
 * Two one-sided tests of whether a gain is within a margin to either side (Schuirmann, A comparison
 * of the two one-sided tests procedure and the power approach for assessing the equivalence of
 * average bioavailability, Journal of Pharmacokinetics and Biopharmaceutics 15, 1987). A small p
 * shows that it is; a large one shows nothing. Fewer runs make it larger.
 *
 * @param margin the margin, above 0, in the unit of the gain
 * @param p the larger one of the p-values of the gain being the margin or more, and the negative
 *     margin or less; NaN where there is no test
 * @param interval the 90 % interval of the gain, which is within the margin where p is below 0.05;
 *     undefined where there is no test
 * @since 0.1.0
 */
public record Equivalence(double margin, double p, Interval interval) {

    private static final double UPPER_PERCENTILE = 0.95;

    static Equivalence of(TEstimate gain, double margin) {
        if (!(margin > 0) || Double.isInfinite(margin)) {
            throw new IllegalArgumentException(
                    "A margin must be above 0 and finite, found " + margin + ".");
        }
        return new Equivalence(
                margin,
                Math.max(gain.pAtLeast(margin), gain.pAtMost(-margin)),
                gain.interval(UPPER_PERCENTILE));
    }
}
