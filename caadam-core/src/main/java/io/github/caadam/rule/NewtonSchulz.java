// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.rule;

/**
 * The iteration by which {@link Step#orthogonalize} works, a polynomial of fifth degree.
 *
 * @param a the coefficient of {@code X}; this and the others from −100 to 100
 * @param b that of {@code XXᵀX}
 * @param c that of {@code (XXᵀ)²X}
 * @param steps how many iterations, from 1 to 99
 * @param epsilon the smallest Euclidean norm that is divided by, above 0
 * @since 0.1.0
 */
public record NewtonSchulz(double a, double b, double c, int steps, double epsilon) {

    private static final int MOST_STEPS = 99;
    private static final double LARGEST_COEFFICIENT = 100;

    /**
     * Checks the ranges.
     *
     * @param a the coefficient of {@code X}
     * @param b that of {@code XXᵀX}
     * @param c that of {@code (XXᵀ)²X}
     * @param steps how many iterations
     * @param epsilon the smallest norm
     * @throws IllegalArgumentException if a number is out of its range
     */
    public NewtonSchulz {
        requireCoefficient("a", a);
        requireCoefficient("b", b);
        requireCoefficient("c", c);
        if (steps < 1 || steps > MOST_STEPS) {
            throw new IllegalArgumentException(
                    "The steps of Newton-Schulz iterations must be from 1 to "
                            + MOST_STEPS
                            + ", found "
                            + steps
                            + ".");
        }
        if (!(epsilon > 0) || Double.isInfinite(epsilon)) {
            throw new IllegalArgumentException(
                    "The epsilon of Newton-Schulz iterations must be a finite number above 0, found"
                            + " "
                            + epsilon
                            + ".");
        }
    }

    private static void requireCoefficient(String name, double value) {
        if (!(Math.abs(value) <= LARGEST_COEFFICIENT)) {
            throw new IllegalArgumentException(
                    "The coefficient "
                            + name
                            + " of Newton-Schulz iterations must be from -100 to 100, found "
                            + value
                            + ".");
        }
    }
}
