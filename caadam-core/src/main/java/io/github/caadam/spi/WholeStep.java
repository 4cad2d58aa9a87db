// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.spi;

import io.github.caadam.rule.NetworkNumber;
import io.github.caadam.rule.NetworkStep;
import io.github.caadam.rule.Operand;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the groups of a step have in common: sums over all of them, and the numbers of the network.
 *
 * @since 0.1.0
 */
public abstract class WholeStep implements NetworkStep {

    private final List<NetworkNumber> numbers;
    private final Map<String, Operand> sums = new LinkedHashMap<>();
    private final Map<String, Operand> present = new HashMap<>();

    /**
     * Creates a step.
     *
     * @param numbers the rule's numbers of the network
     */
    protected WholeStep(List<NetworkNumber> numbers) {
        this.numbers = List.copyOf(numbers);
    }

    /** Adds the sum over a group. */
    final void addToSum(String name, Operand ofGroup) {
        sums.merge(name, ofGroup, (sum, other) -> add(sum, other, constant(1)));
    }

    /** {@inheritDoc} */
    @Override
    public final Operand sum(String name) {
        Operand sum = sums.get(name);
        if (sum == null) {
            throw new IllegalArgumentException(
                    "Nothing was added to a sum \""
                            + name
                            + "\" in this step; the sums are "
                            + sums.keySet()
                            + ".");
        }
        return sum;
    }

    /** {@inheritDoc} */
    @Override
    public final Operand networkNumber(String name) {
        int place = place(name);
        return present.computeIfAbsent(name, key -> value(place));
    }

    /** {@inheritDoc} */
    @Override
    public final void set(String name, Operand value) {
        assign(place(name), value);
        present.remove(name);
    }

    private int place(String name) {
        for (int i = 0; i < numbers.size(); i++) {
            if (numbers.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException(
                "The rule has no number \""
                        + name
                        + "\" of the network; its numbers are "
                        + numbers
                        + ".");
    }

    /**
     * Returns the value of a number, which does not change when the number does.
     *
     * @param place the place of the number
     * @return the value
     */
    protected abstract Operand value(int place);

    /**
     * Sets a number.
     *
     * @param place the place of the number
     * @param value the value
     */
    protected abstract void assign(int place, Operand value);
}
