// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * A name that may become that of a file: letters and digits of any script, and {@code . _ + -}
 * after the first. So it is one part of a path, is not hidden, names no parent and is no option of
 * a command.
 *
 * @param text the name, of 1 to 60 characters
 * @since 0.1.0
 */
public record SafeName(@JsonValue String text) {

    /** What a name may be, for messages. */
    public static final String RULE =
            "of letters, digits and . _ + -, begins with a letter or a digit and has 60 characters"
                    + " or fewer";

    private static final Pattern NAME =
            Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}._+-]{0,59}");

    private static final Pattern RUN_ID = Pattern.compile("[0-9a-f]{16}");

    /** Checks the name; also what JSON is read by. */
    @JsonCreator
    public SafeName {
        if (text == null || !NAME.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "A name is " + RULE + ", found " + quoted(text) + ".");
        }
    }

    /**
     * Checks the id of a run.
     *
     * @param text what was read
     * @return the id: 16 hex digits, in lower case
     * @throws IllegalArgumentException if it is something else
     */
    public static SafeName runId(String text) {
        if (!isRunId(text)) {
            throw new IllegalArgumentException(
                    "The id of a run is 16 digits of 0-9 and a-f, found " + quoted(text) + ".");
        }
        return new SafeName(text);
    }

    /**
     * Returns whether a text is the id of a run.
     *
     * @param text what was read, or null
     * @return whether it is 16 hex digits, in lower case
     */
    public static boolean isRunId(String text) {
        return text != null && RUN_ID.matcher(text).matches();
    }

    /** Puts a text of unknown origin into a message: on one line, and not all of a long one. */
    private static String quoted(String text) {
        if (text == null) {
            return "none";
        }
        String start = text.length() > 80 ? text.substring(0, 80) + "..." : text;
        return '"' + start.replaceAll("\\p{Cntrl}", "?") + '"';
    }

    /** Returns the text alone. */
    @Override
    public String toString() {
        return text;
    }
}
