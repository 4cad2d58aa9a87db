// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.io.input.BoundedInputStream;

/** Files that may be compressed, which their names tell. */
public final class GzipFiles {

    /** How the names of compressed files end. */
    public static final String EXTENSION = ".gz";

    private GzipFiles() {}

    /**
     * Finds a file by its name, or else by its name as a compressed file.
     *
     * @param directory where to look
     * @param name the name of the file, decompressed
     * @return the file; empty if there is neither
     */
    public static Optional<Path> find(Path directory, String name) {
        return Stream.of(name, name + EXTENSION)
                .map(directory::resolve)
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private static InputStream open(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        if (!String.valueOf(file.getFileName()).endsWith(EXTENSION)) {
            return in;
        }
        try {
            return new GzipCompressorInputStream(in);
        } catch (IOException e) {
            in.close();
            throw new IOException(file.getFileName() + " is not compressed by gzip", e);
        }
    }

    /**
     * Decompresses up to a limit: a thousand bytes may be a million, and what reads an archive
     * skips or keeps them all.
     *
     * @param in what is compressed
     * @param limit the largest number of bytes that it may hold
     * @return what it holds; it throws an exception beyond the limit
     * @throws IOException if it is not compressed by gzip
     */
    public static InputStream decompress(InputStream in, long limit) throws IOException {
        return BoundedInputStream.builder()
                .setInputStream(new GzipCompressorInputStream(in))
                .setMaxCount(limit)
                .setOnMaxCount(
                        (most, count) -> {
                            throw new IOException("it holds more than " + most + " bytes");
                        })
                .get();
    }

    /**
     * Reads a file, decompressed.
     *
     * @param file the file
     * @param limit the largest number of bytes that it may hold
     * @return what it holds
     * @throws IOException if it holds more, or ends too early, or is damaged
     */
    public static byte[] read(Path file, int limit) throws IOException {
        try (InputStream contents = open(file)) {
            byte[] bytes = contents.readNBytes(limit);
            if (contents.read() >= 0) {
                throw new IOException(file.getFileName() + " holds more than " + limit + " bytes");
            }
            return bytes;
        } catch (EOFException e) {
            throw new IOException(file.getFileName() + " ends too early", e);
        }
    }
}
