// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.caadam.experiments.dataset.TrainTestData;
import io.github.caadam.experiments.results.Provenance;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunsCsv;
import io.github.caadam.experiments.study.RunSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Runs that were made before, perhaps by others, and of which there is a {@code runs.csv}: a study
 * that asks for one of them need not make it again. A line says what came out, its id that the run
 * is the same in everything but the machine; losses by epoch are not known.
 */
public final class CollectedRuns {

    /** In the environment of such a run: the study that its line was collected for. */
    private static final String COLLECTED_FOR = "collectedFor";

    private static final String RUNS = "runs.csv";
    private static final String PROVENANCE = "provenance.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Collected> byId = new HashMap<>();
    private final Predicate<RunRow> useful;

    /**
     * A run.
     *
     * @param row what came out
     * @param environment where it was made, as far as that is known
     */
    private record Collected(RunRow row, Map<String, String> environment) {}

    /**
     * Knows no runs yet.
     *
     * @param useful which lines say enough
     */
    public CollectedRuns(Predicate<RunRow> useful) {
        this.useful = useful;
    }

    /**
     * Adds the useful runs of a directory that have an id. Of several lines for one run, the first
     * that was added stands.
     *
     * @param directory a directory with a {@code runs.csv}, and with the {@code provenance.json}
     *     that says where its runs were made
     * @throws IOException if there is no such file, or one cannot be read
     */
    public void add(Path directory) throws IOException {
        Optional<Provenance> provenance = Provenance.find(directory.resolve(PROVENANCE));
        Map<String, Map<String, String>> environments = new HashMap<>();
        for (RunRow row : RunsCsv.read(directory.resolve(RUNS))) {
            if (!row.id().isEmpty() && useful.test(row)) {
                Map<String, String> environment =
                        environments.computeIfAbsent(
                                row.commit(), commit -> environmentOf(commit, provenance));
                byId.putIfAbsent(row.id(), new Collected(row, environment));
            }
        }
    }

    /**
     * Adds the runs of a directory, and those that tried learning rates for them, if there are any.
     *
     * @param directory as for {@link #add}
     * @param trials below the directory, the one of those that tried learning rates
     * @throws IOException as {@link #add}
     */
    public void add(Path directory, String trials) throws IOException {
        add(directory);
        if (Files.exists(directory.resolve(trials).resolve(RUNS))) {
            add(directory.resolve(trials));
        }
    }

    /** What all runs of a commit have in common. */
    private static Map<String, String> environmentOf(
            String commit, Optional<Provenance> provenance) {
        Map<String, String> common = new LinkedHashMap<>(Map.of("commit", commit));
        List<Map<String, String>> all =
                provenance.map(Provenance::environments).orElse(List.of()).stream()
                        .filter(one -> commit.equals(one.get("commit")))
                        .toList();
        if (!all.isEmpty()) {
            common.putAll(all.get(0));
            all.forEach(one -> common.entrySet().retainAll(one.entrySet()));
        }
        return common;
    }

    /**
     * Returns a run.
     *
     * @param study the study that asks for it
     * @param spec what it is
     * @param data its data
     * @return the run, or empty if it is not among these
     */
    Optional<RunRecord> find(String study, RunSpec spec, TrainTestData data) {
        return Optional.ofNullable(byId.get(spec.id(data.digest())))
                .map(collected -> record(study, spec, data, collected));
    }

    private static RunRecord record(
            String study, RunSpec spec, TrainTestData data, Collected collected) {
        RunRow row = collected.row();
        Map<String, JsonNode> settings = spec.settings();
        if (!row.factors().isEmpty()) {
            settings.put("factors", JSON.valueToTree(row.factors()));
        }
        Map<String, String> environment = new HashMap<>(collected.environment());
        environment.put(COLLECTED_FOR, row.study());
        double steps = row.stepsPerSecond() * row.seconds();
        return new RunRecord(
                row.id(),
                study,
                RunRecord.FINISHED,
                row.dataset(),
                data.source(),
                data.digest(),
                row.architecture(),
                row.optimizer(),
                row.strategy(),
                row.run(),
                settings,
                row.metric(),
                row.value(),
                row.secondary(),
                Double.isNaN(row.validationLoss()) ? null : row.validationLoss(),
                row.seconds(),
                row.epochs(),
                Double.isNaN(steps) ? 0 : Math.round(steps),
                RunRecord.UNKNOWN_EPOCH,
                List.of(),
                environment);
    }
}
