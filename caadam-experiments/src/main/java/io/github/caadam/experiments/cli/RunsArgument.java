// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** The finished runs that a command reads, and where it writes if nothing else is said. */
final class RunsArgument {

    @Parameters(
            index = "0",
            paramLabel = "DIR",
            description =
                    "The directory of a study, as \"caadam run --out\" names it; or a runs.csv,"
                            + " which knows of no losses by epoch.")
    private Path runs;

    /** Returns the directory or the file. */
    Path path() {
        return runs;
    }

    /** Returns a name in the directory of the study. */
    Path beside(String name) {
        return Files.isRegularFile(runs) ? runs.resolveSibling(name) : runs.resolve(name);
    }
}
