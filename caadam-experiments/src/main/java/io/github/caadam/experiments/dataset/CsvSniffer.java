// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.commons.io.IOUtils;
import org.apache.commons.io.input.BOMInputStream;

/**
 * Finds out how a table is written, where the study does not say so.
 *
 * <ul>
 *   <li>Encoding: that of the byte order mark, whatever the study says; else UTF-8 if the whole
 *       file is UTF-8; else windows-1252.
 *   <li>Separator: of tab, semicolon, pipe, comma and spaces the one that makes the most of the
 *       first rows equally long, of two values or more; the first of them where several do.
 *   <li>Quote: {@code "}; or {@code '} where values of the first rows are in such and none in
 *       {@code "}.
 *   <li>Decimal mark: a comma where the first rows have numbers with one and none with a point.
 *       What may be thousands, such as 1,234, is not guessed.
 *   <li>Header: the first row is one if none of its values is a number and no two are equal.
 * </ul>
 */
final class CsvSniffer {

    /** What a study says of the format; what it leaves open is found. */
    record Given(
            Optional<String> encoding,
            Optional<String> separator,
            Optional<String> quote,
            Optional<String> decimal,
            Optional<Boolean> header) {

        static final Given NOTHING =
                new Given(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
    }

    private static final int SAMPLE_LETTERS = 1 << 18;
    private static final int SAMPLE_ROWS = 200;
    private static final String SEPARATORS = "\t;|, ";
    private static final Pattern WITH_COMMA = Pattern.compile("[-+]?\\d*,\\d+([eE][-+]?\\d+)?");
    private static final Pattern WITH_POINT = Pattern.compile("[-+]?\\d*\\.\\d+([eE][-+]?\\d+)?");
    private static final Pattern THOUSANDS = Pattern.compile("[-+]?[1-9]\\d{0,2}(,\\d{3})+");

    private final Path file;
    private final Given given;
    private final Charset encoding;
    private final String sample;
    private boolean cut;

    private CsvSniffer(Path file, Given given) throws IOException {
        this.file = file;
        this.given = given;
        encoding = encoding();
        sample = sample();
    }

    /**
     * Finds the format of a table.
     *
     * @param file the table
     * @param given what is known of it
     * @return the format
     * @throws IOException if the file cannot be read, is empty or no table, or leaves a question
     *     that cannot be guessed; the message says which option answers it
     * @throws IllegalArgumentException if what is given is no encoding, separator or quote
     */
    static CsvFormat find(Path file, Given given) throws IOException {
        return new CsvSniffer(file, given).format();
    }

    private CsvFormat format() throws IOException {
        if (sample.isBlank()) {
            throw new IOException(file + " is empty.");
        }
        char quote = given.quote().map(CsvSniffer::quoteOf).orElseGet(this::quote);
        char separator = separator(quote);
        List<List<String>> rows = rows(separator, quote, SAMPLE_ROWS);
        char decimal = given.decimal().isPresent() ? decimalOf(given.decimal()) : decimal(rows);
        boolean header = given.header().orElseGet(() -> isHeader(rows.get(0), decimal));
        return new CsvFormat(encoding, separator, quote, decimal, header);
    }

    private static char quoteOf(String word) {
        return switch (word) {
            case "double" -> '"';
            case "single" -> '\'';
            case "none" -> CsvFormat.NO_QUOTE;
            default ->
                    throw new IllegalArgumentException(
                            "\"quote\" must be double, single or none, found " + word + ".");
        };
    }

    private static char decimalOf(Optional<String> word) {
        return word.orElse("point").equals("comma") ? ',' : '.';
    }

    private Charset encoding() throws IOException {
        try (BOMInputStream in = CsvInput.open(file)) {
            if (in.hasBOM()) {
                return Charset.forName(in.getBOMCharsetName());
            }
            if (given.encoding().isEmpty()) {
                return isUtf8(in) ? StandardCharsets.UTF_8 : Charset.forName("windows-1252");
            }
            try {
                return Charset.forName(given.encoding().get());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "\"encoding\" must be one that Java knows, such as UTF-8 or windows-1252,"
                                + " found "
                                + given.encoding().get()
                                + ".",
                        e);
            }
        }
    }

