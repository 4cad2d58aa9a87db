// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import ai.djl.Device;
import io.github.caadam.experiments.benchmark.Benchmark;
import io.github.caadam.experiments.benchmark.BenchmarkResult;
import io.github.caadam.experiments.benchmark.BenchmarkSettings;
import io.github.caadam.experiments.benchmark.Throughput;
import io.github.caadam.experiments.benchmark.ThroughputServer;
import io.github.caadam.experiments.benchmark.TurnServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
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
            Benchmark.DESCRIPTION,
            Throughput.DESCRIPTION
        },
        footer = {
            "",
            "Examples:",
            "  caadam bench --out results/bench",
            "  caadam bench --quick --only mlp:64-32",
            "  caadam bench --throughput --device gpu --out results/bench-gpu"
        })
final class BenchCommand implements Callable<Integer> {

    private static final String THROUGHPUT = "--throughput";
    private static final String SERVE_THROUGHPUT = "--serve-throughput";

    /** Batches of images between two looks at the clock. */
    private static final int BATCHES_OF_GPU = 64;

    private static final int BATCHES_OF_CPU = 1;

    @Spec private CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Where bench.csv, bench-details.csv and bench.json go (default: nowhere); with"
                            + " --throughput, throughput.csv and throughput.env.")
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

    @ArgGroup(exclusive = false)
    private ManyProcesses many;

    @Option(
            names = SERVE_THROUGHPUT,
            hidden = true,
            paramLabel = "N",
            description = "Trains N networks on request, for --throughput.")
    private Integer networks;

    @Mixin private ThreadOptions threads;

    /** What is measured of many processes at once. */
    static final class ManyProcesses {

        @Option(
                names = THROUGHPUT,
                required = true,
                description =
                        "Measure many processes at once, one network each (default: resnet20), in"
                                + " place of turns.")
        @SuppressWarnings("UnusedVariable") // That it is given says all.
        private boolean throughput;

        @Option(
                names = "--seconds",
                paramLabel = "SECONDS",
                defaultValue = "30",
                description =
                        "How long each measurement of --throughput takes (default:"
                                + " ${DEFAULT-VALUE}).")
        private double seconds;

        @Option(
                names = "--budget",
                paramLabel = "SECONDS",
                defaultValue = "3600",
                description =
                        "After how long --throughput is to be done; what would not end in time is"
                                + " not begun (default: ${DEFAULT-VALUE}).")
        private double budget;

        @Option(
                names = "--processes",
                paramLabel = "N",
                description =
                        "How many processes --throughput compares settings with, before it asks for"
                                + " their number (default: one less than there are cores).")
        private Integer processes;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        int settledThreads = threads.settle();
        if (many != null) {
            return measureThroughput(settledThreads);
        }
        BenchmarkSettings settings = quick ? BenchmarkSettings.QUICK : BenchmarkSettings.DEFAULT;
        settings = only == null ? settings : settings.withNetworks(only);
        Device chosen = device.devices().get(0);
        PrintWriter output = spec.commandLine().getOut();
        if (networks != null) {
            int batches = chosen.isGpu() ? BATCHES_OF_GPU : BATCHES_OF_CPU;
            new ThroughputServer(settings.withImageBatches(batches), network(), chosen, networks)
                    .serve(input(), output);
            return 0;
        }
        if (serve) {
            new TurnServer(settings, chosen).serve(input(), output);
            return 0;
        }
        BenchmarkResult result = new Benchmark(settings, chosen, output).run();
        if (out != null) {
            result.write(out).forEach(file -> output.println("wrote " + file));
            output.flush();
        }
        return 0;
    }

    private static BufferedReader input() {
        return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    }

    private String network() {
        List<String> chosen = only == null ? List.of("resnet20") : only;
        if (chosen.size() != 1) {
            throw new IllegalArgumentException(
                    THROUGHPUT + " takes one network, found --only " + String.join(",", chosen));
        }
        return chosen.get(0);
    }

    private int measureThroughput(int settledThreads) throws IOException, InterruptedException {
        int together =
                many.processes == null
                        ? Math.max(1, Runtime.getRuntime().availableProcessors() - 1)
                        : many.processes;
        if (quick || serve || networks != null) {
            throw new IllegalArgumentException(
                    THROUGHPUT + " does not go together with --quick or --serve.");
        }
        if (together < 1 || !(many.seconds > 0) || !(many.budget > 0)) {
            throw new IllegalArgumentException(
                    THROUGHPUT
                            + " takes --processes of 1 or more, and --seconds and --budget above"
                            + " 0.");
        }
        List<String> server =
                List.of(
                        Main.class.getName(),
                        "bench",
                        "--only",
                        network(),
                        "--device",
                        device.name().toLowerCase(Locale.ROOT),
                        "--threads",
                        Integer.toString(settledThreads),
                        SERVE_THROUGHPUT);
        Path directory = out == null ? Files.createTempDirectory("caadam-throughput") : out;
        boolean measured =
                new Throughput(
                                server,
                                together,
                                many.seconds,
                                Duration.ofMillis((long) (1000 * many.budget)),
                                spec.commandLine().getOut(),
                                directory)
                        .run();
        return measured ? 0 : Main.FAILED;
    }
}
