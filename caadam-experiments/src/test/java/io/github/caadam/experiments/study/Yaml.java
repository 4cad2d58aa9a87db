// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import io.github.caadam.experiments.Suite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Studies on Friedman's first problem, for tests. */
final class Yaml {

    /** A protocol of which nothing matters. */
    static final String PROTOCOL = "protocol: {batch-size: 64, epochs: 5}\n";

    private Yaml() {}

    /** Reads a study of some optimizers, each a line of YAML behind a dash. */
    static Study study(Path directory, String models, String further, String... optimizers) {
        StringBuilder text =
                new StringBuilder("format: 1\nname: s\ndata: [friedman1]\nmodels: [")
                        .append(models)
                        .append("]\noptimizers:\n");
        for (String optimizer : optimizers) {
            text.append("  - ").append(optimizer).append('\n');
        }
        text.append(further);
        return read(directory, text.toString());
    }

    /** Writes a file and reads it. */
    static Study read(Path directory, String text) {
        try {
            return Suite.study(Files.writeString(directory.resolve("s.yaml"), text).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
