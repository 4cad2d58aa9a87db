// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Plugins;
import io.github.caadam.experiments.execution.WorkerServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
        description = "Makes the runs that \"caadam run\" tells it over a socket.",
        footer = {"", "Example:", "  caadam worker --socket /tmp/caadam/worker"})
final class WorkerCommand implements Callable<Integer> {

    @Option(
            names = WorkerServer.SOCKET,
            paramLabel = "FILE",
            required = true,
            description = "The Unix-domain socket where \"caadam run\" listens.")
    private Path socket;

    @Option(
            names = WorkerServer.CHECKPOINTS,
            paramLabel = "DIR",
            description = "Where the states of long runs under way are kept (default: nowhere).")
    private Path checkpoints;

    @Option(
            names = WorkerServer.PLUGIN,
            paramLabel = "JAR=SHA256",
            description = "A plug-in, and the digest that it must have.")
    private List<String> given = List.of();

    @Mixin private DataOptions data;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Plugins plugins = Plugins.same(given.stream().map(Plugins.Jar::parse).toList());
        plugins.install();
        new WorkerServer(Catalog.of(plugins), data.directories(), Optional.ofNullable(checkpoints))
                .serve(socket);
        return 0;
    }
}
