// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * CSV files with a header line, in UTF-8, as RFC 4180 has them but for the ends of lines.
 *
 * @since 0.1.0
 */
public final class CsvFile {

    private CsvFile() {}

    /** Takes the lines of a file. */
    @FunctionalInterface
    public interface Lines {

        /**
         * Takes a line.
         *
         * @param line the line
         * @throws IOException if it cannot be used
         * @throws IllegalArgumentException if a cell of it is not what it should be
         */
        void take(CSVRecord line) throws IOException;
    }

    /**
     * Reads a file.
     *
     * @param file the file
     * @param what what it holds, for messages, such as {@code runs}
     * @param columns the columns that it must have
     * @param lines what takes its lines, in their order
     * @throws IOException if the file is missing, lacks a column, is not UTF-8 or not CSV, or a
     *     line cannot be used; the message says which file and line
     */
    public static void read(Path file, String what, List<String> columns, Lines lines)
            throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("There is no file " + file + ".");
        }
        try (Reader reader = Utf8Text.reader(file);
                CSVParser parser =
                        CSVFormat.RFC4180
                                .builder()
                                .setHeader()
                                .setSkipHeaderRecord(true)
                                .get()
                                .parse(reader)) {
            for (String column : columns) {
                if (!parser.getHeaderMap().containsKey(column)) {
                    throw new IOException(
                            file
                                    + " has no column \""
                                    + column
                                    + "\"; a file of "
                                    + what
                                    + " has "
                                    + String.join(", ", columns)
                                    + ".");
                }
            }
            for (CSVRecord line : parser) {
                take(lines, line, file);
            }
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is not text in UTF-8; save it as such.", e);
        } catch (UncheckedIOException e) {
            throw notSuchAFile(file, what, e.getCause());
        } catch (IllegalArgumentException e) {
            throw notSuchAFile(file, what, e);
        }
    }

    private static void take(Lines lines, CSVRecord line, Path file) throws IOException {
        try {
            lines.take(line);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ", line " + number(line) + ": " + e.getMessage(), e);
        }
    }

    private static IOException notSuchAFile(Path file, String what, Exception cause) {
        return cause instanceof CharacterCodingException
                ? new IOException(file + " is not text in UTF-8; save it as such.", cause)
                : new IOException(
                        file + " is not a file of " + what + ": " + cause.getMessage(), cause);
    }

    /** The number of a line, from 1, if no cell has several. */
    static long number(CSVRecord line) {
        return line.getRecordNumber() + 1;
    }

    /**
     * Writes a table as text. Words that a spreadsheet would run are made text by {@link
     * CsvText#guard}.
     *
     * @param columns the header
     * @param rows the cells, row by row
     * @return the text
     */
    public static String text(List<String> columns, List<? extends List<?>> rows) {
        StringBuilder text = new StringBuilder();
        try (CSVPrinter csv =
                CSVFormat.RFC4180.builder().setRecordSeparator('\n').get().print(text)) {
            csv.printRecord(columns);
            for (List<?> row : rows) {
                for (Object cell : row) {
                    csv.print(cell instanceof String words ? CsvText.guard(words) : cell);
                }
                csv.println();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /**
     * Writes a file; it is complete or unchanged.
     *
     * @param file the file
     * @param columns the header
     * @param rows the cells, row by row
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, List<String> columns, List<? extends List<?>> rows)
            throws IOException {
        WholeFile.write(file, text(columns, rows));
    }
}
