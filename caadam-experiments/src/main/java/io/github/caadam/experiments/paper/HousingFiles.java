// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import io.github.caadam.experiments.dataset.GzipFiles;
import io.github.caadam.experiments.dataset.Table;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.LineNumberReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.io.input.BOMInputStream;

/** Reads the three public forms of California Housing: text, sklearn's archive, Keras' arrays. */
final class HousingFiles {

    static final String TEXT = "cal_housing.data";
    static final String ARCHIVE = "cal_housing.tgz";
    static final String ARRAYS = "california_housing.npz";

    /** All names, in the order in which a directory is searched for them. */
    static final List<String> NAMES = List.of(TEXT, ARCHIVE, ARRAYS);

    private static final int COLUMNS = 9;
    private static final int FEATURES = COLUMNS - 1;

    /** The real text has 1.9 MB; more than this is not that file. */
    private static final int SIZE_LIMIT = 16 << 20;

    /** How many characters of bad content an error quotes. */
    private static final int EXCERPT = 100;

    private static final byte[] NPY_MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};

    /** The magic number and the length of the header, two bytes. */
    private static final int NPY_PREFIX = NPY_MAGIC.length + 2;

    private static final Pattern NPY_HEADER =
            Pattern.compile(
                    "\\{'descr':\\s*'(?<type>[^']*)',\\s*'fortran_order':\\s*(?<order>True|False)"
                            + ",\\s*'shape':\\s*\\((?<shape>[^)]*)\\),?\\s*\\}");
    private static final Pattern NPY_SHAPE =
            Pattern.compile("(?<rows>[0-9]{1,9}),\\s*(?<columns>[0-9]{1,9})?");

    private HousingFiles() {}

    /**
     * Reads a file by the form that its name tells.
     *
     * @throws IOException if it is not a well-formed file of that form
     */
    static Table read(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        return switch (name) {
            case TEXT -> {
                try (InputStream in = Files.newInputStream(file)) {
                    yield readText(in);
                }
            }
            case ARCHIVE -> readArchive(file);
            case ARRAYS -> readArrays(file);
            default -> throw new IOException("expected one of " + NAMES + ", found " + name);
        };
    }

    private static Table readText(InputStream in) throws IOException {
        List<float[]> rows = new ArrayList<>();
        try (LineNumberReader reader =
                new LineNumberReader(
                        new InputStreamReader(
                                BOMInputStream.builder().setByteArray(readLimited(in)).get(),
                                StandardCharsets.US_ASCII))) {
            boolean first = true;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.isBlank()) {
                    continue;
                }
                if (!first || !line.startsWith("long")) {
                    rows.add(parseRow(line, reader.getLineNumber()));
                }
                first = false;
            }
        }
        float[] values = new float[rows.size() * COLUMNS];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, values, i * COLUMNS, COLUMNS);
        }
        return new Table(values, COLUMNS);
    }

    private static float[] parseRow(String line, int number) throws IOException {
        String[] fields = line.split(",", -1);
        if (fields.length != COLUMNS) {
            throw new IOException(
                    "line "
                            + number
                            + " has "
                            + fields.length
                            + (fields.length == 1 ? " column" : " columns")
                            + ", expected "
                            + COLUMNS);
        }
        float[] row = new float[COLUMNS];
        for (int c = 0; c < COLUMNS; c++) {
            String field = fields[c].trim();
            try {
                row[c] = (float) Double.parseDouble(field);
            } catch (NumberFormatException e) {
                throw new IOException(
                        "line "
                                + number
                                + ", column "
                                + (c + 1)
                                + " is not a number: \""
                                + excerpt(field)
                                + "\"",
                        e);
            }
        }
        return row;
    }

    private static Table readArchive(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                TarArchiveInputStream tar =
                        new TarArchiveInputStream(GzipFiles.decompress(in, SIZE_LIMIT))) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                if (entry.isFile() && entry.getName().endsWith("/" + TEXT)) {
                    return readText(tar);
                }
            }
        }
        throw new IOException("the archive has no entry " + TEXT);
    }

    private static Table readArrays(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            double[] x = readNpy(zip, "x.npy", FEATURES);
            double[] y = readNpy(zip, "y.npy", 1);
            if (x.length != y.length * FEATURES) {
                throw new IOException(
                        "x.npy has " + x.length / FEATURES + " rows, but y.npy has " + y.length);
            }
            float[] values = new float[y.length * COLUMNS];
            for (int row = 0; row < y.length; row++) {
                for (int c = 0; c < FEATURES; c++) {
                    values[row * COLUMNS + c] = (float) x[row * FEATURES + c];
                }
                values[row * COLUMNS + FEATURES] = (float) y[row];
            }
            return new Table(values, COLUMNS);
        }
    }

    /**
     * Reads a little-endian float array, row by row, of NumPy's .npy format, version 1; nothing is
     * unpickled.
     *
     * @param columns the size of the second axis; where it is 1, the array may lack that axis
     */
    private static double[] readNpy(ZipFile zip, String name, int columns) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new IOException("the archive has no array " + name);
        }
        byte[] bytes;
        try (InputStream in = zip.getInputStream(entry)) {
            bytes = readLimited(in);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int start =
                bytes.length < NPY_PREFIX
                        ? NPY_PREFIX
                        : NPY_PREFIX + Short.toUnsignedInt(buffer.getShort(NPY_PREFIX - 2));
        if (start > bytes.length || !startsWithMagic(bytes)) {
            throw new IOException(name + " is not a .npy array of version 1");
        }
        String header =
                new String(bytes, NPY_PREFIX, start - NPY_PREFIX, StandardCharsets.ISO_8859_1)
                        .trim();
        Matcher matcher = NPY_HEADER.matcher(header);
        if (!matcher.matches()) {
            throw new IOException(
                    name + " has a header that is not understood: " + excerpt(header));
        }
        int width = width(name, matcher.group("type"));
        if (matcher.group("order").equals("True")) {
            throw new IOException(name + " is in Fortran order, expected C order");
        }
        int rows = rows(name, matcher.group("shape"), columns);
        int count = (bytes.length - start) / width;
        if (bytes.length - start != (long) rows * columns * width) {
            throw new IOException(
                    name + " has " + count + " values, its shape says " + (long) rows * columns);
        }
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            int at = start + i * width;
            values[i] = width == Double.BYTES ? buffer.getDouble(at) : buffer.getFloat(at);
        }
        return values;
    }

    private static boolean startsWithMagic(byte[] bytes) {
        return Arrays.equals(bytes, 0, NPY_MAGIC.length, NPY_MAGIC, 0, NPY_MAGIC.length);
    }

    private static int width(String name, String type) throws IOException {
        return switch (type) {
            case "<f8" -> Double.BYTES;
            case "<f4" -> Float.BYTES;
            default ->
                    throw new IOException(
                            name
                                    + " has type "
                                    + type
                                    + ", expected <f4 or <f8 (little-endian floats)");
        };
    }

    private static int rows(String name, String shape, int columns) throws IOException {
        Matcher matcher = NPY_SHAPE.matcher(shape);
        boolean good =
                matcher.matches()
                        && (matcher.group("columns") == null
                                ? columns == 1
                                : Integer.parseInt(matcher.group("columns")) == columns);
        if (!good) {
            throw new IOException(
                    name
                            + " has shape ("
                            + shape
                            + "), expected "
                            + (columns == 1 ? "(n,) or (n, 1)" : "(n, " + columns + ")"));
        }
        return Integer.parseInt(matcher.group("rows"));
    }

    private static String excerpt(String text) {
        return text.length() <= EXCERPT ? text : text.substring(0, EXCERPT) + "…";
    }

    private static byte[] readLimited(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(SIZE_LIMIT + 1);
        if (bytes.length > SIZE_LIMIT) {
            throw new IOException("it is larger than " + (SIZE_LIMIT >> 20) + " MiB");
        }
        return bytes;
    }
}
