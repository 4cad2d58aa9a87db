// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import io.github.caadam.experiments.figure.FigureInput;
import io.github.caadam.experiments.figure.LossCurve;
import io.github.caadam.experiments.results.Provenance;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunStore;
import io.github.caadam.experiments.results.StoreLayout;
import io.github.caadam.experiments.results.StudyRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a report is made of.
 *
 * @param runs the runs, with their histories where they are known
 * @param provenance what the runs have in common, where that is known
 * @param losses the losses of runs that have no history
 * @param trials the runs that tried learning rates for these; empty if there are none, or of a
 *     {@code runs.csv}
 */
public record ReportInput(
        StudyRuns runs,
        Optional<Provenance> provenance,
        List<LossCurve> losses,
        Optional<StudyRuns> trials) {

    /** Copies the losses. */
    public ReportInput {
        losses = List.copyOf(losses);
    }

    /**
     * Reads a study. Of a {@code runs.csv} the {@code provenance.json} beside it is read, too, and
     * of a directory with one the {@code loss-curves.csv}.
     *
     * @param source a file of runs, the directory that a study wrote to, or another one that holds
     *     a {@code runs.csv}
     * @return what is there, with one result at least
     * @throws IOException if there is no result; the message says what is expected
     */
    public static ReportInput read(Path source) throws IOException {
        StudyRuns runs = StudyRuns.read(source);
        if (runs.records().isEmpty()) {
            Path directory =
                    Files.isDirectory(source) ? source : source.toAbsolutePath().getParent();
            return new ReportInput(
                    runs,
                    Provenance.find(directory.resolve(StoreLayout.PROVENANCE)),
                    FigureInput.read(source).curves(),
                    Optional.empty());
        }
        List<RunRecord> finished = runs.records().stream().filter(RunRecord::isFinished).toList();
        Provenance provenance =
                Provenance.of(
                        runs.rows().get(0).study(), runs.rows().get(0).reductions(), finished);
        return new ReportInput(runs, Optional.of(provenance), List.of(), trials(source));
    }

    private static Optional<StudyRuns> trials(Path source) throws IOException {
        if (!Files.isDirectory(source)) {
            return Optional.empty();
        }
        Path tuning = StoreLayout.tuning(source);
        return RunStore.isStore(tuning)
                ? Optional.of(StudyRuns.of(RunStore.existing(tuning)))
                : Optional.empty();
    }

    /**
     * Returns the same of other runs, such as these compared otherwise.
     *
     * @param other the runs
     * @return the input
     */
    public ReportInput with(StudyRuns other) {
        return new ReportInput(other, provenance, losses, trials);
    }
}
