// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * Writes text files whole or not at all: under a temporary name that ends in {@code .part}, then
 * renamed, so that a kill leaves the old file or the new one.
 */
public final class WholeFile {

    /** How the temporary names end. */
    static final String PART = ".part";

    private WholeFile() {}

    /**
     * Writes a file, replacing one of the same name.
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
            Files.writeString(temporary, text, StandardCharsets.UTF_8);
            Files.move(
                    temporary,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
