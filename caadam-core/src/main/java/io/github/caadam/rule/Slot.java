// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.rule;

import ai.djl.ndarray.types.Shape;
import java.util.Objects;

/**
 * An array that an optimizer keeps for each parameter, of the parameter's type, and of its shape or
 * a part of that. It starts as zeros, or as a copy of the weight.
 *
 * @param name the name, such as {@code first_moment}; under it the array is saved
 * @param ofWeight whether it starts as a copy of the weight before the parameter's first step
 * @param flushedBy the constant {@code c} that fused steps and compiled epochs add and subtract
 *     every 32 steps on a CPU, which makes tiny numbers zero before they become denormal and slow;
 *     0 where the array must be left alone
 * @param part which part of the parameter's shape it has
 * @since 0.1.0
 */
public record Slot(String name, boolean ofWeight, double flushedBy, Part part) {

    /** A part of a parameter's shape. */
    public enum Part {
        /** The whole shape. */
        WHOLE,
        /** A value for each row: the last dimension is 1. */
        ROWS,
        /** A value for each column: the last but one is 1, if there is one. */
        COLUMNS;

        private Shape of(Shape shape) {
            long[] dimensions = shape.getShape().clone();
            int at = dimensions.length - (this == ROWS ? 1 : 2);
            if (this != WHOLE && at >= 0) {
                dimensions[at] = 1;
            }
            return new Shape(dimensions);
        }
    }

    /**
     * Checks the values.
     *
     * @param name the name
     * @param ofWeight whether it starts as a copy of the weight
     * @param flushedBy the constant
     * @param part which part of the shape it has
     * @throws IllegalArgumentException if the name is empty, has a {@code /} or is {@code step} or
     *     {@code accumulated}, which are a parameter's numbers of steps and of accumulated
     *     gradients in a saved file, or the constant is negative or not finite
     */
    public Slot {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(part, "part");
        if (ofWeight && part != Part.WHOLE) {
            throw new IllegalArgumentException(
                    "The slot \"" + name + "\" cannot start as a copy of a part of the weight.");
        }
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
        return new Slot(name, false, 0, Part.WHOLE);
    }

    /**
     * Returns a slot that starts as a copy of the weight, and is left alone.
     *
     * @param name the name
     * @return the slot
     */
    public static Slot ofWeight(String name) {
        return new Slot(name, true, 0, Part.WHOLE);
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
        return new Slot(name, ofWeight, c, part);
    }

    /**
     * Returns this slot for a part of the parameter's shape.
     *
     * @param shapePart the part
     * @return the slot
     */
    public Slot of(Part shapePart) {
        return new Slot(name, ofWeight, flushedBy, shapePart);
    }

    /**
     * Returns the shape of the array.
     *
     * @param parameter the parameter's shape
     * @return the part of it
     */
    public Shape shape(Shape parameter) {
        return part.of(parameter);
    }
}
