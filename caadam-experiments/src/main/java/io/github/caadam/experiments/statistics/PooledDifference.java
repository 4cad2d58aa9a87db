// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.analysis.solvers.BrentSolver;
import org.apache.commons.math3.special.Gamma;
import org.apache.commons.math3.stat.StatUtils;

/**
 * The mean of the gains on several problems, of which those that were run are a sample: a
 * random-effects meta-analysis. Draws of initial weights can stand in the place of problems. The
 * variance of the true gains between problems is that of Paule and Mandel (Consensus values and
 * weighting factors, Journal of Research of the National Bureau of Standards 87, 1982). The
 * standard error is that of Hartung and Knapp (A refined method for the meta-analysis of controlled
 * clinical trials with binary outcome, Statistics in Medicine 20, 2001), with t of one degree of
 * freedom less than problems.
 *
 * @param parts how many problems count, those that have a test
 * @param gain the mean, each problem weighted by {@code w = 1/(SE²+τ²)}; NaN without a problem
 * @param standardError the square root of {@code q/Σw}, with {@code q = Σw·(gainᵢ−gain)²/(k−1)},
 *     but 1 at least; NaN with fewer than two problems
 * @param q Cochran's Q, {@code Σ(gainᵢ−mean)²/SE²} with the mean weighted by {@code 1/SE²}, which
 *     is {@code k−1} on average where all true gains are the same
 * @param qP its p-value, by χ² with {@code k−1} degrees of freedom
 * @param iSquared the share of the scatter of the gains that is not chance, {@code 1−(k−1)/Q} but 0
 *     at least
 * @param tauSquared τ², the variance of the true gains between problems, in the square of their
 *     unit
 * @param alone the mean of the gains on exactly these problems, each weighing the same, whatever
 *     those on others may be: its standard error is {@code √(ΣSE²)/k}, its degrees of freedom are
 *     those of Satterthwaite
 * @since 0.1.0
 */
