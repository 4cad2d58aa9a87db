// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import io.github.caadam.experiments.results.Place;
import io.github.caadam.experiments.results.PlannedRun;
import io.github.caadam.experiments.results.Provenance;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunStatus;
import io.github.caadam.experiments.results.RunsCsv;
import io.github.caadam.experiments.results.Stint;
import io.github.caadam.experiments.results.StoreLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
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

    private final Map<String, RunRow> byId = new HashMap<>();
    private final Map<String, Place> places = new HashMap<>();
    private final Predicate<RunRow> useful;

    /**
     * Knows no runs yet.
     *
     * @param useful which lines of finished runs say enough
     */
    public CollectedRuns(Predicate<RunRow> useful) {
        this.useful = useful;
    }

    /**
     * Adds the useful runs of a directory that have an id, and those that tried learning rates for
     * them, if there are any. Of several lines for one run, the first that was added stands.
     *
     * @param directory a directory with a {@code runs.csv}, and with the {@code provenance.json}
     *     that says where its runs were made
     * @throws IOException if there is no such file, or one cannot be read
     */
    public void add(Path directory) throws IOException {
        addOne(directory);
        Path trials = StoreLayout.tuning(directory);
        if (Files.exists(trials.resolve(StoreLayout.LINES))) {
            addOne(trials);
        }
    }

    private void addOne(Path directory) throws IOException {
        Provenance.find(directory.resolve(StoreLayout.PROVENANCE))
                .ifPresent(
                        provenance ->
                                provenance
                                        .eachPlace()
                                        .forEach(one -> places.put(one.describe(), one)));
        for (RunRow row : RunsCsv.read(directory.resolve(StoreLayout.LINES))) {
            if (!row.id().isEmpty() && row.isFinished() && useful.test(row)) {
                byId.putIfAbsent(row.id(), row);
            }
        }
    }

    /**
     * Returns a run.
     *
     * @param study the study that asks for it
     * @param planned what it asks, and what the study calls it
     * @param dataSource where its data came from
     * @return the run, or empty if it is not among these
     */
    Optional<RunRecord> find(String study, PlannedRun planned, String dataSource) {
        return Optional.ofNullable(byId.get(planned.id()))
                .filter(row -> row.metric().equals(planned.metric()))
                .filter(row -> row.secondaryMetric().equals(planned.secondaryMetric()))
                .map(row -> record(study, planned, dataSource, row));
    }

    private RunRecord record(String study, PlannedRun planned, String dataSource, RunRow row) {
        double steps = row.stepsPerSecond() * row.seconds();
        Place place = places.getOrDefault(row.place(), Place.described(row.place()));
        return new RunRecord(
                row.id(),
                row.alias().isEmpty() ? List.of() : List.of(row.alias()),
                study,
                RunStatus.FINISHED,
                row.dataset(),
                dataSource,
                planned.architecture(),
                planned.optimizer(),
                planned.strategy(),
                planned.protocol(),
                row.run(),
                planned.question(),
                row.factors(),
                row.metric(),
                row.value(),
                row.secondary(),
                Map.of(),
                Double.isNaN(row.validationLoss()) ? null : row.validationLoss(),
                row.seconds(),
                row.epochs(),
                Double.isNaN(steps) ? 0 : Math.round(steps),
                RunRecord.UNKNOWN_EPOCH,
                List.of(),
                List.of(new Stint(1, row.epochs(), place, row.commit(), "", Map.of())));
    }
}
