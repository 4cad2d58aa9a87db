// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.SourceJar;
import io.github.caadam.plugin.MetricFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plug-ins that do what none should: each fails its own runs, and the study goes on. */
class HostilePluginsTest {

    private static final String OPTIMIZER =
            """
            package com.acme;
            import ai.djl.ndarray.NDArray;
            import ai.djl.training.optimizer.Optimizer;
            import ai.djl.training.tracker.ParameterTracker;
            public class NAME extends Optimizer {
                private static int everUpdated;
                private final ParameterTracker rate;
                private final float beta;
                private int updates;
                protected NAME(Builder builder) {
                    super(builder);
                    rate = builder.rate;
                    beta = builder.beta;
                }
                public static Builder builder() { return new Builder(); }
                @Override
                public void update(String id, NDArray weight, NDArray gradient) {
                    updates++;
                    DEED
                    try (NDArray step = gradient.sign()) {
                        weight.subi(step.muli(rate.getNewValue(id, updateCount(id))));
                    }
                }
                public static final class Builder extends OptimizerBuilder<Builder> {
                    private ParameterTracker rate;
                    private float beta = 0.9f;
                    public Builder setLearningRateTracker(ParameterTracker tracker) {
                        rate = tracker;
                        return this;
                    }
                    public Builder optBeta(float value) { beta = value; return this; }
                    protected Builder self() { return this; }
                    public NAME build() { return new NAME(this); }
                }
            }
            """;

    private static final Map<String, String> DEEDS =
            Map.of(
                    "Good", "",
                    "Throwing", "if (beta > 0) throw new IllegalStateException(\"boom\");",
                    "LateThrowing", "if (updates > 99) throw new IllegalStateException(\"late\");",
                    "Exiting", "System.exit(0);",
                    "LateExiting", "if (updates > 99) System.exit(7);",
                    "Hanging", "while (beta > 0) { Thread.onSpinWait(); }",
                    "LateHanging", "while (updates > 99) { Thread.onSpinWait(); }",
                    "Printing",
                            "System.out.println(\"{\\\"id\\\": 1}\"); System.err.println(\"\");",
                    "NotANumber", "weight.muli(Float.NaN);",
                    "Remembering", "weight.subi(1e-3f * ++everUpdated);");

    private static final String STUDY =
            """
            format: 1
            name: hostile
            data: [friedman1]
            models: ["mlp:4"]
            optimizers:
            %s
            protocol: {batch-size: 64, epochs: 2, schedule: constant}
            seeds: 1
            """;

    @TempDir private Path directory;

    private Path jar(String... names) throws IOException {
        return SourceJar.of(
                        Stream.of(names)
                                .map(
                                        name ->
                                                OPTIMIZER
                                                        .replace("NAME", name)
                                                        .replace("DEED", DEEDS.get(name)))
                                .toArray(String[]::new))
                .write(directory.resolve("acme.jar"));
    }