public record PooledDifference(
        int parts,
        double gain,
        double standardError,
        double q,
        double qP,
        double iSquared,
        double tauSquared,
        MeanDifference alone) {

    private static final int MOST_EVALUATIONS = 1000;

    /** Of τ², against its scale and against itself. */
    private static final double ACCURACY = 1e-15;

    /**
     * Pools the gains of one treatment over one baseline, all in one unit.
     *
     * @param parts those on each problem; one that has no test does not count
     * @return the mean; of a single problem its gain and nothing else
     */
    public static PooledDifference of(List<MeanDifference> parts) {
        List<MeanDifference> tested =
                parts.stream().filter(part -> part.untested().isEmpty()).toList();
        int k = tested.size();
        if (k < 2) {
            MeanDifference alone = k == 0 ? MeanDifference.UNKNOWN : tested.get(0);
            return new PooledDifference(
                    k,
                    alone.gain(),
                    Double.NaN,
                    Double.NaN,
                    Double.NaN,
                    Double.NaN,
                    Double.NaN,
                    alone);
        }
        double largest =
                tested.stream()
                        .mapToDouble(part -> Math.max(Math.abs(part.gain()), part.standardError()))
                        .max()
                        .orElseThrow();
        return new Pooling(tested, Math.getExponent(largest)).result();
    }

    /** Gains and standard errors, divided by a power of two, so that their squares have room. */
    private static final class Pooling {

        private final double[] gains;
        private final double[] variances;
        private final double[] degreesOfFreedom;
        private final int exponent;

        Pooling(List<MeanDifference> parts, int exponent) {
            this.exponent = exponent;
            gains = scaled(parts, MeanDifference::gain);
            degreesOfFreedom =
                    parts.stream().mapToDouble(MeanDifference::degreesOfFreedom).toArray();
            variances = scaled(parts, MeanDifference::standardError);
            for (int i = 0; i < variances.length; i++) {
                variances[i] *= variances[i];
            }
        }

        private double[] scaled(
                List<MeanDifference> parts, ToDoubleFunction<MeanDifference> value) {
            return parts.stream()
                    .mapToDouble(part -> Math.scalb(value.applyAsDouble(part), -exponent))
                    .toArray();
        }

        PooledDifference result() {
            int freedom = gains.length - 1;
            double q = scatter(0);
            double tauSquared = tauSquared(freedom);
            double sumOfWeights = 0;
            for (double variance : variances) {
                sumOfWeights += 1 / (variance + tauSquared);
            }
            double excess = Math.max(1, scatter(tauSquared) / freedom);
            return new PooledDifference(
                    gains.length,
                    Math.scalb(mean(tauSquared), exponent),
                    Math.scalb(Math.sqrt(excess / sumOfWeights), exponent),
                    q,
                    Gamma.regularizedGammaQ(freedom / 2.0, q / 2),
                    Math.max(0, 1 - freedom / q),
                    Math.scalb(tauSquared, 2 * exponent),
                    alone());
        }

        private MeanDifference alone() {
            int k = gains.length;
            double variance = 0;
            double uncertainty = 0;
            for (int i = 0; i < k; i++) {
                variance += variances[i];
                uncertainty += variances[i] * variances[i] / degreesOfFreedom[i];
            }
            return new MeanDifference(
                    Math.scalb(StatUtils.mean(gains), exponent),
                    Math.scalb(Math.sqrt(variance) / k, exponent),
                    variance * variance / uncertainty,
                    Optional.empty());
        }

        /** Where the scatter is what it is on average. */
        private double tauSquared(int freedom) {
            if (scatter(0) <= freedom) {
                return 0;
            }
            double most = 1;
            while (scatter(most) > freedom) {
                most *= 2;
            }
            return new BrentSolver(ACCURACY, ACCURACY * most, ACCURACY)
                    .solve(MOST_EVALUATIONS, tau -> scatter(tau) - freedom, 0, most);
        }

        private double scatter(double tauSquared) {
            double mean = mean(tauSquared);
            double sum = 0;
            for (int i = 0; i < gains.length; i++) {
                sum += (gains[i] - mean) * (gains[i] - mean) / (variances[i] + tauSquared);
            }
            return sum;
        }

        private double mean(double tauSquared) {
            double sum = 0;
            double weights = 0;
            for (int i = 0; i < gains.length; i++) {
                sum += gains[i] / (variances[i] + tauSquared);
                weights += 1 / (variances[i] + tauSquared);
            }
            return sum / weights;
        }
    }

    /**
     * Returns why there is no test.
     *
     * @return the reason; empty where there is a test
     */
    public Optional<NoTest> untested() {
        return parts < 2 ? Optional.of(NoTest.TOO_FEW_PROBLEMS) : Optional.empty();
    }

    /**
     * Returns the two-sided p-value of a mean of 0.
     *
     * @return the p-value; NaN where there is no test
     */
    public double p() {
        return estimate().p();
    }

    /**
     * Returns the 95 % interval of the mean.
     *
     * @return the interval; undefined where there is no test
     */
    public Interval interval() {
        return estimate().interval();
    }

    /**
     * Tests whether the mean is within a margin to either side.
     *
     * @param margin the margin, in the unit of the gains, above 0 and finite
     * @return the test
     * @throws IllegalArgumentException if the margin is not above 0 and finite
     */
    public Equivalence equivalence(double margin) {
        return Equivalence.of(estimate(), margin);
    }

    /**
     * Returns the mean as one gain, to be pooled with others: that over several draws of initial
     * weights on one problem, with those on other problems.
     *
     * @return the gain with its standard error and degrees of freedom; without a test where this
     *     has none
     */
    public MeanDifference toDifference() {
        return new MeanDifference(gain, standardError, parts - 1.0, untested());
    }

    private TEstimate estimate() {
        return new TEstimate(gain, standardError, parts - 1.0);
    }
}
