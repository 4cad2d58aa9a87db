// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.regression.OLSMultipleLinearRegression;

/**
 * A quadratic response surface {@code y = a + bᵀx + ½·xᵀHx + ε}, fitted by ordinary least squares
 * (Box and Wilson, <em>On the experimental attainment of optimum conditions</em>, Journal of the
 * Royal Statistical Society B 13, 1951). Its terms are 1, the {@code xᵢ}, and {@code ½·xᵢ²} and
 * {@code xᵢ·xⱼ} with {@code i < j}, by rows of {@code H}, so that its coefficients are {@code a},
 * {@code bᵢ} and {@code Hᵢⱼ}. Intervals are Student's, and take ε for independent, normal and of
 * one variance.
 */
public final class QuadraticFit {

    private static final double UPPER_PERCENTILE = 0.975;

    private final int dimensions;
    private final double[] coefficients;
    private final RealMatrix covariance;
    private final double reach;
    private final double rSquared;
    private final double predictedRSquared;
    private final double residualDeviation;

    private QuadraticFit(double[][] x, double[] y) {
        dimensions = x[0].length;
        double[][] terms = Arrays.stream(x).map(QuadraticFit::terms).toArray(double[][]::new);
        OLSMultipleLinearRegression regression = new OLSMultipleLinearRegression();
        regression.setNoIntercept(true);
        regression.newSampleData(y, terms);
        coefficients = regression.estimateRegressionParameters();
        RealMatrix unscaled =
                new Array2DRowRealMatrix(regression.estimateRegressionParametersVariance(), false);
        int freedom = y.length - coefficients.length;
        double[] residuals = regression.estimateResiduals();
        double squares = StatUtils.sumSq(residuals);
        residualDeviation = Math.sqrt(squares / freedom);
        covariance = unscaled.scalarMultiply(squares / freedom);
        reach = new TDistribution(null, freedom).inverseCumulativeProbability(UPPER_PERCENTILE);
        double total = StatUtils.populationVariance(y) * y.length;
        rSquared = 1 - squares / total;
        double predicted = 0;
        for (int i = 0; i < y.length; i++) {
            RealVector row = new ArrayRealVector(terms[i], false);
            double leverage = row.dotProduct(unscaled.operate(row));
            predicted += Math.pow(residuals[i] / (1 - leverage), 2);
        }
        predictedRSquared = 1 - predicted / total;
    }

    /**
     * Fits.
     *
     * @param x the points, all of the same number of dimensions
     * @param y the responses
     * @return the fit
     * @throws IllegalArgumentException if points and responses differ in number, or there are not
     *     more of them than coefficients
     * @throws org.apache.commons.math3.linear.SingularMatrixException if the points do not
     *     determine the coefficients
     */
    public static QuadraticFit of(double[][] x, double[] y) {
        int needed = x.length == 0 ? 1 : size(x[0].length);
        if (x.length != y.length || y.length <= needed) {
            throw new IllegalArgumentException(
                    "A quadratic fit needs as many points as responses, and more than its "
                            + needed
                            + " coefficients, found "
                            + x.length
                            + " and "
                            + y.length
                            + ".");
        }
        return new QuadraticFit(x, y);
    }

    /**
     * Returns the number of coefficients.
     *
     * @param dimensions the number {@code d} of dimensions
     * @return {@code (d+1)(d+2)/2}
     */
    public static int size(int dimensions) {
        return (dimensions + 1) * (dimensions + 2) / 2;
    }

    /**
     * Names the terms.
     *
     * @param names the names of the dimensions
     * @return names in the order of the coefficients, such as {@code 1}, {@code a}, {@code b},
     *     {@code a²/2}, {@code a·b}, {@code b²/2}
     */
    public static List<String> termNames(List<String> names) {
        List<String> terms = new ArrayList<>(List.of("1"));
        terms.addAll(names);
        for (int i = 0; i < names.size(); i++) {
            terms.add(names.get(i) + "²/2");
            for (int j = i + 1; j < names.size(); j++) {
                terms.add(names.get(i) + "·" + names.get(j));
            }
        }
        return terms;
    }

