// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import org.apache.commons.math3.analysis.UnivariateFunction;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;
import org.apache.commons.math3.analysis.solvers.BrentSolver;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.special.Gamma;

/**
 * The noncentral t distribution: that of {@code (Z+δ)/X}, where {@code Z} is a standard normal
 * variable and {@code X² ν} one of chi-squared with {@code ν} degrees of freedom.
 */
final class NoncentralT {

    /** Densities are negligible farther than this from their middle, in standard deviations. */
    private static final double REACH = 12;

    private static final int PANELS = 4;
    private static final int POINTS_PER_PANEL = 40;
    private static final double ACCURACY = 1e-12;
    private static final int EVALUATIONS = 500;
    private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);

    /** Keeps its rules, which take time to make. */
    private static final GaussIntegratorFactory INTEGRATORS = new GaussIntegratorFactory();

    private final double degreesOfFreedom;
    private final double logConstant;

    /** The standard deviation of X, roughly. */
    private final double deviation;

    /**
     * Prepares a distribution.
     *
     * @param degreesOfFreedom ν, 1 or more
     */
    NoncentralT(double degreesOfFreedom) {
        this.degreesOfFreedom = degreesOfFreedom;
        double half = degreesOfFreedom / 2;
        logConstant = Math.log(2) + half * Math.log(half) - Gamma.logGamma(half);
        deviation = 1 / Math.sqrt(2 * degreesOfFreedom);
    }

    /** Returns the probability of a value of at most {@code t} at a noncentrality. */
    double cumulativeProbability(double t, double noncentrality) {
        if (t < 0) {
            return 1 - cumulativeProbability(-t, -noncentrality);
        }
        // Whichever of Z and X is taken in steps, the probability of the other must not jump there.
        return t * deviation < 1 ? overX(t, noncentrality) : overZ(t, noncentrality);
    }

    /** The probability that {@code Z ≤ tX − δ}, over all X. */
    private double overX(double t, double noncentrality) {
        return integrate(
                x -> NORMAL.cumulativeProbability(t * x - noncentrality) * density(x),
                Math.max(0, 1 - REACH * deviation),
                1 + REACH * deviation);
    }

    /** The probability that {@code X ≥ (Z + δ)/t}, over all Z; 1 for those below {@code −δ}. */
    private double overZ(double t, double noncentrality) {
        double from = Math.max(-REACH, -noncentrality);
        if (from >= REACH) {
            return 1;
        }
        return NORMAL.cumulativeProbability(from)
                + integrate(
                        z -> NORMAL.density(z) * probabilityAbove((z + noncentrality) / t),
                        from,
                        REACH);
    }

    private static double integrate(UnivariateFunction function, double from, double to) {
        double width = (to - from) / PANELS;
        double sum = 0;
        for (int i = 0; i < PANELS; i++) {
            double start = from + i * width;
            sum += INTEGRATORS.legendre(POINTS_PER_PANEL, start, start + width).integrate(function);
        }
        return sum;
    }

    /** The density of X. */
    private double density(double x) {
        return Math.exp(
                logConstant + (degreesOfFreedom - 1) * Math.log(x) - degreesOfFreedom * x * x / 2);
    }

    /** The probability that X is larger than a number of 0 or more. */
    private double probabilityAbove(double x) {
        return Gamma.regularizedGammaQ(degreesOfFreedom / 2, degreesOfFreedom * x * x / 2);
    }

    /** Returns the noncentrality at which the probability of a value of at most {@code t} is p. */
    double noncentrality(double t, double p) {
        // The standard deviation of t is about √(1+t²/2ν).
        double reach = REACH * Math.sqrt(1 + t * t / (2 * degreesOfFreedom));
        return new BrentSolver(ACCURACY)
                .solve(
                        EVALUATIONS,
                        noncentrality -> cumulativeProbability(t, noncentrality) - p,
                        t - reach,
                        t + reach);
    }
}
