// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.acme.Descent;
import io.github.caadam.experiments.cli.Main;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
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

    /** An optimizer of a plug-in, and a network and a table in files. */
    private static final String FILES =
            """
            format: 1
            name: files
            data: [{name: csv, label: signs, options: {file: signs.csv, target: class, test: 0.25}}]
            models: [{file: dropout.pt}, "mlp:4"]
            optimizers: [{class: com.acme.Descent, label: ours, options: {learning-rate: 0.01}}, adam]
            protocol: {batch-size: 32, epochs: 2}
            seeds: 1
            """;

    @TempDir private Path directory;

    @Test
    void killedAndResumedStudyHasTheResultsAndFailuresOfTheProcessPool() throws Exception {
        Path out = directory.resolve("spark");
        Process driver = start(STUDY, out, "--spark", "local[1]");
        while (times(out).isEmpty() && driver.isAlive()) {
            driver.waitFor(20, TimeUnit.MILLISECONDS);
        }
        List<ProcessHandle> workers = driver.children().toList();
        driver.destroyForcibly().waitFor();
        Map<String, FileTime> before = times(out);

        assertThat(complete(STUDY, out, "--spark", "local[2]")).as(() -> log(out)).isOne();

        Path reference = directory.resolve("processes");
        assertThat(complete(STUDY, reference, "--workers", "2")).as(() -> log(reference)).isOne();
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

    @Test
    void pluginsAndFilesReachTheWorkersWithTheirDigests() throws Exception {
        Files.copy(
                Path.of("../caadam-core/src/test/resources/torchscript/dropout.pt"),
                directory.resolve("dropout.pt"));
        Files.writeString(directory.resolve("signs.csv"), signs());
        String jar = descentJar().toString();
        Path out = directory.resolve("spark");
        Path reference = directory.resolve("processes");

        assertThat(complete(FILES, out, "--spark", "local[2]", "--plugins", jar))
                .as(() -> log(out))
                .isZero();
        assertThat(complete(FILES, reference, "--plugins", jar)).as(() -> log(reference)).isZero();

        Map<String, RunRecord> expected = runs(reference);
        Map<String, RunRecord> runs = runs(out);
        assertThat(runs).hasSize(4).containsOnlyKeys(expected.keySet());
        runs.forEach(
                (id, run) -> assertThat(run.hasSameResultAs(expected.get(id))).as(id).isTrue());
        String digest = DigestUtils.sha256Hex(Files.readAllBytes(Path.of(jar)));
        assertThat(runs.values())
                .filteredOn(run -> run.optimizer().equals("ours"))
                .hasSize(2)
                .allSatisfy(
                        run ->
                                assertThat(run.stints().get(0).plugins())
                                        .containsOnly(Map.entry("acme.jar", digest)));
    }

    @Test
    void filesOfOneNameAreRefusedAsSparkShipsThemByTheirNames() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                SparkProvider.requireOwnNames(
                                        List.of(Path.of("a/net.pt"), Path.of("b/net.pt"))))
                .withMessageContaining("a/net.pt and b/net.pt; rename one of them.");
    }

    /** The class is the signs of the first two of eight numbers. */
    private static String signs() {
        StringBuilder table = new StringBuilder("a,b,c,d,e,f,g,h,class\n");
        Random random = new Random(1);
        for (int row = 0; row < 200; row++) {
            boolean first = random.nextBoolean();
            boolean second = random.nextBoolean();
            table.append(first ? 1 : -1).append(',').append(second ? 1 : -1);
            for (int i = 2; i < 8; i++) {
                table.append(',').append(random.nextGaussian());
            }
            table.append(',').append(first ? 'p' : 'n').append(second ? 'p' : 'n').append('\n');
        }
        return table.toString();
    }

    private Path descentJar() throws IOException {
        Path jar = directory.resolve("acme.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Class<?> type : List.of(Descent.class, Descent.Builder.class)) {
                String entry = type.getName().replace('.', '/') + ".class";
                out.putNextEntry(new JarEntry(entry));
                try (InputStream in = type.getResourceAsStream("/" + entry)) {
                    in.transferTo(out);
                }
            }
        }
        return jar;
    }

    private int complete(String study, Path out, String... options) throws Exception {
        return start(study, out, options).waitFor();
    }

    private Process start(String text, Path out, String... options) throws IOException {
        Path study = Files.writeString(directory.resolve("study.yaml"), text);
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
