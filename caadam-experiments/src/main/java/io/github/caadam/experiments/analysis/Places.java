// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import io.github.caadam.experiments.results.RunRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where runs were made: machines, devices, engines, and whatever else changes numbers or times.
 *
 * @since 0.1.0
 */
public final class Places {

    private static final Pattern SEPARATOR = Pattern.compile("[,;] ");

    /** How many runs were made in each place, in the order of first appearance. */
    private final Map<String, Integer> runs = new LinkedHashMap<>();

    private Places(Collection<RunRow> rows) {
        rows.forEach(row -> runs.merge(row.place(), 1, Integer::sum));
    }

    /**
     * Finds the places of runs.
     *
     * @param rows finished runs
     * @return the places
     */
    public static Places of(Collection<RunRow> rows) {
        return new Places(rows);
    }

    /**
     * Returns whether the runs were made in several places.
     *
     * @return whether they were
     */
    public boolean areSeveral() {
        return runs.size() > 1;
    }

    /**
     * Returns which of these places some of the runs were made in.
     *
     * @param rows some of the runs
     * @return the numbers of the places, from 1, such as {@code 1, 3}
     */
    public String numbers(Collection<RunRow> rows) {
        List<String> all = List.copyOf(runs.keySet());
        return rows.stream()
                .map(row -> all.indexOf(row.place()) + 1)
                .distinct()
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
    }

    /**
     * Returns the places for a caption: of each what it has not in common with the others.
     *
     * @return such as {@code made in 2 places: 1: AMD EPYC (20 runs), 2: Intel Xeon (10 runs)}
     */
    public String describe() {
        Set<String> common = new LinkedHashSet<>(facts(runs.keySet().iterator().next()));
        runs.keySet().forEach(place -> common.retainAll(facts(place)));
        List<String> parts = new ArrayList<>();
        runs.forEach(
                (place, count) -> {
                    List<String> own = new ArrayList<>(facts(place));
                    own.removeAll(common);
                    String name =
                            place.isEmpty()
                                    ? "unknown"
                                    : own.isEmpty() ? place : String.join(", ", own);
                    parts.add(
                            (parts.size() + 1)
                                    + ": "
                                    + name
                                    + " ("
                                    + count
                                    + (count == 1 ? " run)" : " runs)"));
                });
        return "made in " + runs.size() + " places: " + String.join(", ", parts);
    }

    private static List<String> facts(String place) {
        return List.of(SEPARATOR.split(place, -1));
    }

    /**
     * Returns whether times of two sides can be compared: each place has runs of both, and runs of
     * one index were made in one place.
     *
     * @param some the finished runs of one side
     * @param others those of the other
     * @return whether they can
     */
    public static boolean areAlike(Collection<RunRow> some, Collection<RunRow> others) {
        if (!places(some).equals(places(others))) {
            return false;
        }
        Map<Integer, String> byIndex =
                some.stream()
                        .collect(Collectors.toMap(RunRow::run, RunRow::place, (one, other) -> one));
        return others.stream()
                .allMatch(run -> byIndex.getOrDefault(run.run(), run.place()).equals(run.place()));
    }

    private static Set<String> places(Collection<RunRow> rows) {
        return rows.stream().map(RunRow::place).collect(Collectors.toSet());
    }
}
