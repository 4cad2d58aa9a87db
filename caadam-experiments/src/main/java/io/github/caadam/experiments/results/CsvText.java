// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import java.util.regex.Pattern;

/**
 * Text in the cells of CSV files, which a spreadsheet must not take for a formula: one that starts
 * like a formula has an apostrophe before it.
 *
 * @since 0.1.0
 */
public final class CsvText {

    /** What starts a formula in some spreadsheet, full-width forms included, behind apostrophes. */
    private static final Pattern FORMULA =
            Pattern.compile("'*[=+\\-@\\t\\r\\n\\uff1d\\uff0b\\uff0d\\uff20].*", Pattern.DOTALL);

    /** Controls, line and paragraph separators, controls of the writing direction, lone halves. */
    private static final Pattern UNPRINTABLE =
            Pattern.compile(
                    "[\\p{Cc}\\p{Cs}\\u2028\\u2029\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]");

    private static final Shared<String> PRINTABLE = new Shared<>();

    private CsvText() {}

    /**
     * Returns the cell of a text.
     *
     * @param text any text
     * @return the text, with an apostrophe before it if a spreadsheet would run it
     */
    public static String guard(String text) {
        return FORMULA.matcher(text).matches() ? "'" + text : text;
    }

    /**
     * Returns the text of a cell.
     *
     * @param cell what {@link #guard} returned
     * @return the text
     */
    public static String unguard(String cell) {
        return cell.startsWith("'") && FORMULA.matcher(cell).matches() ? cell.substring(1) : cell;
    }

    /**
     * Refuses text that cannot be shown as it is.
     *
     * @param what what the text is, for the message
     * @param text the text
     * @return the text
     * @throws NullPointerException if it is null
     * @throws IllegalArgumentException if it has control characters, separators of lines, controls
     *     of the writing direction, or half a character
     */
    public static String requirePrintable(String what, String text) {
        if (UNPRINTABLE.matcher(text).find()) {
            throw new IllegalArgumentException(
                    "The "
                            + what
                            + " has characters that cannot be printed: \""
                            + UNPRINTABLE.matcher(text).replaceAll("\ufffd")
                            + "\".");
        }
        return text;
    }

    /**
     * Refuses text like {@link #requirePrintable}, of which many runs have the same.
     *
     * @param what what the text is, for the message
     * @param text the text
     * @return the text; equal ones are one object
     */
    static String shared(String what, String text) {
        return PRINTABLE.one(text, one -> requirePrintable(what, one));
    }
}
