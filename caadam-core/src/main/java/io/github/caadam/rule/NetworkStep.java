// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.rule;

/**
 * The part of a step that is of the whole network, as {@link UpdateRule#settle} sees it: sums over
 * all parameters, the rule's numbers, and operations on them. They lie where the parameters lie and
 * never come to Java, so that many steps can be made in one call of an engine. An operand is one
 * number in double precision here. Operations return something new, and have the names of {@link
 * Step}'s. The numbers that {@link #number} takes are the network's: its step, and as rate the
 * largest learning rate of all parameters before scaling; there is no decay.
 *
 * @since 0.1.0
 */
public interface NetworkStep extends Arithmetic {

    /**
     * Returns what {@link Step#addToSum} added up in this step.
     *
     * @param name the name of the sum
     * @return the sum over all parameters
     * @throws IllegalArgumentException if nothing was added to a sum of this name
     */
    Operand sum(String name);

    /**
     * Returns a number of the rule.
     *
     * @param name the name of one of {@link UpdateRule#networkNumbers}
     * @return its present value, which a later {@link #set} does not change
     * @throws IllegalArgumentException if the rule has no number of this name
     */
    Operand networkNumber(String name);

    /**
     * Sets a number of the rule.
     *
     * @param name the name of one of {@link UpdateRule#networkNumbers}
     * @param value the value from now on
     * @throws IllegalArgumentException if the rule has no number of this name
     */
    void set(String name, Operand value);

    /**
     * Raises to a power.
     *
     * @param a the operand, 0 or more
     * @param exponent the exponent
     * @return {@code a} to this power; 1 where both are 0
     */
    Operand pow(Operand a, double exponent);

    /**
     * Returns the larger of two.
     *
     * @param a the one
     * @param b the other
     * @return {@code max(a, b)}
     */
    Operand maximum(Operand a, Operand b);

    /**
     * Returns the smaller of two.
     *
     * @param a the one
     * @param b the other
     * @return {@code min(a, b)}
     */
    Operand minimum(Operand a, Operand b);

    /**
     * Limits from below.
     *
     * @param a the operand
     * @param low the smallest result
     * @return {@code max(a, low)}
     */
    Operand clampMin(Operand a, Scalar low);
}
