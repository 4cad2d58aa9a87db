// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

/**
 * What is printed of a sample.
 *
 * @param n the number of values, 1 or more
 * @param mean their mean
 * @param deviation their sample standard deviation, with n − 1 in the denominator; NaN where n is 1
 * @since 0.1.0
 */
public record Summary(int n, double mean, double deviation) {

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if n is below 1, the mean is not finite, or the deviation is
     *     negative or infinite
     */
    public Summary {
        if (n < 1 || !Double.isFinite(mean) || deviation < 0 || Double.isInfinite(deviation)) {
            throw new IllegalArgumentException(
                    "A sample has 1 or more values, a mean and a standard deviation of 0 or more,"
                            + " found n = "
                            + n
                            + ", "
                            + mean
                            + " ± "
                            + deviation
                            + ".");
        }
    }
}
