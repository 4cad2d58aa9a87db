// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.caadam.experiments.SourceJar;
import io.github.caadam.experiments.component.Plugins;
import io.github.caadam.experiments.results.Place;
import io.github.caadam.experiments.results.Provenance;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunStore;
import io.github.caadam.experiments.results.RunsCsv;
import io.github.caadam.experiments.results.StudyRuns;
import io.github.caadam.plugin.MetricFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A study with all that a row can be, from its file to its tables. */
class ComponentsRunTest {

    private static final String STUDY =
            """
            format: 1
            name: components
            data: [friedman1]
            models: [{name: "mlp:4", label: small}]
            optimizer-defaults: {learning-rate: 0.02}
            optimizers:
              - {class: ai.djl.training.optimizer.Sgd, label: SGD, options: {momentum: 0.9}}
              - {name: lion, grid: {beta1: [0.8, 0.9]}}
              - {name: adam, label: ours, tune: {beta2: [0.9, 0.999], amsgrad: [true, false]}}
            tuning: {seeds: 1}
            protocol:
              batch-size: 200
              epochs: 3
              validation: {share: 0.2, take: shuffled}
              schedule: {name: cosine, options: {warm-up-epochs: 1}}
              initial-weights: shared
            seeds: 2
            compare: {baseline: SGD, metric: r2, also: [mae]}
            """;

