// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.rule;

import java.util.function.ToDoubleFunction;

/**
 * What can be computed alike in a {@link Step} and in a {@link NetworkStep}. Operations work
 * element by element and return something new.
 *
 * @since 0.1.0
 */
public interface Arithmetic {

    /**
     * Returns a number that does not change from step to step.
     *
     * @param value the number, finite
     * @return the number
     */
    Scalar constant(double value);

    /**
     * Returns a number of the step.
     *
     * @param formula the number as a function of the step's numbers, in a {@link NetworkStep} of
     *     the network's; called once for each step, and perhaps for many steps ahead, so it must
     *     depend on nothing else
     * @return the number
     */
    Scalar number(ToDoubleFunction<StepNumbers> formula);

    /**
     * Returns signs.
     *
     * @param a the operand
     * @return −1, 0 or 1
     */
    Operand sign(Operand a);

    /**
     * Adds a number.
     *
     * @param a the operand
     * @param k the number
     * @return {@code a + k}
     */
    Operand add(Operand a, Scalar k);

    /**
     * Adds a multiple of an operand.
     *
     * @param a the operand
     * @param b what is added
     * @param k the number that {@code b} is multiplied by
     * @return {@code a + k·b}
     */
    Operand add(Operand a, Operand b, Scalar k);

    /**
     * Multiplies by a number.
     *
     * @param a the operand
     * @param k the number
     * @return {@code k·a}
     */
    Operand mul(Operand a, Scalar k);

    /**
     * Multiplies.
     *
     * @param a the one factor
     * @param b the other: like {@code a}, or of a {@link Step} an array that is like it but for
     *     dimensions of 1 in either, or a scalar array for each parameter
     * @return {@code a·b}
     */
    Operand mul(Operand a, Operand b);

    /**
     * Divides.
     *
     * @param a the dividend
     * @param b the divisor: like {@code a}, or of a {@link Step} an array that is like it but for
     *     dimensions of 1, or a scalar array for each parameter
     * @return {@code a/b}
     */
    Operand div(Operand a, Operand b);
}
