// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.benchmark.Throughput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts that spend a lent GPU, on a CPU with a small study. */
class GpuLeaseTest {

    private static final String STUDY =
            """
            format: 1
            name: small
            data: [friedman1]
            models: ["mlp:4"]
            optimizers: [adam, "caadam:multiplicative"]
            protocol:
              batch-size: 64
              epochs: %d
              validation: {share: 0.2, take: last}
            seeds: 3
            """;

    /** More than a lease can make, and a short study. */
    private static final int ENDLESS = 1_000_000;

    @TempDir private Path directory;

    @BeforeEach
    void putTheScriptsBesideAJava() throws IOException {
        for (String script : List.of("lease.sh", "pack.sh")) {
            Files.copy(Path.of("../scripts/gpu", script), directory.resolve(script));
        }
        Files.createSymbolicLink(
                directory.resolve("java"), Path.of(System.getProperty("java.home")));
        Shell.writeJar(directory.resolve("caadam.jar"));
    }

    @Test
    void aLeaseMeasuresAndTrainsAndPacksTheRuns() throws Exception {
        Files.writeString(directory.resolve("study.yaml"), STUDY.formatted(2));

        String printed = lease(600, Map.of("MEASURE", "0.1", "MEASURE_ALL", "1"));

        assertThat(printed)
                .contains("as usual")
                .contains("\"caadam run\" ended with 0")
                .contains("packed 6 runs and 0 checkpoints");
        unpack();
        assertThat(names("home/runs")).hasSize(6);
        assertThat(directory.resolve("home/plan.json")).exists();
        assertThat(directory.resolve("home/throughput").resolve(Throughput.TABLE)).exists();

        assertThat(lease(600, Map.of("MEASURE", "0.1")))
                .doesNotContain("as usual")
                .contains("packed 6 runs");
    }

    @Test
    void aLeaseStopsAtItsDeadlineAndTheNextOneGoesOn() throws Exception {
        Files.writeString(directory.resolve("study.yaml"), STUDY.formatted(ENDLESS));

        assertThat(epochsAfterLeases(0)).isPositive();
        List<String> states = names("home/checkpoints");
        int epochs = epochs(states.get(0));
        assertThat(epochsAfterLeases(epochs)).isGreaterThan(epochs);
        assertThat(names("home/checkpoints")).isEqualTo(states).hasSize(1);
    }

    /** Grants leases, each longer, as a busy machine may need, until there are more epochs. */
    private int epochsAfterLeases(int before) throws Exception {
        int epochs = before;
        for (int seconds = 15; epochs == before && seconds < 300; seconds *= 2) {
            long start = System.nanoTime();
            String printed = lease(seconds, Map.of("MEASURE", "0", "PACKING", "4", "WORKERS", "1"));
            assertThat((System.nanoTime() - start) / 1e9).isBetween(seconds - 6.0, seconds + 6.0);
            assertThat(printed)
                    .contains("stopped at the deadline")
                    .contains("packed 0 runs and ")
                    .contains(" checkpoints; checkpoints left out: none");
            unpack();
            if (Files.exists(directory.resolve("home/checkpoints"))) {
                epochs = epochs(names("home/checkpoints").get(0));
            }
        }
        return epochs;
    }

    @Test
    void allRunsArePackedAndTheNewestCheckpointsThatFit() throws Exception {
        Path store = directory.resolve("store");
        write(store.resolve("plan.json"), 100, 0);
        write(store.resolve(".lock"), 1, 0);
        write(store.resolve("runs/a.json"), 30_000, 0);
        write(store.resolve("checkpoints/old/epoch-0001/weights.npz"), 40_000, 1);
        write(store.resolve("checkpoints/large/epoch-0001/weights.npz"), 90_000, 4);
        write(store.resolve("checkpoints/new/epoch-0001/weights.npz"), 40_000, 3);
        write(store.resolve("checkpoints/newer/epoch-0001/weights.npz"), 10_000, 2);
        write(store.resolve("checkpoints/newer/epoch-0002.1f.part/weights.npz"), 80_000, 2);
        write(store.resolve("checkpoints/newer/epoch-0002.1f.part.lock"), 1, 0);
        write(store.resolve("runs/b.json.1f.part"), 80_000, 0);

        String printed = shell("sh pack.sh store out 100000 40000", Map.of());

        assertThat(printed)
                .isEqualTo("packed 1 runs and 2 checkpoints; checkpoints left out: large old\n");
        try (Stream<Path> files = Files.list(directory.resolve("out"))) {
            List<Long> sizes = files.map(file -> file.toFile().length()).toList();
            assertThat(sizes).allMatch(size -> size <= 40_000);
            assertThat(sizes.stream().mapToLong(Long::longValue).sum()).isLessThan(100_000);
        }
        unpack();
        assertThat(names("home/checkpoints")).containsExactly("new", "newer");
        assertThat(directory.resolve("home/checkpoints/new/epoch-0001/weights.npz"))
                .hasSize(40_000);
        assertThat(names("home/checkpoints/newer")).containsExactly("epoch-0001");
        assertThat(directory.resolve("home/runs/a.json")).hasSize(30_000);
        assertThat(directory.resolve("home/.lock")).doesNotExist();
    }

    private static void write(Path file, int size, int minute) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[size]);
        Path run = file.getParent().getParent();
        if (minute > 0) {
            Files.setLastModifiedTime(run, FileTime.fromMillis(minute * 60_000L));
        }
    }

    private String lease(int seconds, Map<String, String> settings) throws Exception {
        return shell(
                "STUDY=study.yaml ONLY= RUNS=3 DEVICE=cpu BENCH='--only mlp:4' OUT=$PWD/out"
                        + " sh lease.sh "
                        + seconds,
                settings);
    }

    private void unpack() throws Exception {
        shell("mkdir -p home; rm -rf home/*; cat out/store.tar.* | tar x -C home", Map.of());
    }

    private List<String> names(String folder) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(folder))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** A checkpoint's folder is named by its epochs. */
    private int epochs(String run) throws IOException {
        return names("home/checkpoints/" + run).stream()
                .mapToInt(name -> Integer.parseInt(name.split("-", -1)[1]))
                .max()
                .orElseThrow();
    }

    private String shell(String command, Map<String, String> settings) throws Exception {
        return Shell.run(directory, command, settings);
    }
}
