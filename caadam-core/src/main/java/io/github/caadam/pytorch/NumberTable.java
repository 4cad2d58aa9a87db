// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import io.github.caadam.rule.StepNumbers;
import io.github.caadam.spi.NotAcceleratedException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The numbers of a step that a program takes: those that its groups asked for while the program was
 * written, in that order.
 */
final class NumberTable {

    /** Stands for the network in the place of a group. */
    private static final int NETWORK = -1;

    private final List<Place> places = new ArrayList<>();
    private int size;

    /**
     * Where a number comes from.
     *
     * @param group the index of the group, or {@link #NETWORK}
     * @param formula the number as a function of the group's
     * @param size how many places it takes
     */
    private record Place(int group, ToDoubleFunction<StepNumbers> formula, int size) {

        /** The number at a learning rate that is multiplied by some number. */
        private double at(StepNumbers[] ofGroups, double factor) {
            return formula.applyAsDouble(ofGroups[group].times(factor));
        }
    }

    /** Adds a number of a group; returns its place. */
    int add(int group, ToDoubleFunction<StepNumbers> formula) {
        return add(new Place(group, formula, 1));
    }

    /**
     * Adds a number of a group whose learning rate is multiplied by a number that only the program
     * knows; returns the place of what it is at 0. Behind it stands by how much it grows to 1, and
     * then on.
     */
    int addLinear(int group, ToDoubleFunction<StepNumbers> formula) {
        return add(new Place(group, formula, 2));
    }

    private int add(Place place) {
        int at = size;
        places.add(place);
        size += place.size();
        return at;
    }

    /** Adds a number of the network; returns its place. */
    int addOfNetwork(ToDoubleFunction<StepNumbers> formula) {
        return add(new Place(NETWORK, formula, 1));
    }

    int size() {
        return size;
    }

    /**
     * Checks that the numbers which were added as such grow evenly with the learning rate.
     *
     * @param ofGroups the numbers of the groups
     * @throws NotAcceleratedException if one does not
     */
    void requireLinear(StepNumbers[] ofGroups) throws NotAcceleratedException {
        for (Place place : places) {
            if (place.size() == 2) {
                double start = place.at(ofGroups, 0);
                double slope = place.at(ofGroups, 1) - start;
                double found = place.at(ofGroups, 2);
                if (!(Math.abs(found - start - 2 * slope) <= 1e-6 * Math.abs(found))) {
                    throw new NotAcceleratedException(
                            "optimizer",
                            "a number of its rule is not proportional to a learning rate that"
                                    + " follows the weights");
                }
            }
        }
    }

    /**
     * Computes the numbers of a step.
     *
     * @param ofGroups the numbers of the groups
     * @param ofNetwork the numbers of the network
     * @param target where they go
     * @param from the place of the first
     */
    void fill(StepNumbers[] ofGroups, StepNumbers ofNetwork, double[] target, int from) {
        int at = from;
        for (Place place : places) {
            if (place.size() == 1) {
                StepNumbers of = place.group() == NETWORK ? ofNetwork : ofGroups[place.group()];
                target[at] = place.formula().applyAsDouble(of);
            } else {
                target[at] = place.at(ofGroups, 0);
                target[at + 1] = place.at(ofGroups, 1) - target[at];
            }
            at += place.size();
        }
    }
}
