// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import org.apache.commons.math3.analysis.integration.gauss.GaussIntegrator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;
import org.apache.commons.math3.analysis.solvers.BrentSolver;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.special.Gamma;

/**
 * The noncentral t distribution: that of {@code (Z+δ)/X}, where {@code Z} is a standard normal
 * variable and {@code X² ν} one of chi-squared with {@code ν} degrees of freedom.
 */
final class NoncentralT {

    /** The density of X is negligible farther than this from 1, in its standard deviations. */
    private static final double REACH = 12;

    private static final int POINTS = 100;
    private static final double ACCURACY = 1e-10;
    private static final int EVALUATIONS = 500;
    private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);

    /** Keeps its rules, whose making takes most of a second. */
    private static final GaussIntegratorFactory INTEGRATORS = new GaussIntegratorFactory();

    private final double degreesOfFreedom;
    private final double logConstant;
    private final GaussIntegrator integrator;

    /**
     * Prepares a distribution.
     *
     * @param degreesOfFreedom ν, 1 or more
     */
    NoncentralT(double degreesOfFreedom) {
        this.degreesOfFreedom = degreesOfFreedom;
        double half = degreesOfFreedom / 2;
        logConstant = Math.log(2) + half * Math.log(half) - Gamma.logGamma(half);
        double reach = REACH / Math.sqrt(2 * degreesOfFreedom);
        integrator = INTEGRATORS.legendre(POINTS, Math.max(0, 1 - reach), 1 + reach);
    }

    /** Returns the probability of a value of at most {@code t} at a noncentrality. */
    double cumulativeProbability(double t, double noncentrality) {
        return integrator.integrate(
                x -> NORMAL.cumulativeProbability(t * x - noncentrality) * density(x));
    }

    /** The density of X. */
    private double density(double x) {
        return Math.exp(
                logConstant + (degreesOfFreedom - 1) * Math.log(x) - degreesOfFreedom * x * x / 2);
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
