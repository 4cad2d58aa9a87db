// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Epochs of a run that were made in one place. A run that was interrupted may go on in another one.
 *
 * @param from the first of the epochs, from 1
 * @param to the last one; {@code from − 1} where the place only tested what others had trained
 * @param place where they were made
 * @param commit the commit of the code that made them; empty if not known
 * @param started when they were started, UTC; empty if not known
 * @param plugins what the run takes of plug-ins: the SHA-256 of each jar, in hex, by its name
 */
public record Stint(
        int from,
        int to,
        Place place,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String commit,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String started,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> plugins) {

    /**
     * Copies the plug-ins.
     *
     * @throws IllegalArgumentException if there are no such epochs, or the commit cannot be printed
     */
    public Stint {
        Objects.requireNonNull(place, "place");
        commit = CsvText.shared("commit", commit == null ? "" : commit);
        started = started == null ? "" : started;
        plugins =
                plugins == null || plugins.isEmpty()
                        ? Map.of()
                        : Collections.unmodifiableMap(new TreeMap<>(plugins));
        if (from < 1 || to < from - 1) {
            throw new IllegalArgumentException(
                    "Epochs of a place are from 1 on, found " + from + " to " + to + ".");
        }
    }

    /**
     * Describes all places of a run in one line, equal for runs whose epochs were made in places
     * that are alike.
     *
     * @param stints the stints of a run, in order
     * @return the place, with the epochs where there are several; empty if none is known
     */
    public static String describe(List<Stint> stints) {
        if (stints.stream().map(Stint::place).distinct().count() <= 1) {
            return stints.isEmpty() ? "" : stints.get(0).place().describe();
        }
        return stints.stream().map(Stint::text).collect(Collectors.joining("; "));
    }

    private String text() {
        return (to < from ? "test" : "epochs " + from + "-" + to) + ": " + place.describe();
    }
}
