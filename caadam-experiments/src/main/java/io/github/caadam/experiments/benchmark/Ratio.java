// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

import java.util.List;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * What came out of timing two things in turns.
 *
 * @param firstMs the median of the first's times, milliseconds
 * @param secondMs the median of the second's, milliseconds
 * @param median the median of first/second, each pair from one round: above 1, the second is the
 *     faster one
 * @param low the lower quartile of first/second
 * @param high the upper quartile
 */
record Ratio(double firstMs, double secondMs, double median, double low, double high) {

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double LOWER = 25;
    private static final double MIDDLE = 50;
    private static final double UPPER = 75;

    /**
     * Sums up.
     *
     * @param first nanoseconds of the first, round by round
     * @param second nanoseconds of the second in the same rounds
     */
    static Ratio of(List<Long> first, List<Long> second) {
        double[] ratios = new double[first.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = (double) first.get(i) / second.get(i);
        }
        return new Ratio(
                milliseconds(first),
                milliseconds(second),
                quantile(ratios, MIDDLE),
                quantile(ratios, LOWER),
                quantile(ratios, UPPER));
    }

    /** Where the first was done so many times less than the second: its share of the second. */
    Ratio times(int factor) {
        return new Ratio(factor * firstMs, secondMs, factor * median, factor * low, factor * high);
    }

    private static double milliseconds(List<Long> nanoseconds) {
        double[] values = nanoseconds.stream().mapToDouble(Long::doubleValue).toArray();
        return quantile(values, MIDDLE) / NANOS_PER_MILLI;
    }

    /** Interpolates between order statistics, as NumPy does by default. */
    static double quantile(double[] values, double percent) {
        return new Percentile()
                .withEstimationType(Percentile.EstimationType.R_7)
                .evaluate(values, percent);
    }
}
