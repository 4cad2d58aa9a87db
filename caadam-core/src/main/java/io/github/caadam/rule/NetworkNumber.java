// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.rule;

/**
 * A number that an {@link UpdateRule} keeps of the whole network, such as an estimate to which all
 * parameters contribute. It lies in double precision where the parameters lie, and is saved with
 * the optimizer.
 *
 * @param name the name, such as {@code d}; under it the number is saved
 * @param initial the value before the first step, finite
 * @since 0.1.0
 */
public record NetworkNumber(String name, double initial) {

    /**
     * Checks the values.
     *
     * @param name the name
     * @param initial the value before the first step
     * @throws IllegalArgumentException if the name is none that a {@link Slot} can have, or the
     *     value is not finite
     */
    public NetworkNumber {
        Slot.zeros(name);
        if (!Double.isFinite(initial)) {
            throw new IllegalArgumentException(
                    "The number \""
                            + name
                            + "\" must begin as a finite number, found "
                            + initial
                            + ".");
        }
    }
}
