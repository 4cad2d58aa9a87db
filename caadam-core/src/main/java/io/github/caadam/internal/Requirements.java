// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.internal;

/**
 * Checks of numbers that several builders share.
 *
 * @since 0.1.0
 */
public final class Requirements {

    private Requirements() {}

    /**
     * Checks that a number is 1 or more.
     *
     * @param name what it is, in words
     * @param value the number
     * @return the number
     * @throws IllegalArgumentException if it is below 1
     */
    public static int positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "The " + name + " must be 1 or more, found " + value + ".");
        }
        return value;
    }

    /**
     * Checks that a number is 0 or more.
     *
     * @param name what it is, in words
     * @param value the number
     * @return the number
     * @throws IllegalArgumentException if it is below 0
     */
    public static int nonNegative(String name, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(
                    "The " + name + " must be 0 or more, found " + value + ".");
        }
        return value;
    }

    /**
     * Checks that a number is finite, and 0 or more.
     *
     * @param name what it is, in words
     * @param value the number
     * @return the number
     * @throws IllegalArgumentException if it is below 0, infinite or not a number
     */
    public static double nonNegative(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(
                    "The " + name + " must be a finite number, 0 or more, found " + value + ".");
        }
        return value;
    }
}
