// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** The components that are files; their content counts. */
final class FileComponents {

    private final List<FileFormat> formats = new ArrayList<>();

    FileComponents() {
        ServiceLoader.load(FileFormat.class).forEach(formats::add);
    }

    /** Opens a file as what its name ends with says. */
    Catalog.Entry open(Kind kind, String reference) {
        Path file = Path.of(reference);
        for (FileFormat format : formats) {
            if (format.kind() == kind
                    && format.extensions().stream().anyMatch(reference::endsWith)) {
                try {
                    if (!Files.isRegularFile(file)) {
                        throw new IOException("There is no file " + file + ".");
                    }
                    return new Catalog.Entry(format.open(file), reference, Digests.of(file));
                } catch (IOException e) {
                    throw new IllegalArgumentException(e.getMessage(), e);
                }
            }
        }
        List<String> known =
                formats.stream()
                        .filter(format -> format.kind() == kind)
                        .flatMap(format -> format.extensions().stream())
                        .toList();
        throw new IllegalArgumentException(
                known.isEmpty()
                        ? "No file is " + kind.noun() + "; give a name."
                        : "The file of "
                                + kind.noun()
                                + " ends with one of "
                                + String.join(", ", known)
                                + ", found "
                                + reference
                                + ".");
    }
}
