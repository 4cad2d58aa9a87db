// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes text files whole or not at all: under a temporary name that ends in {@code .part}, forced
 * to the disk, then renamed, so that a kill or a power cut leaves the old file or the new one.
 */
public final class WholeFile {

    /** How the temporary names end. */
    static final String PART = ".part";

    private WholeFile() {}

    /**
     * Writes a file, replacing one of the same name. When it returns, the file is on the disk.
     *
     * @param file the file; its directory is created if missing
     * @param text what goes into it
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, String text) throws IOException {
        Path target = file.toAbsolutePath();
        Files.createDirectories(target.getParent());
        Path temporary =
                target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + PART);
        try {
            try (FileChannel channel =
                    FileChannel.open(
                            temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(
                    temporary,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            forceNames(target.getParent());
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Forces what a directory names to the disk; Windows, which does it unasked, cannot. */
    private static void forceNames(Path directory) throws IOException {
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
                names.force(true);
            }
        }
    }
}
