// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** The rows of a table, one after the other, so that a large file needs little memory. */
final class CsvRows implements Closeable {

    private static final char REPLACEMENT = '\uFFFD';

    private final Path file;
    private final CsvFormat format;
    private final BoundedReader input;
    private final CSVParser parser;
    private final Iterator<CSVRecord> records;
    private String[] values;
    private long line;

    /**
     * Opens a table before its first row, the header included.
     *
     * @throws IOException if there is no such file, or it is no text
     */
    CsvRows(Path file, CsvFormat format) throws IOException {
        this(file, format, CsvInput.reader(file, format.encoding()));
    }

    /** Reads rows from the beginning of a text that stands for the file. */
    CsvRows(Path file, CsvFormat format, Reader text) throws IOException {
        this.file = file;
        this.format = format;
        input =
                new BoundedReader(
                        format.separator() == CsvFormat.SPACES ? new SpacesReader(text) : text);
        CSVFormat.Builder builder =
                CSVFormat.DEFAULT
                        .builder()
                        .setDelimiter(format.separator())
                        .setQuote(format.quote() == CsvFormat.NO_QUOTE ? null : format.quote())
                        .setIgnoreSurroundingSpaces(format.separator() != CsvFormat.SPACES)
                        // Empty lines are skipped here, as the parser does not count them.
                        .setIgnoreEmptyLines(false);
        parser = CSVParser.builder().setReader(input).setFormat(builder.get()).get();
        records = parser.iterator();
    }

    /**
     * Goes to the next row that is not empty.
     *
     * @return whether there is one
     * @throws IOException if the file cannot be read, or a quote is wrong; the message has file and
     *     line
     */
    boolean next() throws IOException {
        do {
            line = parser.getCurrentLineNumber() + 1;
            input.newRow();
            try {
                if (!records.hasNext()) {
                    return false;
                }
                values = records.next().values();
            } catch (UncheckedIOException e) {
                throw fault(reason(e.getCause()), e);
            } catch (IllegalStateException e) {
                throw fault(reason(e), e);
            }
        } while (values.length == 1 && values[0].isBlank());
        for (int i = 0; i < values.length; i++) {
            values[i] = values[i].strip();
        }
        return true;
    }

    private String reason(Throwable cause) {
        if (input.exceeded()) {
            return "the row is longer than "
                    + String.format("%,d", BoundedReader.LONGEST)
                    + " letters. A quote that is never closed does that; say quote: none if "
                    + format.quote()
                    + " is an ordinary letter here.";
        }
        String message = String.valueOf(cause.getMessage());
        if (message.contains("EOF")) {
            return "the value in quotes has no end. Close its "
                    + format.quote()
                    + ", or say quote: none if that is an ordinary letter here.";
        }
        if (message.contains("Invalid character")) {
            return "something follows a closed quote. Write a "
                    + format.quote()
                    + " inside a value twice, or say quote: none if it is an ordinary letter.";
        }
        return message.endsWith(".") ? message : message + ".";
    }

    /** Returns the line that the row begins in, from 1. */
    long line() {
        return line;
    }

    /** Returns the number of values of the row. */
    int size() {
        return values.length;
    }

    /**
     * Returns a value of the row, without spaces around it.
     *
     * @throws IOException if it has bytes that are no letters in the encoding; the message has
     *     file, line and column
     */
    String get(int column) throws IOException {
        String value = values[column];
        if (value.indexOf(REPLACEMENT) >= 0) {
            throw fault(
                    "column "
                            + (column + 1)
                            + " has bytes that are no letters in "
                            + format.encoding()
                            + ". Say which encoding the file has, such as encoding: windows-1252.",
                    null);
        }
        return value;
    }

    /** Returns the values of the row, without spaces around them, as far as they are letters. */
    List<String> values() {
        return List.of(values);
    }

    private IOException fault(String what, Exception cause) {
        return new IOException(file.getFileName() + ":" + line + ": " + what, cause);
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }

    /** Ends a row that does not end, before it fills the memory. */
    private static final class BoundedReader extends Reader {

        static final int LONGEST = 1 << 24;

        private final Reader in;
        private long sinceRow;

        BoundedReader(Reader in) {
            this.in = in;
        }

        void newRow() {
            sinceRow = 0;
        }

        boolean exceeded() {
            return sinceRow > LONGEST;
        }

        @Override
        public int read(char[] buffer, int offset, int length) throws IOException {
            if (exceeded()) {
                throw new IOException("The row is too long.");
            }
            int read = in.read(buffer, offset, length);
            sinceRow += Math.max(read, 0);
            return read;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    /** Makes one space of spaces and tabs, and none at the beginning and the end of a line. */
    private static final class SpacesReader extends Reader {

        private static final int NONE = -1;

        private final Reader in;
        private int held = NONE;
        private boolean atStart = true;

        SpacesReader(Reader in) {
            this.in = new BufferedReader(in);
        }

        @Override
        public int read(char[] buffer, int offset, int length) throws IOException {
            int written = 0;
            for (int letter = 0; written < length && (letter = letter()) >= 0; written++) {
                buffer[offset + written] = (char) letter;
            }
            return written == 0 && length > 0 ? -1 : written;
        }

        private int letter() throws IOException {
            int letter = held == NONE ? in.read() : held;
            held = NONE;
            if (!isSpace(letter)) {
                atStart = isEnd(letter);
                return letter;
            }
            while (isSpace(letter)) {
                letter = in.read();
            }
            if (atStart || isEnd(letter) || letter < 0) {
                atStart = isEnd(letter);
                return letter;
            }
            held = letter;
            return ' ';
        }

        private static boolean isSpace(int letter) {
            return letter == ' ' || letter == '\t';
        }

        private static boolean isEnd(int letter) {
            return letter == '\n' || letter == '\r';
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