    private boolean isUtf8(InputStream in) throws IOException {
        CharsetDecoder decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
        CharBuffer letters = CharBuffer.allocate(1 << 16);
        boolean end = false;
        while (!end) {
            int read = IOUtils.read(in, bytes.array(), bytes.position(), bytes.remaining());
            end = read < bytes.remaining();
            for (int i = bytes.position(); i < bytes.position() + read; i++) {
                if (bytes.array()[i] == 0) {
                    throw new IOException(
                            file
                                    + " has bytes of zero: it is no table as text, or in an"
                                    + " encoding of two bytes. Say which, such as encoding:"
                                    + " UTF-16LE.");
                }
            }
            bytes.position(bytes.position() + read).flip();
            letters.clear();
            if (decoder.decode(bytes, letters, end).isError()) {
                return false;
            }
            bytes.compact();
        }
        return true;
    }

    /** The first letters, up to the end of a line where the file goes on. */
    private String sample() throws IOException {
        char[] letters = new char[SAMPLE_LETTERS];
        try (Reader reader = CsvInput.reader(file, encoding)) {
            int read = IOUtils.read(reader, letters);
            String text = new String(letters, 0, read);
            int lastEnd = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'));
            cut = read == letters.length && lastEnd >= 0;
            return cut ? text.substring(0, lastEnd + 1) : text;
        }
    }

    private char quote() {
        boolean doubled = Pattern.compile("(^|[\t;|, \n\r])\"").matcher(sample).find();
        boolean single =
                Pattern.compile("(^|[\t;|,\n\r])'[^'\n\r]*'([\t;|,\n\r]|$)").matcher(sample).find();
        return single && !doubled ? '\'' : '"';
    }

    private char separator(char quote) throws IOException {
        if (given.separator().isPresent()) {
            return CsvFormat.separatorOf(given.separator().get());
        }
        char best = 0;
        double mostRegular = 0.5;
        for (int i = 0; i < SEPARATORS.length(); i++) {
            char candidate = SEPARATORS.charAt(i);
            double regular = regularity(candidate, quote);
            if (regular > mostRegular) {
                best = candidate;
                mostRegular = regular;
            }
        }
        if (best == 0) {
            throw new IOException(
                    file
                            + ": no tab, semicolon, pipe, comma or space makes rows of the same"
                            + " length. Say which separator it has, such as separator: comma.");
        }
        return best;
    }

    /** The share of the first rows that have the most frequent length, if that is 2 or more. */
    private double regularity(char separator, char quote) {
        List<List<String>> rows;
        try {
            rows = rows(separator, quote, SAMPLE_ROWS);
        } catch (IOException e) {
            return 0;
        }
        Map<Integer, Long> lengths =
                rows.stream().collect(Collectors.groupingBy(List::size, Collectors.counting()));
        Map.Entry<Integer, Long> most =
                Collections.max(lengths.entrySet(), Map.Entry.comparingByValue());
        return most.getKey() > 1 ? (double) most.getValue() / rows.size() : 0;
    }

    private List<List<String>> rows(char separator, char quote, int most) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        CsvFormat format = new CsvFormat(encoding, separator, quote, '.', false);
        try (CsvRows all = new CsvRows(file, format, new StringReader(sample))) {
            while (rows.size() < most && all.next()) {
                rows.add(all.values());
            }
        } catch (IOException e) {
            // Where the sample ends inside a value, its last row has a quote without end.
            if (!cut || rows.isEmpty()) {
                throw e;
            }
        }
        if (rows.isEmpty()) {
            throw new IOException(file + " has no rows.");
        }
        return rows;
    }

    private char decimal(List<List<String>> rows) throws IOException {
        boolean comma = false;
        String thousands = "";
        for (List<String> row : rows) {
            for (String value : row) {
                if (WITH_POINT.matcher(value).matches()) {
                    return '.';
                }
                if (THOUSANDS.matcher(value).matches()) {
                    thousands = value;
                } else {
                    comma |= WITH_COMMA.matcher(value).matches();
                }
            }
        }
        if (!comma && !thousands.isEmpty()) {
            throw new IOException(
                    file
                            + ": "
                            + thousands
                            + " may be a fraction or thousands. Say decimal: comma, if it is a"
                            + " fraction; else take the commas out of the numbers.");
        }
        return comma ? ',' : '.';
    }

    private static boolean isHeader(List<String> row, char decimal) {
        Set<String> names = new HashSet<>();
        for (String value : row) {
            if (NumberText.isNumber(value, decimal) || !names.add(value)) {
                return false;
            }
        }
        return true;
    }
}