    @TempDir private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private void run(String text, Path results, String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of("run", "--in-process"));
        words.addAll(List.of(more));
        Path file = Files.writeString(directory.resolve("study.yaml"), text);
        words.addAll(List.of(file.toString(), "--out", results.toString()));
        int code =
                Main.commandLine()
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(words.toArray(String[]::new));
        assertThat(code).as(err.toString()).isZero();
    }

    @Test
    void rowsOfAllKindsAreTrainedComparedAndKept() throws IOException {
        Path results = directory.resolve("results");
        run(STUDY, results);

        List<RunRow> rows = RunsCsv.read(results.resolve("runs.csv"));
        assertThat(rows)
                .hasSize(4 * 2)
                .allMatch(RunRow::isFinished)
                .allMatch(row -> row.architecture().equals("small"))
                .allMatch(row -> row.protocol().equals("components"))
                .allMatch(row -> row.metric().equals("r2") && !row.lowerIsBetter())
                .allMatch(row -> row.secondaryMetric().equals("mae"));
        assertThat(rows)
                .extracting(row -> row.optimizer() + ":" + row.strategy())
                .containsOnly("SGD:none", "Lion:none beta1=0.8", "Lion:none", "ours:none");
        assertThat(RunsCsv.read(results.resolve("tuning/runs.csv"))).hasSize(4);
        assertThat(results.resolve("tuning.csv"))
                .content()
                .contains("amsgrad=true beta2=0.9")
                .contains("amsgrad=false beta2=0.999");
        assertThat(StudyRuns.read(results).compare().baseline()).isEqualTo("SGD");
        assertThat(StudyRuns.read(results).compare().metric()).isEqualTo("r2");

        Map<String, String> paths = new TreeMap<>();
        for (RunRecord run : new RunStore(results).all()) {
            paths.put(run.optimizer(), run.stints().get(0).place().facts().get(Place.PATH));
            // Standardised targets have a variance of about 1 on the test rows.
            assertThat(run.metric("r2"))
                    .isCloseTo(1 - Math.pow(run.metric("rmse"), 2), within(0.1));
            assertThat(run.metrics()).containsKeys("r2", "mae", "rmse", "loss");
            // Rises for an epoch, and then falls on half a cosine over two.
            assertThat(run.history())
                    .extracting(RunRecord.EpochRecord::learningRate)
                    .satisfies(rates -> assertThat(rates.get(0)).isLessThan(rates.get(1)))
                    .satisfies(rates -> assertThat(rates.get(2)).isLessThan(rates.get(1)));
        }
        assertThat(paths)
                .containsEntry("SGD", "eager")
                .containsEntry("Lion", "compiled")
                .containsEntry("ours", "compiled");
    }

    @Test
    void runsAndProvenanceNameThePluginsThatTheyTakeSomethingOf() throws IOException {
        String metric =
                """
                package com.acme;
                import io.github.caadam.plugin.*;
                public final class Largest implements MetricFactory {
                    public String name() { return "largest"; }
                    public String description() { return "the largest output"; }
                    public boolean lowerIsBetter() { return false; }
                    public Metric start(DataSignature data, Options options) {
                        return new Metric() {
                            private double largest = -1e9;
                            public void add(float[] outputs, float[] targets, double loss) {
                                for (float one : outputs) { largest = Math.max(largest, one); }
                            }
                            public double value() { return largest; }
                        };
                    }
                }
                """;
        Path used =
                SourceJar.of(metric)
                        .withService(MetricFactory.class, "com.acme.Largest")
                        .write(directory.resolve("acme.jar"));
        Path unused =
                SourceJar.of("package com.other; public final class Other {}")
                        .write(directory.resolve("other.jar"));
        String study =
                """
                format: 1
                name: monitored
                data: [friedman1]
                models: ["mlp:4"]
                optimizers: [{name: adam, options: {learning-rate: 0.02}}]
                protocol:
                  batch-size: 200
                  epochs: 3
                  monitor: largest
                  early-stopping: {patience: 2}
                seeds: 1
                """;
        Path results = directory.resolve("results");
        run(study, results, "--plugins", used + "," + unused);

        String digest = Plugins.load(List.of(used)).jars().get(0).digest();
        RunRecord record = new RunStore(results).all().get(0);
        assertThat(record.stints())
                .singleElement()
                .satisfies(
                        stint ->
                                assertThat(stint.plugins())
                                        .containsOnly(Map.entry("acme.jar", digest)));
        assertThat(record.history())
                .extracting(RunRecord.EpochRecord::monitored)
                .doesNotContainNull()
                .doesNotHaveDuplicates();
        assertThat(Provenance.find(results.resolve("provenance.json")).orElseThrow().plugins())
                .containsExactly("acme.jar: SHA-256 " + digest);
    }

    @Test
    void finishedRunsServeOtherMetricsAndAreMadeAgainOnlyForThoseThatTheyLack() throws IOException {
        String small =
                STUDY.replaceAll("(?m)^  - \\{name: (lion|adam).*\\n", "")
                        .replace("tuning: {seeds: 1}\n", "");
        Path results = directory.resolve("results");
        run(small, results);
        Path file;
        try (var files = Files.list(results.resolve("runs"))) {
            file = files.sorted().findFirst().orElseThrow();
        }
        RunRecord first = new RunStore(results).all().iterator().next();
        FileTime before = Files.getLastModifiedTime(file);

        run(small.replace("metric: r2, also: [mae]", "metric: rmse"), results);

        assertThat(Files.getLastModifiedTime(file)).isEqualTo(before);
        assertThat(RunsCsv.read(results.resolve("runs.csv")))
                .filteredOn(row -> row.id().equals(first.id()))
                .singleElement()
                .satisfies(row -> assertThat(row.metric()).isEqualTo("rmse"))
                .satisfies(row -> assertThat(row.value()).isEqualTo(first.metric("rmse")))
                .satisfies(row -> assertThat(row.lowerIsBetter()).isTrue());

        run(small.replace("metric: r2", "metric: {name: r2, label: explained}"), results);

        assertThat(RunsCsv.read(results.resolve("runs.csv")))
                .filteredOn(row -> row.id().equals(first.id()))
                .singleElement()
                .satisfies(row -> assertThat(row.metric()).isEqualTo("explained"))
                .satisfies(row -> assertThat(row.value()).isEqualTo(first.metric("r2")));
    }
}
