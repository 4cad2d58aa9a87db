// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/**
 * On what share of all problems one of several solvers comes how near to the best of them (Dolan
 * and Moré, Benchmarking optimization software with performance profiles, Mathematical Programming
 * 91, 2002). How near is a ratio, as there, of costs that are above 0, such as times; or a
 * distance, of costs of any sign, such as errors.
 *
 * @since 0.1.0
 */
public final class PerformanceProfile {

    private final double[] excesses;

    private PerformanceProfile(double... excesses) {
        this.excesses = excesses;
    }

    /**
     * Makes profiles over the distance from the lowest cost.
     *
     * @param costs a row for each solver with its cost of each problem, lower being better;
     *     infinite where it does not solve it
     * @return a profile for each solver
     * @throws IllegalArgumentException if there is no row or column, rows differ in length, or a
     *     cost is NaN or negative infinity
     */
    public static List<PerformanceProfile> byDistance(List<double[]> costs) {
        return of(costs, Double.NEGATIVE_INFINITY, (cost, best) -> cost - best);
    }

    /**
     * Makes profiles over the ratio to the lowest cost.
     *
     * @param costs a row for each solver with its cost of each problem, above 0, lower being
     *     better; infinite where it does not solve it
     * @return a profile for each solver
     * @throws IllegalArgumentException if there is no row or column, rows differ in length, or a
     *     cost is not above 0
     */
    public static List<PerformanceProfile> byRatio(List<double[]> costs) {
        return of(costs, 0, (cost, best) -> cost / best);
    }

    private static List<PerformanceProfile> of(
            List<double[]> costs, double below, DoubleBinaryOperator excess) {
        int problems = costs.isEmpty() ? 0 : costs.get(0).length;
        for (double[] row : costs) {
            if (row.length != problems || Arrays.stream(row).anyMatch(cost -> !(cost > below))) {
                throw new IllegalArgumentException(
                        "Every solver needs a cost above "
                                + below
                                + " of each problem, found "
                                + Arrays.toString(row)
                                + ".");
            }
        }
        if (problems == 0) {
            throw new IllegalArgumentException("Profiles need 1 or more solvers and problems.");
        }
        double[] best =
                IntStream.range(0, problems)
                        .mapToDouble(
                                i -> costs.stream().mapToDouble(row -> row[i]).min().orElseThrow())
                        .toArray();
        return costs.stream()
                .map(
                        row ->
                                new PerformanceProfile(
                                        IntStream.range(0, problems)
                                                .mapToDouble(
                                                        i ->
                                                                Double.isInfinite(row[i])
                                                                        ? row[i]
                                                                        : excess.applyAsDouble(
                                                                                row[i], best[i]))
                                                .sorted()
                                                .toArray()))
                .toList();
    }

    /**
     * Returns how far the solver is from the best on each problem.
     *
     * @return distances from 0, or ratios from 1, ascending; infinite where it does not solve the
     *     problem
     */
    public double[] excesses() {
        return excesses.clone();
    }

    /**
     * Returns on what share of the problems the solver comes within some distance of the best.
     *
     * @param most the distance, or the ratio; finite
     * @return the share, from 0 to 1
     */
    public double share(double most) {
        return Arrays.stream(excesses).filter(excess -> excess <= most).count()
                / (double) excesses.length;
    }
}