    private Path study(String... rows) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String row : rows) {
            lines.append("  - {").append(row).append(", options: {learning-rate: 0.001}}\n");
        }
        return Files.writeString(
                directory.resolve("hostile.yaml"),
                STUDY.formatted(lines.toString().stripTrailing()));
    }

    private static String row(String name) {
        return "class: com.acme." + name;
    }

    /** Runs the command line in a process of its own. */
    private Ended caadam(Object... arguments) throws IOException, InterruptedException {
        Path log = Files.createTempFile(directory, "caadam", ".log");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName()));
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        int code =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start()
                        .waitFor();
        return new Ended(code, Files.readString(log));
    }

    private record Ended(int code, String output) {}

    private static Map<String, String> statuses(Path out) throws IOException {
        Map<String, String> statuses = new TreeMap<>();
        List<String> lines = Files.readAllLines(out.resolve("runs.csv"));
        List<String> header = List.of(lines.get(0).split(","));
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            statuses.put(cells[header.indexOf("optimizer")], cells[header.indexOf("status")]);
        }
        return statuses;
    }

    @Test
    void eachFailsItsOwnRunsByNameAndTheStudyGoesOn() throws Exception {
        String[] names = {
            "Throwing", "LateThrowing", "Exiting", "LateExiting", "Printing", "NotANumber", "Good"
        };
        Path out = directory.resolve("out");
        List<String> rows = new ArrayList<>();
        Stream.of(names).map(HostilePluginsTest::row).forEach(rows::add);
        rows.add("class: ai.djl.training.optimizer.Adagrad");
        Ended ended =
                caadam(
                        "run",
                        study(rows.toArray(String[]::new)),
                        "--plugins",
                        jar(names),
                        "--out",
                        out);

        assertThat(ended.code()).as(ended.output()).isEqualTo(Main.FAILED);
        assertThat(statuses(out))
                .containsOnly(
                        Map.entry("Throwing", "failed"),
                        Map.entry("LateThrowing", "failed"),
                        Map.entry("Exiting", "failed"),
                        Map.entry("LateExiting", "failed"),
                        Map.entry("Adagrad", "failed"),
                        Map.entry("Printing", "finished"),
                        Map.entry("NotANumber", "diverged"),
                        Map.entry("Good", "finished"));
        assertThat(ended.output())
                .containsPattern("Throwing.*boom, in com.acme.Throwing.update .*of acme.jar")
                .containsPattern("LateThrowing.*late, in com.acme.LateThrowing.update .*acme.jar")
                .containsPattern("Exiting.*System.exit in com.acme.Exiting.update")
                .containsPattern("LateExiting.*System.exit in com.acme.LateExiting.update")
                .containsPattern("Adagrad.*UnsupportedOperationException");
    }

    private static final String DATA =
            """
            package com.acme;
            import ai.djl.ndarray.*;
            import ai.djl.ndarray.types.Shape;
            import io.github.caadam.plugin.*;
            public final class NAME implements DataSource {
                static int loads;
                public String name() { return "NAME"; }
                public String description() { return "a test's"; }
                public DataSplit load(DataContext context, Options options) {
                    loads++;
                    DEED
                    float[] rows = new float[40];
                    for (int i = 0; i < rows.length; i++) { rows[i] = i % 7; }
                    Samples samples = new Samples() {
                        public Shape sampleShape() { return new Shape(1); }
                        public int rows() { return rows.length; }
                        public NDArray place(NDManager manager, int from, int to) {
                            return manager.create(java.util.Arrays.copyOfRange(rows, from, to))
                                    .reshape(to - from, 1);
                        }
                    };
                    return new DataSplit(
                            new DataSignature(Task.REGRESSION, new Shape(1), 1, TargetScale.NONE),
                            samples, rows, 0, samples, rows, "d", "s", "");
                }
            }
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Throwing | if (loads > 0) throw new IllegalStateException(\"boom\"); | boom, in"
                        + " com.acme.Throwing.load .* of acme.jar",
                "Exiting | System.exit(0); | its worker was ended by System.exit in"
                        + " com.acme.Exiting.load",
                "Halting | Runtime.getRuntime().halt(3); | its worker .*3",
                "Hanging | while (loads > 0) { Thread.onSpinWait(); } | it hangs: loading took"
                        + " longer than the 5 s of --epoch-timeout"
            })
    void dataThatDoHarmAreRefusedByNameBeforeTheStudyIsPlanned(
            String name, String deed, String words) throws Exception {
        Path out = directory.resolve("out");
        Ended ended = ofData(name, deed, out);

        assertThat(ended.code()).as(ended.output()).isEqualTo(Main.BAD_INPUT);
        assertThat(ended.output())
                .containsPattern("The data .*com.acme." + name + ".* cannot be loaded: .*" + words);
        assertThat(out.resolve("plan.json")).doesNotExist();
    }

    @Test
    void dataThatPrintAreLoaded() throws Exception {
        Path out = directory.resolve("out");
        Ended ended = ofData("Printing", "System.out.println(\"{\\\"id\\\": 1}\");", out);

        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(statuses(out)).containsOnly(Map.entry("Adam", "finished"));
    }

    private Ended ofData(String name, String deed, Path out) throws Exception {
        Path jar =
                SourceJar.of(DATA.replace("NAME", name).replace("DEED", deed))
                        .write(directory.resolve("acme.jar"));
        String study =
                STUDY.formatted("  - adam")
                        .replace("friedman1", "{class: com.acme." + name + ", label: theirs}");
        return caadam(
                "run",
                Files.writeString(directory.resolve("hostile.yaml"), study),
                "--plugins",
                jar,
                "--out",
                out,
                "--epoch-timeout",
                5);
    }

    /** On a busy machine the second may be given up before its hundredth step, too. */
    @Test
    void whatHangsIsGivenUp() throws Exception {
        Path out = directory.resolve("out");
        Ended ended =
                caadam(
                        "run",
                        study(row("Hanging"), row("LateHanging")),
                        "--plugins",
                        jar("Hanging", "LateHanging"),
                        "--out",
                        out,
                        "--epoch-timeout",
                        15);

        assertThat(ended.code()).as(ended.output()).isEqualTo(Main.FAILED);
        assertThat(statuses(out))
                .containsOnly(Map.entry("Hanging", "failed"), Map.entry("LateHanging", "failed"));
        assertThat(ended.output())
                .containsPattern(
                        "[ ]Hanging.*it hangs: two steps on a few rows took longer than 15 s")
                .containsPattern("LateHanging.*hangs");
    }

    @Test
    void whatKeepsAStateBetweenTrainingsIsNamed() throws Exception {
        Ended ended =
                caadam(
                        "run",
                        study(row("Remembering")),
                        "--plugins",
                        jar("Remembering"),
                        "--out",
                        directory.resolve("out"));

        assertThat(ended.output()).containsPattern("Remembering.*two trainings of one seed differ");
    }

    @Test
    void jarThatChangesUnderAStudyIsRefusedByItsWorkers() throws Exception {
        Path jar = jar("Good");
        Path other = Files.createDirectory(directory.resolve("other"));
        Files.move(jar, other.resolve("acme.jar"));
        String digest = "0".repeat(64);
        Ended ended =
                caadam(
                        "worker",
                        "--socket",
                        directory.resolve("none"),
                        "--plugin",
                        other.resolve("acme.jar") + "=" + digest);

        assertThat(ended.code()).isEqualTo(Main.BAD_INPUT);
        assertThat(ended.output()).contains("acme.jar is not that of the study");
    }

    @Test
    void checkSaysWhatToDo() throws Exception {
        Ended good = caadam("check", jar("Good", "Printing"));
        assertThat(good.code()).as(good.output()).isZero();
        assertThat(good.output())
                .contains("ok      optimizer com.acme.Good: obeys the schedule")
                .contains("ok      optimizer com.acme.Good: same seed, same result")
                .contains("ok      optimizer com.acme.Good: state closed")
                .contains("ok      optimizer com.acme.Good: learns a small problem");

        Ended bad = caadam("check", jar("Remembering", "NotANumber", "Throwing"));
        assertThat(bad.code()).as(bad.output()).isEqualTo(Main.FAILED);
        assertThat(bad.output())
                .containsPattern("failed  optimizer com.acme.Remembering: same seed.*static fields")
                .containsPattern("failed  optimizer com.acme.NotANumber: learns")
                .containsPattern(
                        "failed  optimizer com.acme.Throwing: .*boom, in com.acme.Throwing");

        Ended exits = caadam("check", jar("Exiting"));
        assertThat(exits.output())
                .contains("failed  optimizer com.acme.Exiting: obeys the schedule: it ends the");

        Path none = SourceJar.of().withText("a.txt", "").write(directory.resolve("none.jar"));
        Ended empty = caadam("check", none);
        assertThat(empty.code()).isEqualTo(Main.FAILED);
        assertThat(empty.output()).contains("it has no component");
    }

    @Test
    void metricsOfAJarAreChecked() throws Exception {
        String metric =
                """
                package com.acme;
                import io.github.caadam.plugin.*;
                public final class NAME implements MetricFactory {
                    public String name() { return "LABEL"; }
                    public String description() { return "the largest error"; }
                    public boolean lowerIsBetter() { return LOWER; }
                    public Metric start(DataSignature data, Options options) {
                        return new Metric() {
                            private double most;
                            public void add(float[] outputs, float[] targets, double loss) {
                                RESET
                                for (int i = 0; i < targets.length; i++) {
                                    most = Math.max(most, Math.abs(outputs[i] - targets[i]));
                                }
                            }
                            public double value() { return most; }
                        };
                    }
                }
                """;
        Path jar =
                SourceJar.of(
                                metric.replace("NAME", "Largest")
                                        .replace("LABEL", "largest")
                                        .replace("LOWER", "true")
                                        .replace("RESET", ""),
                                metric.replace("NAME", "Reversed")
                                        .replace("LABEL", "reversed")
                                        .replace("LOWER", "false")
                                        .replace("RESET", "most = 0;"))
                        .withService(MetricFactory.class, "com.acme.Largest", "com.acme.Reversed")
                        .write(directory.resolve("metrics.jar"));
        Ended ended = caadam("check", jar);

        assertThat(ended.output().lines())
                .contains(
                        "ok      metric largest: options described",
                        "ok      metric largest: prefers what is right",
                        "ok      metric largest: takes rows in parts")
                .anyMatch(line -> line.startsWith("failed  metric reversed: prefers"))
                .anyMatch(line -> line.startsWith("failed  metric reversed: takes rows in parts"));
        assertThat(ended.code()).isEqualTo(Main.FAILED);
    }
}
