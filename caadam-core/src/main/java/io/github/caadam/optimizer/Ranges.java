// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

/** Checks of the options that optimizers have in common. */
final class Ranges {

    private Ranges() {}

    /** Checks the decay of a moment. */
    static void requireBeta(String name, float beta) {
        require(beta >= 0 && beta < 1, name, "in [0, 1)", beta);
    }

    /** Checks what is added to a denominator. */
    static void requireEpsilon(float epsilon) {
        require(
                epsilon > 0 && Float.isFinite(epsilon),
                "epsilon",
                "a finite number above 0",
                epsilon);
    }

    /** Checks a weight decay. */
    static void requireDecay(String name, float decay) {
        require(decay >= 0 && Float.isFinite(decay), name, "a finite number, 0 or more", decay);
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
