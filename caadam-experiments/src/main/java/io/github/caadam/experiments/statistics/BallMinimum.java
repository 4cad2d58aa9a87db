// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import org.apache.commons.math3.analysis.UnivariateFunction;
import org.apache.commons.math3.analysis.solvers.BrentSolver;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;

/**
 * The minimum of {@code bᵀx + ½·xᵀHx} over the ball {@code ‖x‖ ≤ r}, of any curvature: the
 * trust-region problem, whose solution has {@code (H + λI)x = −b} with {@code λ ≥ 0}, {@code H +
 * λI} without negative eigenvalues, and {@code λ = 0} or {@code ‖x‖ = r} (Moré and Sorensen,
 * <em>Computing a trust region step</em>, SIAM Journal on Scientific and Statistical Computing 4,
 * 1983). In the basis of the eigenvectors {@code ‖x(λ)‖} is a sum, and falls with {@code λ}.
 */
final class BallMinimum {

    private static final int MOST_EVALUATIONS = 1000;

    /** Of {@code λ}, against the scale of the problem. */
    private static final double ACCURACY = 1e-13;

    private final double[] slopes;
    private final double[] curvatures;

    private BallMinimum(double[] slopes, double[] curvatures) {
        this.slopes = slopes;
        this.curvatures = curvatures;
    }

    /**
     * Finds the minimum.
     *
     * @param slope {@code b}
     * @param curvature {@code H}, symmetric
     * @param radius {@code r}, 0 or more
     * @return the point
     */
    static double[] of(RealVector slope, RealMatrix curvature, double radius) {
        EigenDecomposition eigen = new EigenDecomposition(curvature);
        BallMinimum problem =
                new BallMinimum(eigen.getVT().operate(slope).toArray(), eigen.getRealEigenvalues());
        return eigen.getV().operate(problem.solve(radius));
    }

    private double[] solve(double radius) {
        int last = curvatures.length - 1;
        // Eigenvalues come in descending order.
        double least = curvatures[last];
        double slopeNorm = norm(slopes);
        if (radius == 0 || (slopeNorm == 0 && least >= 0)) {
            return new double[slopes.length];
        }
        if (least > 0 && norm(at(0)) <= radius) {
            return at(0);
        }
        double low = Math.max(0, -least);
        double scale = slopeNorm / radius + Math.max(Math.abs(curvatures[0]), Math.abs(least));
        double justAbove = low + ACCURACY * scale;
        if (norm(at(justAbove)) <= radius) {
            // There is no slope along the least curvature, so that either end of it will do.
            double[] point = at(justAbove);
            point[last] = 0;
            double rest = norm(point);
            point[last] = least < 0 ? Math.sqrt(Math.max(0, radius * radius - rest * rest)) : 0;
            return point;
        }
        UnivariateFunction excess = lambda -> 1 / radius - 1 / norm(at(lambda));
        double lambda =
                new BrentSolver(ACCURACY, ACCURACY * scale, ACCURACY)
                        .solve(MOST_EVALUATIONS, excess, justAbove, low + 2 * slopeNorm / radius);
        return at(lambda);
    }

    private double[] at(double lambda) {
        double[] point = new double[slopes.length];
        for (int i = 0; i < point.length; i++) {
            point[i] = slopes[i] == 0 ? 0 : -slopes[i] / (curvatures[i] + lambda);
        }
        return point;
    }

    private static double norm(double[] values) {
        double squares = 0;
        for (double value : values) {
            squares += value * value;
        }
        return Math.sqrt(squares);
    }
}
