// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What became of a planned run. */
public enum RunStatus {
    /** It has a result. */
    FINISHED,
    /** Its loss became NaN or infinite. */
    DIVERGED,
    /** It was trained to its end, but a metric is NaN or infinite. */
    INVALID,
    /** It was tried and gave nothing. */
    FAILED,
    /** It was not made yet. */
    MISSING;

    /**
     * Returns the word for it.
     *
     * @return such as {@code finished}, as {@code runs.csv} and the run's file have it
     */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Finds a status by its word.
     *
     * @param label the word
     * @return the status
     * @throws IllegalArgumentException if there is none of that word; the message lists the words
     */
    @JsonCreator
    public static RunStatus byLabel(String label) {
        return Arrays.stream(values())
                .filter(status -> status.label().equals(label))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "Unknown status \""
                                                + label
                                                + "\"; valid are: "
                                                + Arrays.stream(values())
                                                        .map(RunStatus::label)
                                                        .collect(Collectors.joining(", "))
                                                + "."));
    }
}
