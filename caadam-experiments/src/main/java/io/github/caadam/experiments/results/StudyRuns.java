// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import io.github.caadam.experiments.results.StudyPlan.PlannedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is there of a study, for tables, figures and reports: of a {@code runs.csv} its rows only,
 * of the directory that {@code caadam run} wrote to everything.
 *
 * @param rows the runs that have a result, in the order of the plan
 * @param records the same runs and the diverged ones with their history; empty for a runs.csv
 * @param failures the runs that failed
 * @param missing the planned runs that were not made yet or failed
 */
public record StudyRuns(
        List<RunRow> rows,
        List<RunRecord> records,
        List<RunFailure> failures,
        List<PlannedRun> missing) {

    private static final String FILE = "runs.csv";

    /** Copies the lists. */
    public StudyRuns {
        rows = List.copyOf(rows);
        records = List.copyOf(records);
        failures = List.copyOf(failures);
        missing = List.copyOf(missing);
    }

    /**
     * Reads a study.
     *
     * @param source a file of runs, the directory that a study wrote to, or another one that holds
     *     a {@code runs.csv}
     * @return what is there, with one result at least
     * @throws IOException if there is no result; the message says what is expected
     */
    public static StudyRuns read(Path source) throws IOException {
        if (!Files.isDirectory(source)) {
            return ofRows(RunsCsv.read(source));
        }
        if (!Files.isDirectory(source.resolve("runs"))) {
            if (Files.exists(source.resolve(FILE))) {
                return ofRows(RunsCsv.read(source.resolve(FILE)));
            }
            throw new IOException(
                    source
                            + " holds no runs; name a runs.csv or the directory that --out of"
                            + " \"caadam run\" named.");
        }
        return ofStore(source, RunStore.existing(source));
    }

    /**
     * Takes up rows of which nothing else is known.
     *
     * @param rows the runs
     * @return the rows
     */
    public static StudyRuns ofRows(List<RunRow> rows) {
        return new StudyRuns(rows, List.of(), List.of(), List.of());
    }

    private static StudyRuns ofStore(Path source, RunStore store) throws IOException {
        Optional<StudyPlan> plan = store.plan();
        List<RunRecord> records = new ArrayList<>();
        List<PlannedRun> missing = new ArrayList<>();
        if (plan.isPresent()) {
            for (PlannedRun planned : plan.get().runs()) {
                store.find(planned.id()).ifPresentOrElse(records::add, () -> missing.add(planned));
            }
        } else {
            records.addAll(store.all());
        }
        List<RunRow> rows =
                records.stream()
                        .filter(RunRecord::isFinished)
                        .map(
                                run ->
                                        run.toRow(
                                                plan.map(StudyPlan::study).orElse(run.study()),
                                                plan.map(StudyPlan::reductions).orElse("")))
                        .toList();
        if (rows.isEmpty()) {
            throw new IOException(source + " holds no run that finished.");
        }
        return new StudyRuns(rows, records, store.failures(), missing);
    }

    /**
     * Returns the runs whose loss became NaN or infinite.
     *
     * @return the runs
     */
    public List<RunRecord> diverged() {
        return records.stream().filter(run -> !run.isFinished()).toList();
    }

    /**
     * Returns what the rows leave out, for a caption.
     *
     * @return such as {@code left out: 1 diverged, 2 failed, 5 not made yet}; empty if nothing is
     */
    public String describeLeftOut() {
        List<String> parts = new ArrayList<>();
        add(parts, diverged().size(), "diverged");
        add(parts, failures.size(), "failed");
        add(parts, missing.size() - failures.size(), "not made yet");
        return parts.isEmpty() ? "" : "left out: " + String.join(", ", parts);
    }

    private static void add(List<String> parts, int count, String what) {
        if (count > 0) {
            parts.add(count + " " + what);
        }
    }
}
