// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import ai.djl.Device;
import io.github.caadam.experiments.benchmark.Benchmark;
import io.github.caadam.experiments.benchmark.BenchmarkResult;
import io.github.caadam.experiments.benchmark.BenchmarkSettings;
import io.github.caadam.experiments.benchmark.TurnServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code caadam bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Times training beside stock DJL, in turns, in one process.",
            Benchmark.DESCRIPTION
        },
        footer = {
            "",
            "Examples:",
            "  caadam bench --out results/bench",
            "  caadam bench --quick --only mlp:64-32"
        })
final class BenchCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Where bench.csv, bench-details.csv and bench.json go (default: nowhere).")
    private Path out;

    @Option(
            names = "--only",
            paramLabel = "NETWORKS",
            split = ",",
            description = "Only these networks, such as mlp:64-32,resnet20.")
    private List<String> only;

    @Option(
            names = "--device",
            defaultValue = "cpu",
            description = "cpu or gpu (default: ${DEFAULT-VALUE}).")
    private DeviceKind device;

    @Option(
            names = "--quick",
            description = "A first impression in about a minute instead of under five.")
    private boolean quick;

    @Option(
            names = "--serve",
            hidden = true,
            description = "Trains on request, for scripts/bench/compare.py.")
    private boolean serve;

    @Mixin private ThreadOptions threads;

    @Override
    public Integer call() throws IOException {
        threads.settle();
        BenchmarkSettings settings = quick ? BenchmarkSettings.QUICK : BenchmarkSettings.DEFAULT;
        settings = only == null ? settings : settings.withNetworks(only);
        Device chosen = device.devices().get(0);
        PrintWriter output = spec.commandLine().getOut();
        if (serve) {
            new TurnServer(settings, chosen)
                    .serve(
                            new BufferedReader(
                                    new InputStreamReader(System.in, StandardCharsets.UTF_8)),
                            output);
            return 0;
        }
        BenchmarkResult result = new Benchmark(settings, chosen, output).run();
        if (out != null) {
            result.write(out).forEach(file -> output.println("wrote " + file));
            output.flush();
        }
        return 0;
    }
}
