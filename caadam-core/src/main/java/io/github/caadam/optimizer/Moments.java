// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import io.github.caadam.rule.Slot;
import java.util.ArrayList;
import java.util.List;

/**
 * The slots of optimizers that divide a first moment by {@code d + ε}, and how tiny numbers in them
 * are made zero. The first moments of the weights of a dead unit decay by {@code β₁} a step and
 * then stick at a few units of the smallest denormal number for ever, where a CPU is some 15 times
 * slower.
 *
 * <p>With {@code c = 1e-28} first moments move by at most 1.2e-35, while the roots of second
 * moments are 1e-19 or more, or zero, and then 1.2e-35 is divided by {@code ε}. With {@code c =
 * 1e-30} second moments move by at most 1.2e-37, their roots by 3.5e-19, which vanishes when {@code
 * ε} is added to it, if {@code ε} is above {@code 2²⁴} times that; if it is not, nothing is
 * flushed.
 */
final class Moments {

    private static final double FIRST_MOMENT = 1e-28;
    private static final double DENOMINATOR = 1e-30;
    private static final float SMALLEST_EPSILON = 1e-11f;

    private Moments() {}

    /**
     * Returns the slots.
     *
     * @param epsilon {@code ε}
     * @param first the name of the first moment
     * @param denominators the names of what the denominator is made of
     */
    static List<Slot> slots(float epsilon, String first, String... denominators) {
        List<Slot> slots = new ArrayList<>();
        slots.add(slot(first, FIRST_MOMENT, epsilon));
        for (String name : denominators) {
            slots.add(denominator(epsilon, name));
        }
        return List.copyOf(slots);
    }

    /** Returns a slot of which a denominator is made, to which {@code ε} is added. */
    static Slot denominator(float epsilon, String name) {
        return slot(name, DENOMINATOR, epsilon);
    }

    /** Returns a slot of which a step is a multiple, so that what is flushed moves no weight. */
    static Slot velocity(String name) {
        return Slot.zeros(name).flushedBy(FIRST_MOMENT);
    }

    private static Slot slot(String name, double flushedBy, float epsilon) {
        return Slot.zeros(name).flushedBy(epsilon >= SMALLEST_EPSILON ? flushedBy : 0);
    }
}
