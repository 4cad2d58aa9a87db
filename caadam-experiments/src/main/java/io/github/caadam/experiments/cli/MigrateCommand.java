// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.execution.Migration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code caadam migrate}. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description = {
            "Copies the runs of an older version into a new directory, in the present format.",
            "Results are taken over unchanged; the ids of old go on to be found."
        },
        footer = {"", "Example:", "  caadam migrate runs/quickstart runs/quickstart-2"})
final class MigrateCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "OLD",
            description = "The directory of the older version; nothing is changed in it.")
    private Path from;

    @Parameters(
            index = "1",
            paramLabel = "NEW",
            description = "The directory to make; it must not exist.")
    private Path to;

    @Option(
            names = "--places",
            paramLabel = "FILE",
            description =
                    "A JSON file that says more of the places of earlier epochs than the older"
                            + " version kept.")
    private Path places;

    @Override
    public Integer call() throws IOException {
        Migration.migrate(from, to, Optional.ofNullable(places))
                .forEach(spec.commandLine().getOut()::println);
        spec.commandLine().getOut().flush();
        return 0;
    }
}
