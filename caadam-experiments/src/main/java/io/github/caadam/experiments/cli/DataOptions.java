// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.dataset.DataDirectories;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where data is looked for. */
final class DataOptions {

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description =
                    "Where data files are; looked in before CAADAM_DATA_DIR and the user's cache.")
    private Path dataDir;

    /** Returns the options as another process takes them. */
    List<String> arguments() {
        return dataDir == null ? List.of() : List.of("--data-dir", dataDir.toString());
    }

    DataDirectories directories() {
        return DataDirectories.of(Optional.ofNullable(dataDir));
    }
}
