// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.rule;

import java.util.Objects;

/**
 * An array that an optimizer keeps for each parameter, of the parameter's shape and type. It starts
 * as zeros, or as a copy of the weight.
 *
 * @param name the name, such as {@code first_moment}; under it the array is saved
 * @param ofWeight whether it starts as a copy of the weight before the parameter's first step
 * @param flushedBy the constant {@code c} that fused steps and compiled epochs add and subtract
 *     every 32 steps on a CPU, which makes tiny numbers zero before they become denormal and slow;
 *     0 where the array must be left alone
 * @since 0.1.0
 */
public record Slot(String name, boolean ofWeight, double flushedBy) {

    /**
     * Checks the values.
     *
     * @param name the name
     * @param ofWeight whether it starts as a copy of the weight
     * @param flushedBy the constant
     * @throws IllegalArgumentException if the name is empty, has a {@code /} or is {@code step} or
     *     {@code accumulated}, which are a parameter's numbers of steps and of accumulated
     *     gradients in a saved file, or the constant is negative or not finite
     */
    public Slot {
        Objects.requireNonNull(name, "name");
        if (name.isEmpty() || name.indexOf('/') >= 0) {
            throw new IllegalArgumentException(
                    "The name of a slot must have a letter and no \"/\", found \"" + name + "\".");
        }
        if (name.equals("step") || name.equals("accumulated")) {
            throw new IllegalArgumentException(
                    "A slot must not be called \""
                            + name
                            + "\": that is a parameter's own number in a saved file.");
        }
        if (!(flushedBy >= 0) || Double.isInfinite(flushedBy)) {
            throw new IllegalArgumentException(
                    "The constant of a slot must be a finite number, 0 or more, found "
                            + flushedBy
                            + ".");
        }
    }

    /**
     * Returns a slot of zeros that is left alone.
     *
     * @param name the name
     * @return the slot
     */
    public static Slot zeros(String name) {
        return new Slot(name, false, 0);
    }

    /**
     * Returns a slot that starts as a copy of the weight, and is left alone.
     *
     * @param name the name
     * @return the slot
     */
    public static Slot ofWeight(String name) {
        return new Slot(name, true, 0);
    }

    /**
     * Returns this slot with tiny numbers made zero. Adding {@code c} and subtracting it again
     * leaves a number above {@code 2²⁴c} as it is, rounds one between that and {@code c}, moves a
     * smaller one by at most {@code 2⁻²³c}, and makes the smallest zero. So {@code c} must be far
     * below what the rule can tell apart.
     *
     * @param c the constant, above 0
     * @return the slot
     */
    public Slot flushedBy(double c) {
        return new Slot(name, ofWeight, c);
    }
}
