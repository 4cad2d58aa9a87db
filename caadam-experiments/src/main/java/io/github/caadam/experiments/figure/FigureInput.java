package io.github.caadam.experiments.figure;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunStore;
import io.github.caadam.experiments.results.RunsCsv;
import io.github.caadam.experiments.results.StudyPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What figures are made of.
 *
 * @param rows finished runs, 1 or more
 * @param curves their losses by epoch, as far as there are any
 * @param learningRates their learning rates, as far as they are known
 * @param diverged how many further runs of a problem diverged; no entry for none, or unknown
 * @param missing what is not there and why, in sentences; empty if all is there
 */
public record FigureInput(
        List<RunRow> rows,
        List<LossCurve> curves,
        LearningRates learningRates,
        Map<Problem, Integer> diverged,
        List<String> missing) {

    private static final String RUNS_CSV = "runs.csv";

    /** Copies the collections. */
    public FigureInput {
        rows = List.copyOf(rows);
        curves = List.copyOf(curves);
        diverged = Map.copyOf(diverged);
        missing = List.copyOf(missing);
    }

    /**
     * Reads runs.
     *
     * @param runs the folder of a study, with all its run files; or a folder with {@code runs.csv}
     *     and {@code loss-curves.csv}; or a {@code runs.csv}, which has neither losses by epoch nor
     *     learning rates
     * @return the runs
     * @throws IOException if there are no finished runs, or a file cannot be read; the message says
     *     which and what to do
     */
    public static FigureInput read(Path runs) throws IOException {
        if (Files.isDirectory(runs.resolve("runs"))) {
            return ofStudy(runs);
        }
        if (!Files.exists(runs)) {
            throw new IOException(
                    "There is no "
                            + runs
                            + "; name the folder of a study, such as runs/quickstart, or a"
                            + " runs.csv.");
        }
        return Files.isDirectory(runs) ? ofFolder(runs) : ofFile(runs);
    }

    private static FigureInput ofStudy(Path folder) throws IOException {
        RunStore store = RunStore.existing(folder);
        Optional<StudyPlan> plan = store.plan();
        List<RunRecord> records = records(store, plan);
        List<RunRecord> finished = records.stream().filter(RunRecord::isFinished).toList();
        if (finished.isEmpty()) {
            throw new IOException(
                    folder + " holds no finished runs yet; run its study, then make figures.");
        }
        List<RunRow> rows = new ArrayList<>();
        for (RunRecord run : finished) {
            rows.add(
                    run.toRow(
                            plan.map(StudyPlan::study).orElse(run.study()),
                            plan.map(StudyPlan::reductions).orElse("")));
        }
        LearningRates rates = LearningRates.of(finished);
        Set<String> comparable =
                rates.withoutSweeps(rows).stream().map(RunRow::id).collect(Collectors.toSet());
        List<LossCurve> curves =
                finished.stream()
                        .filter(run -> comparable.contains(run.id()))
                        .map(LossCurve::of)
                        .toList();
        return new FigureInput(rows, curves, rates, diverged(records), List.of());
    }

    private static List<RunRecord> records(RunStore store, Optional<StudyPlan> plan)
            throws IOException {
        if (plan.isEmpty()) {
            return store.all();
        }
        List<RunRecord> records = new ArrayList<>();
        for (StudyPlan.PlannedRun run : plan.get().runs()) {
            store.find(run.id()).ifPresent(records::add);
        }
        return records;
    }

    private static Map<Problem, Integer> diverged(List<RunRecord> records) {
        return records.stream()
                .filter(run -> !run.isFinished())
                .collect(
                        Collectors.toMap(
                                run -> new Problem(run.dataset(), run.architecture()),
                                run -> 1,
                                Integer::sum));
    }

    private static FigureInput ofFolder(Path folder) throws IOException {
        Path csv = folder.resolve(RUNS_CSV);
        Path losses = folder.resolve(LossCurvesCsv.NAME);
        if (!Files.isRegularFile(csv)) {
            throw new IOException(
                    folder
                            + " holds neither run files nor a runs.csv; name the folder of a study,"
                            + " such as runs/quickstart, or a runs.csv.");
        }
        List<RunRow> rows = RunsCsv.read(csv);
        if (!Files.isRegularFile(losses)) {
            return withoutCurves(rows, folder + " has no " + LossCurvesCsv.NAME);
        }
        List<LossCurve> curves = LossCurvesCsv.read(losses);
        requireKnown(curves, rows, losses);
        return new FigureInput(rows, curves, LearningRates.UNKNOWN, Map.of(), List.of());
    }

    private static FigureInput ofFile(Path csv) throws IOException {
        return withoutCurves(RunsCsv.read(csv), csv + " has no losses by epoch");
    }

    private static FigureInput withoutCurves(List<RunRow> rows, String why) {
        return new FigureInput(
                rows,
                List.of(),
                LearningRates.UNKNOWN,
                Map.of(),
                List.of("No loss curves: " + why + "; name the folder of the study instead."));
    }

    private static void requireKnown(List<LossCurve> curves, List<RunRow> rows, Path losses)
            throws IOException {
        Set<List<Object>> known = new HashSet<>();
        for (RunRow row : rows) {
            known.add(
                    List.of(
                            new Problem(row.dataset(), row.architecture()),
                            new Configuration(row.optimizer(), row.strategy()),
                            row.run()));
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
                                + ", which the "
                                + RUNS_CSV
                                + " beside it does not; they belong to different studies.");
            }
        }
    }
}
