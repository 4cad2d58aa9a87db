// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/** How the epochs of a training are executed. Results differ by rounding. */
public enum Execution {

    /** As one call of a generated program each, where the network can be compiled; else eagerly. */
    COMPILED,

    /** Operation by operation. */
    EAGER;

    /**
     * Returns the name that results use.
     *
     * @return the name, such as {@code compiled}
     */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Finds an execution by its name.
     *
     * @param label the name that results use
     * @return the execution
     * @throws IllegalArgumentException if there is none of that name; the message lists the names
     */
    @JsonCreator
    public static Execution byLabel(String label) {
        return Arrays.stream(values())
                .filter(execution -> execution.label().equals(label))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "Unknown execution \""
                                                + label
                                                + "\"; valid are: compiled, eager."));
    }
}
