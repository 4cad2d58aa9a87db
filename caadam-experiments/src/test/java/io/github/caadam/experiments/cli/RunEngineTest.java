// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.results.Place;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunStore;
import io.github.caadam.experiments.training.TrainingCheckpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real processes that are killed, time out and collide. */
class RunEngineTest {

    /** How often each kind of kill is tried; more by -Dcaadam.kill.trials=7 and the like. */
    private static final int TRIALS = Integer.getInteger("caadam.kill.trials", 1);

    private static final String STUDY =
            """
            format: 1
            name: small
            data: [friedman1]
            models: ["mlp:8"]
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
            seeds: 6
            """;

    @TempDir private Path directory;

    private String study;

    @BeforeEach
    void writeStudy() throws IOException {
        study = Files.writeString(directory.resolve("small.yaml"), STUDY).toString();
    }

    @Test
    void killsAtRandomMomentsLoseNothingAndDoubleNothing() throws Exception {
        Files.writeString(Path.of(study), STUDY.replace("epochs: 12", "epochs: 40"));
        long start = System.nanoTime();
        Map<String, RunRecord> undisturbed = complete(directory.resolve("undisturbed"));
        int millis = Math.toIntExact((System.nanoTime() - start) / 1_000_000);
        Random random = new Random(17);
        Kills kills = new Kills();
        for (int trial = 0; trial < TRIALS; trial++) {
            for (Victim victim : Victim.values()) {
                Path out = directory.resolve(victim + "-" + trial);
                Process process = start(out, "--workers", "2");
                if (!process.waitFor(random.nextInt(millis), TimeUnit.MILLISECONDS)) {
                    kills.count(victim.name(), victim.kill(process), out);
                }
                process.waitFor();
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                List<String> finished = names(out);

                Map<String, RunRecord> resumed = complete(out);

                assertThat(resumed.keySet()).isEqualTo(undisturbed.keySet());
                for (RunRecord run : resumed.values()) {
                    assertThat(run.hasSameResultAs(undisturbed.get(run.id())))
                            .as("%s of trial %d with %s killed", run.id(), trial, victim)
                            .isTrue();
                }
                assertThat(names(out)).containsAll(finished).hasSameSizeAs(undisturbed.keySet());
                assertThat(out.resolve("failed")).doesNotExist();
                assertThat(out.resolve("checkpoints")).doesNotExist();
                requireSameAfterKilledCollections(out, random, kills);
            }
            System.out.println("After " + (trial + 1) + " of " + TRIALS + " trials: " + kills);
        }
    }

    /** Collects into a second store, is killed at that, and collects again. */
    private void requireSameAfterKilledCollections(Path out, Random random, Kills kills)
            throws Exception {
        Path whole = directory.resolve("whole-" + out.getFileName());
        String[] collect = {"collect", out.toString(), "--out", whole.toString()};
        Process process = caadam(logFile(whole), collect).start();
        if (!process.waitFor(300 + random.nextInt(1_300), TimeUnit.MILLISECONDS)) {
            kills.count("COLLECT", process.isAlive(), whole);
            process.destroyForcibly().waitFor();
        }

        assertThat(caadam(logFile(whole), collect).start().waitFor()).as(() -> log(whole)).isZero();
        assertThat(names(whole)).isEqualTo(names(out));
        assertThat(RunStore.existing(whole).replicas()).isEmpty();
        assertThat(whole.resolve("runs.csv")).hasSameTextualContentAs(out.resolve("runs.csv"));
    }

    /** What was killed, and what lay in the store at that moment. */
    private static final class Kills {

        private final Map<String, Integer> counts = new TreeMap<>();

        void count(String victim, boolean lived, Path out) throws IOException {
            boolean some = !names(out).isEmpty();
            boolean kept = Files.isDirectory(out.resolve("checkpoints"));
            String state = (some ? ", runs there" : "") + (kept ? ", checkpoints there" : "");
            counts.merge(victim + (lived ? " killed" + state : " was not there"), 1, Integer::sum);
        }

