// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import java.nio.charset.Charset;

/**
 * How a table is written.
 *
 * @param encoding how bytes are letters
 * @param separator what is between two values; {@link #SPACES} for any number of spaces and tabs
 * @param quote what is around values that have separators in them; {@link #NO_QUOTE} for nothing
 * @param decimal the decimal mark, {@code .} or {@code ,}
 * @param header whether the first line has the names of the columns
 */
record CsvFormat(Charset encoding, char separator, char quote, char decimal, boolean header) {

    /** Any number of spaces and tabs separates values. */
    static final char SPACES = ' ';

    /** Nothing is around values. */
    static final char NO_QUOTE = '\0';

    /** Returns the word that studies use for a separator. */
    static String separatorWord(char separator) {
        return switch (separator) {
            case ',' -> "comma";
            case ';' -> "semicolon";
            case '\t' -> "tab";
            case '|' -> "pipe";
            case SPACES -> "space";
            default -> String.valueOf(separator);
        };
    }

    /**
     * Reads a separator.
     *
     * @param word comma, semicolon, tab, pipe, space, or one character
     * @throws IllegalArgumentException if it is neither
     */
    static char separatorOf(String word) {
        return switch (word) {
            case "comma" -> ',';
            case "semicolon" -> ';';
            case "tab" -> '\t';
            case "pipe" -> '|';
            case "space" -> SPACES;
            default -> {
                if (word.length() != 1 || "\"'\r\n".contains(word)) {
                    throw new IllegalArgumentException(
                            "\"separator\" must be comma, semicolon, tab, pipe, space or one"
                                    + " character, found "
                                    + word
                                    + ".");
                }
                yield word.charAt(0);
            }
        };
    }
}
