// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.execution.WorkerServer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caadam worker}, which other commands start. */
@Command(
        name = "worker",
        hidden = true,
        mixinStandardHelpOptions = true,
        description =
                "Makes runs that it is told on standard input, a line of JSON each; started by"
                        + " \"caadam run --workers\".",
        footer = {"", "Example:", "  caadam worker --data-dir ~/data"})
final class WorkerCommand implements Callable<Integer> {

    @Option(
            names = WorkerServer.CHECKPOINTS,
            paramLabel = "DIR",
            description = "Where the states of long runs under way are kept (default: nowhere).")
    private Path checkpoints;

    @Mixin private DataOptions data;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintStream replies = System.out;
        // Whatever else is printed must not end up between the replies.
        System.setOut(System.err);
        new WorkerServer(data.directories(), Optional.ofNullable(checkpoints))
                .serve(System.in, replies);
        return 0;
    }
}