        @Override
        public String toString() {
            return counts.toString();
        }
    }

    private enum Victim {
        WORKER {
            @Override
            boolean kill(Process parent) {
                return parent.children()
                        .findFirst()
                        .map(ProcessHandle::destroyForcibly)
                        .orElse(false);
            }
        },
        PARENT {
            @Override
            boolean kill(Process parent) {
                return parent.toHandle().destroyForcibly();
            }
        },
        BOTH {
            @Override
            boolean kill(Process parent) {
                List<ProcessHandle> children = parent.children().toList();
                boolean lived = PARENT.kill(parent);
                children.forEach(ProcessHandle::destroyForcibly);
                return lived;
            }
        };

        /** Kills it, and returns whether there was one. */
        abstract boolean kill(Process parent);
    }

    @Test
    void workersEndWithTheProcessThatStartedThem() throws Exception {
        Process process = start(directory.resolve("out"), "--workers", "2");
        List<ProcessHandle> workers = new ArrayList<>();
        while (workers.size() < 2 && process.isAlive()) {
            process.waitFor(50, TimeUnit.MILLISECONDS);
            workers = process.children().toList();
        }
        process.destroyForcibly().waitFor();

        assertThat(workers).hasSize(2);
        for (ProcessHandle worker : workers) {
            assertThat(worker.onExit().get(30, TimeUnit.SECONDS).isAlive()).isFalse();
        }
    }

    @Test
    void runThatTakesTooLongIsTriedTwiceAndRecordedAsFailed() throws Exception {
        Path out = directory.resolve("out");
        Files.writeString(
                Path.of(study),
                STUDY.replace("max-epochs: 12", "max-epochs: 900")
                        .replace("seeds: 6", "seeds: 1")
                        .replace("\"mlp:8\"", "\"mlp:2048-2048-2048\""));

        Process process = start(out, "--workers", "2", "--run-timeout", "4");

        assertThat(process.waitFor()).isEqualTo(Main.FAILED);
        RunStore store = RunStore.existing(out);
        assertThat(store.failures())
                .hasSize(2)
                .allSatisfy(
                        failure -> {
                            assertThat(failure.attempts()).isEqualTo(2);
                            assertThat(failure.reason()).contains("longer than the 4 s");
                        });
        assertThat(log(out))
                .contains("failed: friedman1 mlp:2048-2048-2048 Adam:none seed 0: it took longer");
    }

    /** 9000-9000 takes 324 MB as an array; what a JVM prints by itself is in nobody's way. */
    @ParameterizedTest
    @ValueSource(strings = {"--workers=1", "--in-process"})
    void oneRunThatTakesTooMuchMemoryFailsAloneAndSaysSo(String option) throws Exception {
        Path out = directory.resolve("out");
        Files.writeString(
                Path.of(study),
                STUDY.replace("\"mlp:8\"", "\"mlp:9000-9000\", \"mlp:8\"")
                        .replace("seeds: 6", "seeds: 1"));
        ProcessBuilder builder = builder(out, logFile(out), option);
        builder.environment().put("JAVA_TOOL_OPTIONS", "-Xlog:gc -Xmx220m");

        assertThat(builder.start().waitFor()).as(() -> log(out)).isEqualTo(Main.FAILED);

        RunStore store = RunStore.existing(out);
        assertThat(store.all()).hasSize(2).allMatch(RunRecord::isFinished);
        assertThat(store.failures())
                .hasSize(2)
                .allSatisfy(
                        failure ->
                                assertThat(failure.reason())
                                        .startsWith("its process is out of memory: Java heap space")
                                        .contains("it may have 220 MB"));
        assertThat(log(out)).contains("failed: friedman1 mlp:9000-9000 Adam:none seed 0: its");

        List<String> one = new ArrayList<>(List.of("run", study, "--id"));
        one.add(store.failures().get(0).id());
        one.addAll(option.equals("--in-process") ? List.of(option) : List.of());
        ProcessBuilder alone = caadam(logFile(out), one.toArray(String[]::new));
        alone.environment().put("JAVA_TOOL_OPTIONS", "-Xmx220m");
        assertThat(alone.start().waitFor()).as(() -> log(out)).isEqualTo(Main.FAILED);
        assertThat(log(out)).contains("seed 0: its process is out of memory: Java heap space");
    }

