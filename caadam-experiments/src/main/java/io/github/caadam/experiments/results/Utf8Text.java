// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.commons.io.IOUtils;
import org.apache.commons.io.input.BOMInputStream;
import org.apache.commons.io.input.ProxyInputStream;

/**
 * Reads texts in UTF-8, whatever the locale is, with or without the byte-order mark that
 * spreadsheets and some editors put before them.
 *
 * @since 0.1.0
 */
public final class Utf8Text {

    private Utf8Text() {}

    /**
     * Opens a file.
     *
     * @param file the file
     * @return its text, without a byte-order mark; it throws a {@link
     *     java.nio.charset.CharacterCodingException} where the file is not UTF-8, or has a zero,
     *     which no text has
     * @throws IOException if it cannot be opened
     */
    public static BufferedReader reader(Path file) throws IOException {
        return new BufferedReader(
                new InputStreamReader(
                        new WithoutZeros(BOMInputStream.builder().setPath(file).get()),
                        StandardCharsets.UTF_8.newDecoder()));
    }

    /**
     * Reads a file.
     *
     * @param file the file
     * @return its text, without a byte-order mark
     * @throws java.nio.charset.CharacterCodingException if it is not UTF-8
     * @throws IOException if it cannot be read
     */
    public static String read(Path file) throws IOException {
        try (BufferedReader reader = reader(file)) {
            return IOUtils.toString(reader);
        }
    }

    /** A file of zeros, however large, would be one line. */
    private static final class WithoutZeros extends ProxyInputStream {

        WithoutZeros(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] bytes, int from, int most) throws IOException {
            int count = super.read(bytes, from, most);
            for (int i = from; i < from + count; i++) {
                if (bytes[i] == 0) {
                    throw new MalformedInputException(1);
                }
            }
            return count;
        }
    }
}
