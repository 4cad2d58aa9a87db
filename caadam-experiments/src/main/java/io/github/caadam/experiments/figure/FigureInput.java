// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.StudyRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What figures are made of.
 *
 * @param study the runs
 * @param curves losses by epoch, as far as there are any and figures draw them
 * @param missing what is not there and why, in sentences; empty if all is there
 */
public record FigureInput(StudyRuns study, List<LossCurve> curves, List<String> missing) {

    /** Copies the lists. */
    public FigureInput {
        curves = List.copyOf(curves);
        missing = List.copyOf(missing);
    }

    /**
     * Reads runs.
     *
     * @param source the directory that a study wrote to, with all its run files; or one with {@code
     *     runs.csv} and {@code loss-curves.csv}; or a {@code runs.csv}, which has no losses by
     *     epoch
     * @return the runs
     * @throws IOException if there are no finished runs, or a file cannot be read; the message says
     *     which and what to do
     */
    public static FigureInput read(Path source) throws IOException {
        StudyRuns study = StudyRuns.read(source);
        if (!study.records().isEmpty()) {
            List<LossCurve> curves = curves(study);
            return new FigureInput(
                    study,
                    curves,
                    curves.isEmpty()
                            ? List.of("No loss curves: the runs were reused without them.")
                            : List.of());
        }
        Path losses = source.resolve(LossCurvesCsv.NAME);
        if (!Files.isRegularFile(losses)) {
            return new FigureInput(
                    study,
                    List.of(),
                    List.of(
                            "No loss curves: "
                                    + source
                                    + " has no losses by epoch; name the directory that --out of"
                                    + " \"caadam run\" named, or one that holds runs.csv and "
                                    + LossCurvesCsv.NAME
                                    + "."));
        }
        List<LossCurve> curves = LossCurvesCsv.read(losses);
        requireKnown(curves, study, losses);
        return new FigureInput(study, curves, List.of());
    }

    /** Of the runs that are drawn: those of a large study would take as much memory again. */
    private static List<LossCurve> curves(StudyRuns study) {
        return study.records().stream()
                .filter(run -> run.isFinished() && !run.history().isEmpty())
                .collect(
                        Collectors.groupingBy(
                                run ->
                                        List.of(
                                                run.dataset(),
                                                run.architecture(),
                                                run.optimizer(),
                                                run.strategy()),
                                LinkedHashMap::new,
                                Collectors.toList()))
                .values()
                .stream()
                .flatMap(
                        runs ->
                                runs.stream()
                                        .sorted(Comparator.comparingInt(RunRecord::run))
                                        .limit(LossFigure.RUNS))
                .map(LossCurve::of)
                .toList();
    }

    private static void requireKnown(List<LossCurve> curves, StudyRuns study, Path losses)
            throws IOException {
        Set<List<Object>> known = new HashSet<>();
        for (RunRow row : study.rows()) {
            known.add(List.of(Problem.of(row), Configuration.of(row), row.run()));
        }
        for (LossCurve curve : curves) {
            if (!known.contains(List.of(curve.problem(), curve.configuration(), curve.run()))) {
                throw new IOException(
                        losses
                                + " holds run "
                                + curve.run()
                                + " of "
                                + curve.configuration().label()
                                + " on "
                                + curve.problem().architecture()
                                + ", which the runs.csv beside it does not; they belong to"
                                + " different studies.");
            }
        }
    }
}
