package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.dataset.DataDirectories;
import java.nio.file.Path;
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

    DataDirectories directories() {
        return DataDirectories.of(Optional.ofNullable(dataDir));
    }
}
