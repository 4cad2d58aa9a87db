// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import org.apache.commons.math3.special.Gamma;

/**
 * Hedges' g: the difference of two means in pooled standard deviations, freed from the bias of
 * small samples (Hedges, Distribution theory for Glass's estimator of effect size and related
 * estimators, Journal of Educational Statistics 6, 1981). Positive means that the treatment is
 * better.
 *
 * @param g the estimate, {@code J(ν)·(m₁−m₂)/s} with {@code ν = n₁+n₂−2} and {@code J(ν) =
 *     Γ(ν/2)/(√(ν/2)·Γ((ν−1)/2))}
 * @param low the lower end of its 95 % interval
 * @param high the upper end of its 95 % interval
 */
public record EffectSize(double g, double low, double high) {

    private static final double TAIL = 0.025;
    private static final EffectSize UNDEFINED = new EffectSize(Double.NaN, Double.NaN, Double.NaN);

    /**
     * Computes the effect of a treatment. Its interval is the exact one of normal samples of equal
     * variance: the noncentralities at which the observed pooled t is the 97.5th and the 2.5th
     * percentile of the noncentral t distribution, times {@code J(ν)·√(1/n₁+1/n₂)}.
     *
     * @param treatment the treatment
     * @param baseline the baseline
     * @param lowerIsBetter whether a lower mean is better, as for an error or a time
     * @return the effect; all NaN if a sample has one value or an infinite one, or the values of
     *     both differ by no more than rounding
     */
    public static EffectSize hedges(Sample treatment, Sample baseline, boolean lowerIsBetter) {
        double t = Comparison.of(treatment, baseline, lowerIsBetter).pooledT();
        if (!Double.isFinite(t)) {
            return UNDEFINED;
        }
        double degreesOfFreedom = treatment.n() + baseline.n() - 2.0;
        double scale =
                correction(degreesOfFreedom) * Math.sqrt(1.0 / treatment.n() + 1.0 / baseline.n());
        NoncentralT distribution = new NoncentralT(degreesOfFreedom);
        return new EffectSize(
                scale * t,
                scale * distribution.noncentrality(t, 1 - TAIL),
                scale * distribution.noncentrality(t, TAIL));
    }

    private static double correction(double degreesOfFreedom) {
        double half = degreesOfFreedom / 2;
        return Math.exp(Gamma.logGamma(half) - Gamma.logGamma(half - 0.5)) / Math.sqrt(half);
    }
}
