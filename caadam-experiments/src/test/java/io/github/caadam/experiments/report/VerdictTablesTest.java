// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.results.CompareSettings;
import io.github.caadam.experiments.results.Effort;
import io.github.caadam.experiments.results.PlannedRun;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunRecord.EpochRecord;
import io.github.caadam.experiments.results.RunRecordBuilder;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunRowBuilder;
import io.github.caadam.experiments.results.RunStatus;
import io.github.caadam.experiments.results.RunStore;
import io.github.caadam.experiments.results.StudyRuns;
import io.github.caadam.experiments.results.WeightDraw;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerdictTablesTest {

    private static final int RUNS = 12;

    private final List<RunRow> rows = new ArrayList<>();
    private final List<RunRecord> records = new ArrayList<>();
    private final Map<String, WeightDraw> draws = new HashMap<>();

    @TempDir private Path directory;

    private String protocol = "short";

    private void add(String network, String optimizer, double mean) {
        for (int run = 0; run < RUNS; run++) {
            rows.add(
                    new RunRowBuilder()
                            .on("houses", network)
                            .by(optimizer, "none")
                            .of("mine", protocol, "")
                            .run(run)
                            .result("rmse", mean + 0.01 * (run % 4), 0)
                            .build());
        }
    }

    private List<String> write(Double margin, Map<String, List<Double>> targets)
            throws IOException {
        CompareSettings settings =
                new CompareSettings(
                        "SGD",
                        "",
                        List.of(),
                        margin,
                        targets,
                        List.of(Effort.EPOCHS),
                        "",
                        Map.of());
        return new TableWriter(new StudyRuns(rows, records, List.of(), settings, draws, Map.of()))
                .write(directory).stream().map(file -> file.getFileName().toString()).toList();
    }

    private String read(String name) throws IOException {
        return Files.readString(directory.resolve(name));
    }

    @Test
    void sayWhatTheRunsCarryOnEachProblemAndOverAll() throws IOException {
        for (String network : List.of("8", "16")) {
            add(network, "SGD", 0.5);
            add(network, "Better", 0.4);
            add(network, "Same", 0.5);
        }

        assertThat(write(0.02, Map.of()))
                .contains("verdicts.csv", "verdicts.tex", "verdicts.md")
                .contains("pooled.csv", "pooled.tex", "pooled.md", "profiles.md")
                .doesNotContain("time-to-target.md", "verdicts-over-draws.md");

        assertThat(read("verdicts.md"))
                .contains("| 8 | Better | none | 12 | better | 0.1000 [0.0901, 0.1099] |")
                .contains("| 8 | Same | none | 12 | equivalent | 0.0000 [-0.0099, 0.0099] |")
                .contains("a gain within ±0.02, which the study fixed")
                .doesNotContain("draw of initial weights");
        assertThat(read("pooled.md")).contains("| Better | none | 2 | 24 | better | 0.1000 [");
        assertThat(read("profiles.md"))
                .contains("| RMSE | Better | none | 2 | 1.00 | 1.00 | 0.0000 | 0.0000 |")
                .contains("| RMSE | Same | none | 2 | 0.00 | 0.00 | 0.1000 | 0.1000 |");
        assertThat(read("verdicts.csv").lines().skip(1)).hasSize(4);
    }

    /** RMSE prefers the one, R² the other; only one run has a median error. */
    @Test
    void furtherMetricsHaveVerdictsOfTheirOwn() throws IOException {
        List<PlannedRun.Further> also =
                List.of(
                        new PlannedRun.Further("r2", "", false),
                        new PlannedRun.Further("median", "dB", true),
                        new PlannedRun.Further("unmeasured", "", true));
        RunStore store = new RunStore(directory.resolve("store"));
        List<PlannedRun> plan = new ArrayList<>();
        for (String optimizer : List.of("SGD", "Other")) {
            double sign = optimizer.equals("SGD") ? 1 : -1;
            for (int seed = 0; seed < RUNS; seed++) {
                double noise = 0.01 * (seed % 4);
                Map<String, Double> metrics = new HashMap<>();
                metrics.put("rmse", 1 - 0.2 * sign + noise);
                metrics.put("r2", 0.5 - 0.2 * sign + noise);
                if (seed > 0) {
                    metrics.put("median", 1 + noise);
                }
                RunRecordBuilder run =
                        new RunRecordBuilder().by(optimizer, "none").run(seed).also(also, metrics);
                store.save(run.build());
                plan.add(run.planned());
            }
        }
        store.plan(
                "mine",
                "",
                1,
                plan,
                new CompareSettings(
                        "SGD",
                        "rmse",
                        List.of("r2", "median", "unmeasured"),
                        0.02,
                        Map.of("r2", List.of(0.6)),
                        List.of(Effort.EPOCHS),
                        "",
                        Map.of()));

        List<String> files =
                new TableWriter(StudyRuns.read(directory.resolve("store")))
                        .write(directory).stream()
                                .map(file -> file.getFileName().toString())
                                .toList();

        assertThat(read("verdicts.md")).contains("| Other | none | 12 | worse | -0.4000 [");
        assertThat(read("verdicts-r2.md"))
                .contains("| Other | none | 12 | better | 0.4000 [", "no margin")
                .contains("gain in R² over SGD");
        assertThat(read("time-to-target-r2.md")).contains("| r2 0.6 | epochs | better |");
        assertThat(read("verdicts-median.md"))
                .contains("gain in median (in dB)")
                .contains("| Other | none | 11 of 12 | undecided |");
        assertThat(files)
                .doesNotContain("time-to-target.md", "time-to-target-median.md")
                .doesNotContain("verdicts-unmeasured.md");
    }

    @Test
    void withoutAMarginNothingIsCalledEquivalent() throws IOException {
        add("8", "SGD", 0.5);
        add("8", "Same", 0.5);

        write(null, Map.of());

        assertThat(read("verdicts.md"))
                .contains("| 8 | Same | none | 12 | undecided |")
                .contains("the study fixed no margin, so that nothing is called equivalent")
                .doesNotContain("±p");
    }

    @Test
    void whatLostTooManyRunsHasNoVerdict() throws IOException {
        add("8", "SGD", 0.5);
        add("8", "Lossy", 0.4);
        for (int run = RUNS; run < RUNS + 3; run++) {
            rows.add(
                    new RunRowBuilder()
                            .on("houses", "8")
                            .by("Lossy", "none")
                            .of("mine", protocol, "")
                            .run(run)
                            .lost(RunStatus.DIVERGED)
                            .build());
        }

        write(0.02, Map.of());

        assertThat(read("verdicts.md"))
                .contains("| 8 | Lossy | none | 12 of 15 vs 12 | too many runs lost |")
                .contains("more than 10 % of the runs of a side were lost");
    }

    @Test
    void drawsOfWeightsHaveATableOfTheirOwn() throws IOException {
        for (int draw = 0; draw < 3; draw++) {
            protocol = "short-weights-" + draw;
            draws.put(protocol, new WeightDraw("{}", draw));
            add("8", "SGD", 0.5);
            add("8", "Better", 0.4 + 0.001 * draw);
        }

        assertThat(write(0.02, Map.of()))
                .contains("verdicts-over-draws.csv")
                .contains("verdicts-houses-short-weights-0-rmse.md");

        assertThat(read("verdicts-over-draws.md"))
                .contains(", over 3 draws of initial weights;")
                .contains("| 8 | Better | none | 36 | better |");
        assertThat(read("verdicts-houses-short-weights-1-rmse.md"))
                .contains(", for this draw of initial weights;");
    }

    @Test
    void targetsHaveATable() throws IOException {
        for (String optimizer : List.of("SGD", "Soon")) {
            for (int seed = 0; seed < 6; seed++) {
                int reached = optimizer.equals("SGD") ? 5 + seed : seed + 1;
                List<EpochRecord> history =
                        IntStream.rangeClosed(1, 8)
                                .mapToObj(
                                        epoch ->
                                                new EpochRecord(
                                                        1, epoch < reached ? 1 : 0.3, 1e-3, null))
                                .toList();
                RunRecord run =
                        new RunRecordBuilder()
                                .by(optimizer, "none")
                                .run(seed)
                                .history(7, history)
                                .build();
                records.add(run);
                rows.add(run.toRow(run.planned(), "mine", ""));
            }
        }

        assertThat(write(null, Map.of("validation-loss", List.of(0.3))))
                .contains("time-to-target.csv", "time-to-target.tex");

        assertThat(read("time-to-target.md"))
                .contains(
                        "| validation-loss 0.3 | epochs | better | 6 of 6 | 3.5 | 4 of 6 | 7.5 |"
                                + " 0.94 |");
    }

    @Test
    void whereOnlyTheBaselineWasRunThereIsNone() throws IOException {
        add("8", "SGD", 0.5);

        assertThat(write(0.02, Map.of())).noneMatch(name -> name.startsWith("verdicts"));
    }
}
