// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.io.ByteOrderMark;
import org.apache.commons.io.input.BOMInputStream;

/** A text file, compressed by gzip or not, with a byte order mark or without. */
final class CsvInput {

    /** Other formats that come under the name of a table, by their first bytes. */
    private static final Map<String, String> NO_TEXT =
            Map.of(
                    "PK\u0003\u0004", "a workbook or a zip archive",
                    "PAR1\u0015", "a Parquet file",
                    "\u0089HDF", "an HDF5 file",
                    "BZh91AY&", "a file compressed by bzip2",
                    "\u00FD7zXZ", "a file compressed by xz",
                    "(\u00B5/\u00FD", "a file compressed by zstd",
                    "\u00D0\u00CF\u0011\u00E0", "an old workbook",
                    "\u0093NUMPY", "a NumPy array");

    private CsvInput() {}

    /**
     * Opens a file.
     *
     * @return its contents, decompressed; {@link BOMInputStream#getBOM} has the byte order mark,
     *     which is no part of them
     * @throws IOException if there is none, it cannot be read, or it is no text
     */
    static BOMInputStream open(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + " is a directory, not a table.");
        }
        InputStream in;
        try {
            in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "There is no file "
                            + file.toAbsolutePath().normalize()
                            + ". Paths are relative to the study's file.",
                    e);
        }
        try {
            return ofText(file, in);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static BOMInputStream ofText(Path file, InputStream in) throws IOException {
        in.mark(8);
        byte[] first = in.readNBytes(8);
        in.reset();
        InputStream contents = in;
        if (first.length > 1 && first[0] == 0x1f && first[1] == (byte) 0x8b) {
            contents =
                    new BufferedInputStream(
                            GzipCompressorInputStream.builder()
                                    .setInputStream(in)
                                    .setDecompressConcatenated(true)
                                    .get(),
                            1 << 16);
        }
        String start = new String(first, StandardCharsets.ISO_8859_1);
        for (Map.Entry<String, String> other : NO_TEXT.entrySet()) {
            if (start.startsWith(other.getKey())) {
                throw new IOException(
                        file
                                + " is "
                                + other.getValue()
                                + ", not a table as text. Save it as CSV first.");
            }
        }
        return BOMInputStream.builder()
                .setInputStream(contents)
                .setByteOrderMarks(
                        ByteOrderMark.UTF_8,
                        ByteOrderMark.UTF_16LE,
                        ByteOrderMark.UTF_16BE,
                        ByteOrderMark.UTF_32LE,
                        ByteOrderMark.UTF_32BE)
                .setInclude(false)
                .get();
    }

    /** Opens a file as letters; what is none in the encoding becomes {@code U+FFFD}. */
    static Reader reader(Path file, Charset encoding) throws IOException {
        return new InputStreamReader(
                open(file),
                encoding.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE));
    }
}
