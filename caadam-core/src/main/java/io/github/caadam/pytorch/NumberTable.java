// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import io.github.caadam.rule.StepNumbers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The numbers of a step that a program takes: those that its groups asked for while the program was
 * written, in that order.
 */
final class NumberTable {

    private final List<Place> places = new ArrayList<>();

    /**
     * Where a number comes from.
     *
     * @param group the index of the group
     * @param formula the number as a function of the group's
     */
    private record Place(int group, ToDoubleFunction<StepNumbers> formula) {}

    /** Adds a number of a group; returns its place. */
    int add(int group, ToDoubleFunction<StepNumbers> formula) {
        places.add(new Place(group, formula));
        return places.size() - 1;
    }

    int size() {
        return places.size();
    }

    /**
     * Computes the numbers of a step.
     *
     * @param ofGroups the numbers of the groups
     * @param target where they go
     * @param from the place of the first
     */
    void fill(StepNumbers[] ofGroups, double[] target, int from) {
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            target[from + i] = place.formula().applyAsDouble(ofGroups[place.group()]);
        }
    }
}
