// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

/** Checks of the options that optimizers have in common. */
final class Ranges {

    private Ranges() {}

    /** Checks the decay of a moment. */
    static void requireBeta(String name, float beta) {
        require(beta >= 0 && beta < 1, name, "in [0, 1)", beta);
    }

    /** Checks a number that may be 0 and 1. */
    static void requireFraction(String name, float fraction) {
        require(fraction >= 0 && fraction <= 1, name, "in [0, 1]", fraction);
    }

    /** Checks what is added to a denominator. */
    static void requireEpsilon(float epsilon) {
        requirePositive("epsilon", epsilon);
    }

    /** Checks a number that must be above 0. */
    static void requirePositive(String name, float value) {
        require(value > 0 && Float.isFinite(value), name, "a finite number above 0", value);
    }

    /** Checks a number that may be 0, such as a weight decay. */
    static void requireNotNegative(String name, float value) {
        require(value >= 0 && Float.isFinite(value), name, "a finite number, 0 or more", value);
    }

    /** Checks a number that may be 0 and is not positive. */
    static void requireNotPositive(String name, float value) {
        require(value <= 0 && Float.isFinite(value), name, "a finite number, 0 or less", value);
    }

    private static void require(boolean holds, String name, String range, float found) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "The " + name + " must be " + range + ", found " + found + ".");
        }
    }

    /** A float as the number that its shortest decimal form says, 0.9 rather than 0.89999998. */
    static double decimal(float value) {
        return Double.parseDouble(Float.toString(value));
    }
}
