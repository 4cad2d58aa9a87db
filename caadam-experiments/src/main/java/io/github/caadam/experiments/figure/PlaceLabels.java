// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import java.util.List;
import java.util.function.Function;

/** Names in place of numbers along an axis: the first at one distance from zero, and so on. */
final class PlaceLabels implements Function<Double, String> {

    /** XChart sets no ticks where the ends of an axis have the same label, so blanks differ. */
    private static final String BLANK_BEFORE = " ";

    private static final String BLANK = "  ";

    private final List<String> names;
    private final double distance;

    /**
     * Creates labels.
     *
     * @param names the names, 1 or more
     * @param distance from one to the next, in units of the axis
     */
    PlaceLabels(List<String> names, double distance) {
        this.names = List.copyOf(names);
        this.distance = distance;
    }

    @Override
    public String apply(Double place) {
        double index = place / distance - 1;
        if (index < 0) {
            return BLANK_BEFORE;
        }
        return index < names.size() && index == Math.rint(index) ? names.get((int) index) : BLANK;
    }
}
