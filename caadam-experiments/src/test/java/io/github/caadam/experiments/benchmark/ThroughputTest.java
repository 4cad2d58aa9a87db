// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThroughputTest {

    private static final BenchmarkSettings TINY =
            new BenchmarkSettings(List.of("mlp:4"), 130, 1, 3, 12, 1, 2, 2, Duration.ZERO);

    @TempDir private Path directory;

    private final StringWriter text = new StringWriter();

    @Test
    void serverTrainsSeveralNetworksForTheSecondsThatAreAskedFor() throws Exception {
        long start = System.nanoTime();
        new ThroughputServer(TINY, "mlp:4", Device.cpu(), 2)
                .serve(new BufferedReader(new StringReader("0.2\n0.1\n")), new PrintWriter(text));

        assertThat(System.nanoTime() - start).isGreaterThan(300_000_000L);
        List<String> lines = text.toString().lines().toList();
        assertThat(lines.get(0)).isEqualTo("throughput ready");
        assertThat(lines.subList(1, 3)).allMatch(line -> line.matches("throughput [0-9.]+"));
        assertThat(lines).hasSize(3);
    }

    @Test
    void processesAreMeasuredAndWhatIsBestStandsInFiles() throws Exception {
        boolean measured =
                new Throughput(
                                server("mlp:4"),
                                2,
                                0.5,
                                Duration.ofSeconds(1),
                                new PrintWriter(text),
                                directory)
                        .run();

        // How long one takes is not known before the first.
        assertThat(measured).isTrue();
        List<String> lines = Files.readAllLines(directory.resolve(Throughput.TABLE));
        assertThat(lines.get(0))
                .isEqualTo(
                        "question,programs,cudnn_benchmark,processes,networks,"
                                + "samples_per_second,remark");
        assertThat(lines.get(1)).matches("as usual,,false,2,1,[0-9.]+,kept");
        assertThat(lines.get(2))
                .isEqualTo("channels first,channels-first,false,2,1,,not measured: the time is up");
        assertThat(Files.readString(directory.resolve(Throughput.BEST)))
                .isEqualTo("WORKERS=2\nBEST_OPTS=''\n");
        assertThat(text.toString()).contains("best: 2 × 1\n");
    }

    @Test
    void aProcessThatCannotTrainSaysWhy() throws Exception {
        boolean measured =
                new Throughput(
                                server("mlp:none"),
                                1,
                                0.1,
                                Duration.ofSeconds(1),
                                new PrintWriter(text),
                                directory)
                        .run();

        assertThat(measured).isFalse();
        assertThat(Files.readString(directory.resolve(Throughput.TABLE)))
                .contains("failed: caadam: ")
                .contains("mlp:none");
    }

    private static List<String> server(String network) {
        return List.of(
                "io.github.caadam.experiments.cli.Main",
                "bench",
                "--only",
                network,
                "--device",
                "cpu",
                "--serve-throughput");
    }
}
