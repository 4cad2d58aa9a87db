// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * What a column of a table becomes: one number, or a number of 0 or 1 for each of its texts.
 *
 * @param column where it is in the table
 * @param start its first place in a row of features
 * @param end the place after its last
 * @param places the place of each text; empty for numbers
 * @param missingPlace the place of a missing text; -1 if none is missing, or for numbers
 */
record TableFeature(int column, int start, int end, Map<String, Integer> places, int missingPlace) {

    static TableFeature number(int column, int start) {
        return new TableFeature(column, start, start + 1, Map.of(), -1);
    }

    /** Gives each text a place, in alphabetical order, and a missing one the last. */
    static TableFeature category(
            int column, int start, Collection<String> texts, boolean ownOfMissing) {
        Map<String, Integer> places = new HashMap<>();
        int next = start;
        for (String text : texts.stream().sorted().toList()) {
            places.put(text, next++);
        }
        return ownOfMissing
                ? new TableFeature(column, start, next + 1, places, next)
                : new TableFeature(column, start, next, places, -1);
    }

    boolean isNumber() {
        return places.isEmpty();
    }

    /** The place of a text; -1 for one that is not known. */
    int place(String text) {
        return places.getOrDefault(text, -1);
    }
}
