// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What compiled programs do otherwise than they do unless told, which changes results by rounding
 * only. The system property {@value #PROPERTY} names them, with commas between. Which of them are
 * faster depends on the device: {@code caadam bench --throughput} measures it.
 */
enum ProgramOption {

    /** Images lie in memory with their channels first, as they come. */
    CHANNELS_FIRST,

    /**
     * Gradients of convolutional networks are written out, too, where every layer has a gradient
     * that can be, rather than come by automatic differentiation.
     */
    EXPLICIT_GRADIENTS,

    /**
     * With explicit gradients, a batch normalisation and the ReLU behind it are written as
     * arithmetic of single numbers, which the engine fuses into one kernel where it has a fuser for
     * the device.
     */
    FUSED_NORMS;

    static final String PROPERTY = "caadam.programs";

    /**
     * Returns what the system property says.
     *
     * @throws IllegalArgumentException if it has another word
     */
    static Set<ProgramOption> chosen() {
        return parse(System.getProperty(PROPERTY, ""));
    }

    /** Reads words with commas between. */
    static Set<ProgramOption> parse(String text) {
        Set<ProgramOption> chosen = EnumSet.noneOf(ProgramOption.class);
        if (!text.isBlank()) {
            for (String word : text.split(",", -1)) {
                chosen.add(named(word.strip()));
            }
        }
        return chosen;
    }

    private static ProgramOption named(String word) {
        return Arrays.stream(values())
                .filter(option -> option.word().equals(word))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "-D"
                                                + PROPERTY
                                                + " takes some of "
                                                + Arrays.stream(values())
                                                        .map(ProgramOption::word)
                                                        .collect(Collectors.joining(", "))
                                                + ", with commas between, found \""
                                                + word
                                                + "\"."));
    }

    /** Returns how the property names it. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