    private static double[] terms(double... x) {
        double[] terms = new double[size(x.length)];
        int next = 0;
        terms[next++] = 1;
        for (double one : x) {
            terms[next++] = one;
        }
        for (int i = 0; i < x.length; i++) {
            terms[next++] = x[i] * x[i] / 2;
            for (int j = i + 1; j < x.length; j++) {
                terms[next++] = x[i] * x[j];
            }
        }
        return terms;
    }

    /**
     * Returns the coefficients.
     *
     * @return {@code a}, {@code b} and the upper triangle of {@code H} by rows
     */
    public double[] coefficients() {
        return coefficients.clone();
    }

    /**
     * Returns the 95 % interval of a coefficient.
     *
     * @param index its place among the coefficients
     * @return the interval
     */
    public Interval interval(int index) {
        return around(coefficients[index], covariance.getEntry(index, index));
    }

    /**
     * Returns the share of the variance that the fit explains.
     *
     * @return R²; NaN if the responses do not vary
     */
    public double rSquared() {
        return rSquared;
    }

    /**
     * Returns R² of predictions of each response by a fit to the others (Allen's PRESS), which does
     * not grow by fitting noise.
     *
     * @return the predicted R², which may be below 0
     */
    public double predictedRSquared() {
        return predictedRSquared;
    }

    /**
     * Returns the standard deviation of the residuals, with as many degrees of freedom as there are
     * more points than coefficients.
     *
     * @return the standard deviation
     */
    public double residualDeviation() {
        return residualDeviation;
    }

    /**
     * Returns the fitted response at a point.
     *
     * @param x the point
     * @return the response
     */
    public double at(double... x) {
        return new ArrayRealVector(terms(x), false).dotProduct(new ArrayRealVector(coefficients));
    }

    /**
     * Returns by how much the fitted response is lower at a point than at the origin.
     *
     * @param x the point
     * @return the gain; negative if it is higher there
     */
    public double gain(double... x) {
        return coefficients[0] - at(x);
    }

    /**
     * Returns the 95 % interval of a gain at a point that was not chosen by this fit: the gain is
     * linear in the coefficients.
     *
     * @param x the point
     * @return the interval
     */
    public Interval gainInterval(double... x) {
        RealVector weights = new ArrayRealVector(terms(x), false);
        weights.setEntry(0, 0);
        return around(gain(x), weights.dotProduct(covariance.operate(weights)));
    }

    private Interval around(double value, double variance) {
        double half = reach * Math.sqrt(variance);
        return new Interval(value - half, value + half);
    }

    /**
     * Returns where the fitted response is lowest within a ball around the origin.
     *
     * @param radius the radius, 0 or more
     * @return the point
     */
    public double[] minimumInBall(double radius) {
        RealVector slope =
                new ArrayRealVector(Arrays.copyOfRange(coefficients, 1, dimensions + 1), false);
        RealMatrix curvature = MatrixUtils.createRealMatrix(dimensions, dimensions);
        int next = dimensions + 1;
        for (int i = 0; i < dimensions; i++) {
            for (int j = i; j < dimensions; j++) {
                curvature.setEntry(i, j, coefficients[next]);
                curvature.setEntry(j, i, coefficients[next]);
                next++;
            }
        }
        return BallMinimum.of(slope, curvature, radius);
    }

    /**
     * Returns where the fitted response is lowest within a ball around the origin on the diagonal,
     * {@code x₁ = x₂ = … }.
     *
     * @param radius the radius, 0 or more
     * @return the point
     */
    public double[] minimumOnDiagonal(double radius) {
        double[] diagonal = new double[dimensions];
        Arrays.fill(diagonal, 1 / Math.sqrt(dimensions));
        double[] opposite = Arrays.stream(diagonal).map(one -> -one).toArray();
        // f(t) = a + slope·t + curvature·t²/2 along the diagonal.
        double slope = (at(diagonal) - at(opposite)) / 2;
        double curvature = at(diagonal) + at(opposite) - 2 * coefficients[0];
        double[] step =
                BallMinimum.of(
                        new ArrayRealVector(new double[] {slope}, false),
                        MatrixUtils.createRealMatrix(new double[][] {{curvature}}),
                        radius);
        return Arrays.stream(diagonal).map(one -> one * step[0]).toArray();
    }
}
