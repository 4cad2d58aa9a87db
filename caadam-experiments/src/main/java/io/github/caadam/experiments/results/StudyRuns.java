// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What is there of a study, for tables, figures and reports: of a {@code runs.csv} its lines only,
 * of the directory that {@code caadam run} wrote to everything.
 *
 * @param lines the planned runs, whatever became of them, in the order of the plan
 * @param records the runs that were made, with their history; empty for a runs.csv
 * @param failures the runs that failed; empty for a runs.csv
 * @param compare how the study wants its runs compared; nothing for a runs.csv
 * @param draws the draw of initial weights that the runs of a protocol share, by the protocol's
 *     name; of a runs.csv as far as the provenance beside it has it
 * @param also the lines by each further metric that the study compares by, by its name; nothing for
 *     a runs.csv, which has not all of them
 */
public record StudyRuns(
        List<RunRow> lines,
        List<RunRecord> records,
        List<RunFailure> failures,
        CompareSettings compare,
        Map<String, WeightDraw> draws,
        Map<String, List<RunRow>> also) {

    /** Copies the collections. */
    public StudyRuns {
        lines = List.copyOf(lines);
        records = List.copyOf(records);
        failures = List.copyOf(failures);
        draws = Map.copyOf(draws);
        also = Collections.unmodifiableMap(new LinkedHashMap<>(also));
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
        StudyRuns runs = readAny(source);
        if (runs.rows().isEmpty()) {
            throw new IOException(source + " holds no run that finished.");
        }
        return runs;
    }

    private static StudyRuns readAny(Path source) throws IOException {
        if (!Files.isDirectory(source)) {
            return readLines(source);
        }
        if (RunStore.isStore(source)) {
            return of(RunStore.existing(source));
        }
        if (Files.exists(source.resolve(StoreLayout.LINES))) {
            return readLines(source.resolve(StoreLayout.LINES));
        }
        throw new IOException(
                source
                        + " holds no runs; name a runs.csv or the directory that --out of"
                        + " \"caadam run\" named.");
    }

    private static StudyRuns readLines(Path file) throws IOException {
        List<RunRow> rows = RunsCsv.read(file);
        Map<String, WeightDraw> draws = new HashMap<>();
        Optional<Provenance> provenance =
                Provenance.find(file.toAbsolutePath().resolveSibling(StoreLayout.PROVENANCE));
        provenance.ifPresent(
                known ->
                        known.protocols()
                                .forEach(one -> addDraw(draws, one.path("name").asText(), one)));
        return new StudyRuns(rows, List.of(), List.of(), CompareSettings.NONE, draws, Map.of());
    }

    private static void addDraw(Map<String, WeightDraw> draws, String name, JsonNode protocol) {
        WeightDraw.of(protocol).ifPresent(draw -> draws.putIfAbsent(name, draw));
    }

    /**
     * Takes up lines of which nothing else is known.
     *
     * @param rows the lines, of whatever status
     * @return the rows
     */
    public static StudyRuns ofRows(List<RunRow> rows) {
        return new StudyRuns(rows, List.of(), List.of(), CompareSettings.NONE, Map.of(), Map.of());
    }

    /**
     * Returns the runs that have a result.
     *
     * @return their lines, in the order of the plan
     */
    public List<RunRow> rows() {
        return lines.stream().filter(RunRow::isFinished).toList();
    }

    /**
     * Returns the planned runs that have no result.
     *
     * @return their lines, in the order of the plan
     */
    public List<RunRow> lost() {
        return lines.stream().filter(row -> !row.isFinished()).toList();
    }

    /**
     * Returns the same runs, to be compared otherwise.
     *
     * @param settings how
     * @return the runs
     */
    public StudyRuns comparedBy(CompareSettings settings) {
        return new StudyRuns(lines, records, failures, settings, draws, also);
    }

    /**
     * Returns the same runs by the further metrics that the study compares by.
     *
     * @return the runs by each of them, where any run has a value of it
     */
    public List<StudyRuns> byFurtherMetrics() {
        return also.entrySet().stream()
                .map(
                        entry ->
                                new StudyRuns(
                                        entry.getValue(),
                                        records,
                                        failures,
                                        compare.by(entry.getKey()),
                                        draws,
                                        Map.of()))
                .filter(runs -> !runs.rows().isEmpty())
                .toList();
    }

    /**
     * Reads what a store has of its plan; of a store without a plan, all.
     *
     * @param store the store
     * @return what is there, which may be nothing
     * @throws IOException if the disk fails
     */
    public static StudyRuns of(RunStore store) throws IOException {
        return of(store, store.all());
    }

    /** Reads what a store has, but for its runs, which were read already. */
    static StudyRuns of(RunStore store, List<RunRecord> all) throws IOException {
        Optional<StudyPlan> plan = store.plan();
        return of(new Kept(plan, store.failures(), records(all, plan)));
    }

    /**
     * What a store holds, read once.
     *
     * @param plan the plan
     * @param failures the failures
     * @param records the runs by their ids, in the order of the plan
     */
    private record Kept(
            Optional<StudyPlan> plan, List<RunFailure> failures, Map<String, RunRecord> records) {}

    private static StudyRuns of(Kept kept) {
        List<RunRow> lines = lines(kept, Optional::of);
        Optional<StudyPlan> plan = kept.plan();
        Map<String, RunRecord> records = kept.records();
        Set<String> asked = new HashSet<>();
        lines.forEach(row -> asked.add(row.id()));
        records.keySet().retainAll(asked);
        Map<String, WeightDraw> draws = new HashMap<>();
        plan.map(StudyPlan::runs)
                .orElseGet(() -> records.values().stream().map(RunRecord::planned).toList())
                .forEach(
                        run ->
                                addDraw(
                                        draws,
                                        run.protocol(),
                                        run.question().part(Question.PROTOCOL)));
        return new StudyRuns(
                lines,
                List.copyOf(records.values()),
                kept.failures(),
                plan.map(StudyPlan::compare).orElse(CompareSettings.NONE),
                draws,
                also(kept));
    }

    private static Map<String, List<RunRow>> also(Kept kept) {
        Set<String> names = new LinkedHashSet<>();
        kept.plan().map(StudyPlan::runs).orElse(List.of()).stream()
                .flatMap(run -> run.also().stream())
                .map(PlannedRun.Further::name)
                .forEach(names::add);
        Map<String, List<RunRow>> also = new LinkedHashMap<>();
        for (String name : names) {
            also.put(
                    name,
                    lines(
                            kept,
                            run ->
                                    run.also().stream()
                                            .filter(one -> one.name().equals(name))
                                            .findFirst()
                                            .map(run::by)));
        }
        return also;
    }

    private static Map<String, RunRecord> records(List<RunRecord> all, Optional<StudyPlan> plan) {
        Map<String, RunRecord> records = new LinkedHashMap<>();
        Map<String, RunRecord> byId = new HashMap<>();
        all.forEach(run -> byId.put(run.id(), run));
        for (PlannedRun run : plan.map(StudyPlan::runs).orElse(List.of())) {
            if (byId.containsKey(run.id())) {
                records.putIfAbsent(run.id(), byId.get(run.id()));
            }
        }
        byId.values().stream()
                .sorted(Comparator.comparing(RunRecord::id))
                .forEach(run -> records.putIfAbsent(run.id(), run));
        return records;
    }

    /**
     * A line for every planned run by a metric, in the order of the plan; without a plan, for every
     * run.
     */
    private static List<RunRow> lines(Kept kept, Function<PlannedRun, Optional<PlannedRun>> by) {
        Optional<StudyPlan> plan = kept.plan();
        Map<String, RunRecord> records = kept.records();
        if (plan.isEmpty()) {
            return records.values().stream()
                    .map(run -> run.toRow(run.planned(), run.study(), ""))
                    .toList();
        }
        Set<String> failed = new HashSet<>();
        kept.failures().forEach(failure -> failed.add(failure.id()));
        String study = plan.get().study();
        String reductions = plan.get().reductions();
        List<RunRow> lines = new ArrayList<>();
        for (PlannedRun run : plan.get().runs()) {
            RunRecord record = records.get(run.id());
            RunStatus without = failed.contains(run.id()) ? RunStatus.FAILED : RunStatus.MISSING;
            boolean made = record != null && record.answers(run);
            by.apply(run)
                    .map(
                            one ->
                                    made
                                            ? record.toRow(one, study, reductions)
                                            : one.row(without, study, reductions))
                    .ifPresent(lines::add);
        }
        return lines;
    }

    /**
     * Writes {@code runs.csv}, with a line for every planned run, and {@code provenance.json}.
     *
     * @param directory where they go
     * @throws IOException if they cannot be written
     */
    public void write(Path directory) throws IOException {
        RunsCsv.write(directory.resolve(StoreLayout.LINES), lines);
        if (!records.isEmpty()) {
            Provenance.of(lines.get(0).study(), lines.get(0).reductions(), records)
                    .write(directory.resolve(StoreLayout.PROVENANCE));
        }
    }

    /**
     * Returns how many runs were planned.
     *
     * @return the number, whatever became of them
     */
    public int planned() {
        return lines.size();
    }

    /** How many records there are of planned runs. */
    int made() {
        return records.size();
    }

    /**
     * Returns the planned runs that are not there, failed ones included.
     *
     * @return their lines
     */
    public List<RunRow> missing() {
        return lines.stream().filter(row -> !row.isMade()).toList();
    }
}
