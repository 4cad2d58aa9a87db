package io.github.caadam.experiments.dataset;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

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

    private static final Pattern NPY_SHAPE =
            Pattern.compile(
                    "'descr':\\s*'([^']+)'.*'fortran_order':\\s*False.*'shape':\\s*\\(([^)]*)\\)");

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
        byte[] bytes = readLimited(in);
        List<float[]> rows = new ArrayList<>();
        try (Reader reader =
                        new BufferedReader(
                                new InputStreamReader(
                                        new ByteArrayInputStream(bytes),
                                        StandardCharsets.US_ASCII));
                CSVParser parser = CSVFormat.DEFAULT.builder().setTrim(true).get().parse(reader)) {
            for (CSVRecord record : parser) {
                boolean header = record.getRecordNumber() == 1 && record.get(0).startsWith("long");
                if (!header) {
                    rows.add(parseRow(record));
                }
            }
        } catch (UncheckedIOException e) {
            throw new IOException("it is not comma-separated text: " + e.getMessage(), e);
        }
        float[] values = new float[rows.size() * COLUMNS];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, values, i * COLUMNS, COLUMNS);
        }
        return new Table(values, COLUMNS);
    }

    private static float[] parseRow(CSVRecord record) throws IOException {
        if (record.size() != COLUMNS) {
            throw new IOException(
                    "line "
                            + record.getRecordNumber()
                            + " has "
                            + record.size()
                            + " columns, expected "
                            + COLUMNS);
        }
        float[] row = new float[COLUMNS];
        for (int c = 0; c < COLUMNS; c++) {
            try {
                row[c] = (float) Double.parseDouble(record.get(c));
            } catch (NumberFormatException e) {
                throw new IOException(
                        "line "
                                + record.getRecordNumber()
                                + ", column "
                                + (c + 1)
                                + " is not a number: \""
                                + record.get(c)
                                + "\"",
                        e);
            }
        }
        return row;
    }

    private static Table readArchive(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                TarArchiveInputStream tar =
                        new TarArchiveInputStream(new GzipCompressorInputStream(in))) {
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
                throw new IOException("x has " + x.length + " values, y " + y.length);
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
     * Reads a little-endian float array of NumPy's .npy format, version 1; nothing is unpickled.
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
        if (bytes.length < 10 || bytes[1] != 'N' || bytes[2] != 'U' || bytes[6] != 1) {
            throw new IOException(name + " is not a .npy array of version 1");
        }
        int start = 10 + Short.toUnsignedInt(buffer.getShort(8));
        String header =
                start <= bytes.length
                        ? new String(bytes, 10, start - 10, StandardCharsets.ISO_8859_1)
                        : "";
        Matcher matcher = NPY_SHAPE.matcher(header);
        if (!matcher.find()) {
            throw new IOException(name + " is not a row-major array; its header is " + header);
        }
        int width =
                switch (matcher.group(1)) {
                    case "<f8" -> Double.BYTES;
                    case "<f4" -> Float.BYTES;
                    default ->
                            throw new IOException(
                                    name + " has type " + matcher.group(1) + ", expected floats");
                };
        int count = (bytes.length - start) / width;
        if (count % columns != 0) {
            throw new IOException(name + " is truncated: " + count + " values");
        }
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            int at = start + i * width;
            values[i] = width == Double.BYTES ? buffer.getDouble(at) : buffer.getFloat(at);
        }
        return values;
    }

    private static byte[] readLimited(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(SIZE_LIMIT + 1);
        if (bytes.length > SIZE_LIMIT) {
            throw new IOException("it is larger than " + (SIZE_LIMIT >> 20) + " MiB");
        }
        return bytes;
    }
}
