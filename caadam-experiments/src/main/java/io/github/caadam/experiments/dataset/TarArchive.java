// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Reads files out of a compressed archive into memory. Nothing is unpacked to disk, only files that
 * are asked for are read, and none beyond the size that it must have, so that neither a path nor a
 * size that an archive claims can do harm. An archive that holds much besides is refused.
 */
public final class TarArchive {

    private static final long BESIDES = 1 << 20;

    private TarArchive() {}

    /**
     * Reads files.
     *
     * @param archive the archive, {@code .tar.gz}
     * @param sizes the path of each file in the archive, and its size in bytes
     * @return the contents by path
     * @throws IOException if the archive is cut short or malformed, or a file is missing or has
     *     another size
     */
    public static Map<String, byte[]> read(Path archive, Map<String, Long> sizes)
            throws IOException {
        Map<String, byte[]> contents = new HashMap<>();
        try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
                TarArchiveInputStream tar =
                        new TarArchiveInputStream(GzipFiles.decompress(file, limit(sizes)))) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null && contents.size() < sizes.size();
                    entry = tar.getNextEntry()) {
                Long size = sizes.get(entry.getName());
                if (size != null && entry.isFile()) {
                    if (entry.getSize() != size) {
                        throw new IOException(
                                entry.getName()
                                        + " in it has "
                                        + entry.getSize()
                                        + " bytes, expected "
                                        + size);
                    }
                    byte[] bytes = tar.readNBytes(Math.toIntExact(size));
                    if (bytes.length != size) {
                        throw new EOFException("it ends too early");
                    }
                    contents.put(entry.getName(), bytes);
                }
            }
        }
        for (String path : sizes.keySet()) {
            if (!contents.containsKey(path)) {
                throw new IOException("it has no " + path);
            }
        }
        return contents;
    }

    /** With room for as much besides, such as descriptions. */
    private static long limit(Map<String, Long> sizes) {
        return 2 * sizes.values().stream().mapToLong(Long::longValue).sum() + BESIDES;
    }
}
