// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import io.github.caadam.experiments.results.PlannedRun;
import io.github.caadam.experiments.results.Question;
import io.github.caadam.experiments.results.RunFailure;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunRecord.EpochRecord;
import io.github.caadam.experiments.results.RunRecordBuilder;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunRowBuilder;
import io.github.caadam.experiments.results.RunStatus;
import io.github.caadam.experiments.results.RunStore;
import io.github.caadam.experiments.results.StudyRuns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Hand-made studies for tests of the report. */
final class Studies {

    /** A name that would run a script, end an attribute or end an element. */
    static final String MALICIOUS = "</script><script>alert(1)</script>&\"'<!--";

    private Studies() {}

    /** The runs of one configuration on the network 64-32. */
    static List<RunRow> rows(String optimizer, String strategy, double... values) {
        return rows("64-32", optimizer, strategy, "rmse", values);
    }

    static List<RunRow> rows(
            String architecture,
            String optimizer,
            String strategy,
            String metric,
            double... values) {
        return IntStream.range(0, values.length)
                .mapToObj(
                        run ->
                                new RunRowBuilder()
                                        .on("friedman1", architecture)
                                        .by(optimizer, strategy)
                                        .run(run)
                                        .result(metric, values[run], values[run] / 2)
                                        .took(1.5 + run, 20)
                                        .of("tiny", "paper", "")
                                        .id(
                                                Question.digest(
                                                        architecture + optimizer + strategy + run))
                                        .commit("c0ffee")
                                        .build())
                .toList();
    }

    @SafeVarargs
    static List<RunRow> together(List<RunRow>... parts) {
        List<RunRow> all = new ArrayList<>();
        for (List<RunRow> part : parts) {
            all.addAll(part);
        }
        return all;
    }

    /** What there is where rows are all that is known. */
    static ReportInput input(List<RunRow> rows) {
        return new ReportInput(
                StudyRuns.ofRows(rows), Optional.empty(), List.of(), Optional.empty());
    }

    /**
     * Writes a study with names that are malicious where a user chooses them: four runs of Adam and
     * of CaAdam depth on each of two networks, one run that diverged, one that failed, one not made
     * yet.
     */
    static void write(Path directory) throws IOException {
        RunStore store = new RunStore(directory);
        List<PlannedRun> plan = new ArrayList<>();
        for (int seed = 0; seed < 4; seed++) {
            for (String architecture : List.of("100-10", "64-32")) {
                double difficulty = architecture.equals("64-32") ? 0.5 : 0.4;
                save(store, plan, architecture, "Adam", "none", seed, difficulty);
                save(store, plan, architecture, "CaAdam", "depth", seed, 0.9 * difficulty);
            }
        }
        RunRecord diverged = run("64-32", "Nadam", "none", 0, Double.NaN);
        store.save(diverged);
        plan.add(diverged.planned());
        PlannedRun failed = run("64-32", "Nadam", "none", 1, 0).planned();
        plan.add(failed);
        plan.add(run("64-32", "Nadam", "none", 2, 0).planned());
        store.save(
                new RunFailure(
                        failed.id(),
                        "mlp:64-32 Nadam:none seed 1",
                        "The worker died: " + MALICIOUS,
                        2,
                        "2026-11-24T09:00:00Z",
                        List.of("first line", "last line " + MALICIOUS)));
        store.plan(MALICIOUS, "4 of 30 seeds", 2, plan);
    }

    private static void save(
            RunStore store,
            List<PlannedRun> plan,
            String architecture,
            String optimizer,
            String strategy,
            int seed,
            double value)
            throws IOException {
        RunRecord run = run(architecture, optimizer, strategy, seed, value + 0.01 * seed);
        store.save(run);
        plan.add(run.planned());
    }

    /** A run of 30 epochs that diverged where the value is NaN. */
    static RunRecord run(
            String architecture, String optimizer, String strategy, int seed, double value) {
        RunRecordBuilder run =
                new RunRecordBuilder()
                        .on(MALICIOUS, architecture)
                        .by(optimizer, strategy)
                        .run(seed)
                        .seconds(2.5)
                        .value(value)
                        .history(24, history(30, value))
                        .at("test", "2026-11-24T08:00:0" + seed + "Z");
        return Double.isFinite(value) ? run.build() : run.without(RunStatus.DIVERGED).build();
    }

    /** Losses that fall from 20 times a value to the value. */
    static List<EpochRecord> history(int epochs, double value) {
        return IntStream.range(0, epochs)
                .mapToDouble(epoch -> value * (1 + 19 * Math.exp(-0.3 * epoch)))
                .mapToObj(loss -> new EpochRecord(loss, 1.1 * loss, 1e-3, null))
                .toList();
    }
}
