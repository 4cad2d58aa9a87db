// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.cli.Main;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drivers with a local master, as processes. */
class SparkPoolTest {

    /** The second network is too large for an array, so that its runs fail. */
    private static final String STUDY =
            """
            format: 1
            name: small
            data: [friedman1]
            models: ["mlp:8", "mlp:50000-50000"]
            optimizers: [adam, nadam]
            protocol:
              name: paper
              batch-size: 64
              epochs: 12
              validation: {share: 0.2, take: last}
              early-stopping: {patience: 15, min-delta: 1e-5}
              schedule:
                name: plateau
                options: {patience: 6, factor: 0.25, min-learning-rate: 2.5e-5, min-delta: 1e-5}
            seeds: 2
            """;

    @TempDir private Path directory;

    @Test
    void killedAndResumedStudyHasTheResultsAndFailuresOfTheProcessPool() throws Exception {
        Path out = directory.resolve("spark");
        Process driver = start(out, "--spark", "local[1]");
        while (times(out).isEmpty() && driver.isAlive()) {
            driver.waitFor(20, TimeUnit.MILLISECONDS);
        }
        List<ProcessHandle> workers = driver.children().toList();
        driver.destroyForcibly().waitFor();
        Map<String, FileTime> before = times(out);

        complete(out, "--spark", "local[2]");

        Path reference = directory.resolve("processes");
        complete(reference, "--workers", "2");
        Map<String, RunRecord> expected = runs(reference);
        Map<String, RunRecord> runs = runs(out);
        assertThat(runs).hasSize(4).containsOnlyKeys(expected.keySet());
        runs.forEach(
                (id, run) -> assertThat(run.hasSameResultAs(expected.get(id))).as(id).isTrue());
        assertThat(failures(out))
                .hasSize(4)
                .contains(
                        "friedman1 mlp:50000-50000 Nadam:none seed 1: 1x "
                                + "java.lang.ArithmeticException: integer overflow")
                .isEqualTo(failures(reference));
        assertThat(before).hasSizeBetween(1, 3);
        assertThat(times(out)).containsAllEntriesOf(before);
        assertThat(workers).hasSize(1);
        assertThat(workers.get(0).onExit().get(30, TimeUnit.SECONDS).isAlive()).isFalse();
    }

    private void complete(Path out, String... options) throws Exception {
        assertThat(start(out, options).waitFor()).as(() -> log(out)).isOne();
    }

    private Process start(Path out, String... options) throws IOException {
        Path study = Files.writeString(directory.resolve("small.yaml"), STUDY);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
        // These processes are too short for the second compiler to pay.
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.add("-Dspark.ui.enabled=false");
        command.add("-Dspark.driver.host=127.0.0.1");
        command.add("-Dspark.driver.bindAddress=127.0.0.1");
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Main.class.getName(), "run", study.toString()));
        command.addAll(List.of("--out", out.toString()));
        command.addAll(List.of(options));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile(out).toFile()))
                .start();
    }

    private static Map<String, RunRecord> runs(Path out) throws IOException {
        Map<String, RunRecord> runs = new TreeMap<>();
        RunStore.existing(out).all().forEach(run -> runs.put(run.id(), run));
        return runs;
    }

    private static List<String> failures(Path out) throws IOException {
        return RunStore.existing(out).failures().stream()
                .map(f -> f.label() + ": " + f.attempts() + "x " + f.reason())
                .toList();
    }

    private static Map<String, FileTime> times(Path out) throws IOException {
        Map<String, FileTime> times = new TreeMap<>();
        if (Files.isDirectory(out.resolve("runs"))) {
            try (Stream<Path> files = Files.list(out.resolve("runs"))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
                    times.put(file.getFileName().toString(), Files.getLastModifiedTime(file));
                }
            }
        }
        return times;
    }

    private Path logFile(Path out) {
        return directory.resolve(out.getFileName() + ".log");
    }

    private String log(Path out) {
        try {
            return Files.readString(logFile(out));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