    /** Compiled at the least cost; of two such options the JVM takes the later, the user's. */
    @Test
    void workersCompileJavaQuicklyUnlessTheUserSaysOtherwise() throws Exception {
        Path out = directory.resolve("out");
        ProcessBuilder builder = builder(out, logFile(out), "--runs=1", "--workers=1");
        builder.environment().put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=4");

        assertThat(builder.start().waitFor()).as(() -> log(out)).isZero();

        assertThat(RunStore.existing(out).all())
                .isNotEmpty()
                .allSatisfy(
                        run ->
                                assertThat(run.stints().get(0).place().facts())
                                        .containsEntry(
                                                Place.FLAGS,
                                                "-XX:TieredStopAtLevel=1"
                                                        + " -XX:TieredStopAtLevel=4"));
    }

    @Test
    void secondProcessOnAStoreIsRefused() throws Exception {
        Path out = directory.resolve("out");
        Process first = start(out, "--workers", "1");
        while (!Files.exists(out.resolve("plan.json")) && first.isAlive()) {
            first.waitFor(20, TimeUnit.MILLISECONDS);
        }
        Path log = directory.resolve("second.log");
        Process second = start(out, log);

        assertThat(second.waitFor()).isEqualTo(Main.BAD_INPUT);
        assertThat(log).content().contains("Another process is running a study into");
        assertThat(first.waitFor()).isZero();
    }

    @Test
    void interruptionSaysHowToGoOn() throws Exception {
        Path out = directory.resolve("out");
        Process process = start(out, "--workers", "2");
        while (names(out).isEmpty() && process.isAlive()) {
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
        process.destroy();
        process.waitFor();

        assertThat(log(out)).contains("runs to make. What is finished is kept");
    }

    @Test
    void corruptRunIsReportedSetAsideAndMadeAgain() throws Exception {
        Path out = directory.resolve("out");
        Map<String, RunRecord> before = complete(out);
        Path broken = out.resolve("runs").resolve(names(out).get(0));
        Files.writeString(broken, Files.readString(broken).substring(0, 100));

        Map<String, RunRecord> after = complete(out);

        assertThat(log(out)).contains("was set aside as").contains(".corrupt and is made again");
        after.forEach((id, run) -> assertThat(run.hasSameResultAs(before.get(id))).isTrue());
    }

    private Map<String, RunRecord> complete(Path out) throws Exception {
        assertThat(start(out, "--workers", "2").waitFor()).as(() -> log(out)).isZero();
        Map<String, RunRecord> runs = new TreeMap<>();
        RunStore.existing(out).all().forEach(run -> runs.put(run.id(), run));
        return runs;
    }

    private Process start(Path out, String... options) throws IOException {
        return start(out, logFile(out), options);
    }

    private Process start(Path out, Path log, String... options) throws IOException {
        return builder(out, log, options).start();
    }

    private ProcessBuilder builder(Path out, Path log, String... options) {
        List<String> arguments = new ArrayList<>(List.of("run", study, "--out", out.toString()));
        arguments.addAll(List.of(options));
        return caadam(log, arguments.toArray(String[]::new));
    }

    static ProcessBuilder caadam(Path log, String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        // Workers have it, too, so that every epoch is kept and can be gone on from.
        builder.environment()
                .put("JAVA_TOOL_OPTIONS", "-D" + TrainingCheckpoints.SECONDS_BETWEEN + "=0");
        return builder;
    }

    private static List<String> names(Path out) throws IOException {
        Path runs = out.resolve("runs");
        if (!Files.isDirectory(runs)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(runs)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .sorted()
                    .toList();
        }
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
