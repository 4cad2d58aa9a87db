// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import io.github.caadam.experiments.results.CsvFile;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.study.Configuration;
import io.github.caadam.experiments.study.RunSpec;
import io.github.caadam.experiments.study.Study;
import io.github.caadam.experiments.study.Tuner;
import io.github.caadam.experiments.study.TuningCase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.math3.stat.StatUtils;

/**
 * Chooses the options of a study: for each tuned row on each problem the candidate whose weights,
 * those that each run tested, have the lowest mean validation loss. A candidate with which a run
 * diverged is not chosen; of equals, the first one is. Test rows have no part in it.
 */
public final class Selection {

    private final Study study;
    private final List<Trial> trials = new ArrayList<>();
    private final Map<TuningCase, Tuner.Candidate> chosen = new LinkedHashMap<>();

    /**
     * A candidate that was tried.
     *
     * @param about what it was tried for
     * @param candidate the candidate
     * @param runs how many runs tried it
     * @param diverged how many of them diverged
     * @param validationLoss the mean over the runs of the validation loss of their best weights;
     *     infinite if a run diverged
     * @param deviation its sample standard deviation; NaN if a run diverged or there is one only
     */
    public record Trial(
            TuningCase about,
            Tuner.Candidate candidate,
            int runs,
            int diverged,
            double validationLoss,
            double deviation) {

        private static Trial of(TuningCase about, Tuner.Candidate candidate, List<RunRecord> runs) {
            double[] losses =
                    runs.stream()
                            .filter(RunRecord::isFinished)
                            .mapToDouble(RunRecord::testedValidationLoss)
                            .toArray();
            boolean whole = losses.length == runs.size();
            return new Trial(
                    about,
                    candidate,
                    runs.size(),
                    runs.size() - losses.length,
                    whole ? StatUtils.mean(losses) : Double.POSITIVE_INFINITY,
                    whole && losses.length > 1
                            ? Math.sqrt(StatUtils.variance(losses))
                            : Double.NaN);
        }
    }

    private Selection(Study study) {
        this.study = study;
    }

    /**
     * Chooses.
     *
     * @param study the study, with its budget
     * @param made all runs of its {@link Study#tuningStudy}
     * @return the choice
     * @throws IOException if all candidates of a row diverged on a problem
     */
    public static Selection of(Study study, Map<RunSpec, RunRecord> made) throws IOException {
        Selection selection = new Selection(study);
        for (TuningCase about : study.tuningCases()) {
            selection.choose(about, made);
        }
        return selection;
    }

    private void choose(TuningCase about, Map<RunSpec, RunRecord> made) throws IOException {
        List<Trial> tried = new ArrayList<>();
        for (Tuner.Candidate candidate : about.tuner().candidates()) {
            List<RunRecord> runs =
                    made.entrySet().stream()
                            .filter(run -> tries(run.getKey(), about, candidate))
                            .map(Map.Entry::getValue)
                            .toList();
            tried.add(Trial.of(about, candidate, runs));
        }
        Trial best =
                tried.stream().min(Comparator.comparingDouble(Trial::validationLoss)).orElseThrow();
        if (Double.isInfinite(best.validationLoss())) {
            throw new IOException(
                    describe(about)
                            + " diverges with all that is tried; give the study lower learning"
                            + " rates.");
        }
        trials.addAll(tried);
        chosen.put(about, best.candidate());
    }

    private static boolean tries(RunSpec run, TuningCase about, Tuner.Candidate candidate) {
        return run.labels().data().equals(about.data().label())
                && run.model().equals(about.model().component())
                && run.optimizer().equals(candidate.row().component());
    }

    /**
     * Returns what was chosen.
     *
     * @return a candidate for each case
     */
    public Map<TuningCase, Tuner.Candidate> chosen() {
        return Map.copyOf(chosen);
    }

    /**
     * Returns everything that was tried.
     *
     * @return the trials, by case and candidate
     */
    public List<Trial> trials() {
        return List.copyOf(trials);
    }

    /**
     * Writes everything that was tried, with what was chosen, as CSV.
     *
     * @param file the file; complete or unchanged
     * @throws IOException if it cannot be written
     */
    public void write(Path file) throws IOException {
        CsvFile.write(
                file,
                List.of(
                        "dataset",
                        "architecture",
                        "optimizer",
                        "strategy",
                        "options",
                        "n",
                        "diverged",
                        "validation_loss",
                        "validation_loss_std",
                        "chosen"),
                trials.stream().map(this::cells).toList());
    }

    private List<Object> cells(Trial trial) {
        Configuration row = trial.candidate().row();
        return List.of(
                trial.about().data().label(),
                trial.about().model().label(),
                row.optimizer(),
                row.strategy(),
                trial.candidate().toString(),
                trial.runs(),
                trial.diverged(),
                trial.validationLoss(),
                trial.deviation(),
                isChosen(trial));
    }

    private boolean isChosen(Trial trial) {
        return chosen.get(trial.about()).equals(trial.candidate());
    }

    private String describe(TuningCase about) {
        return about.tuner().name()
                + " on "
                + about.model().printed()
                + ", "
                + about.data().label();
    }

    /**
     * Returns a line per case with what was chosen, and which lie at the edge of what was tried.
     */
    @Override
    public String toString() {
        int width =
                chosen.keySet().stream().mapToInt(one -> describe(one).length()).max().orElse(0);
        StringBuilder text =
                new StringBuilder(
                        String.format(
                                Locale.ROOT,
                                "Chosen for %s, by validation loss over %d runs%n",
                                study.name(),
                                study.tuning().orElseThrow().seeds()));
        chosen.forEach(
                (about, candidate) ->
                        text.append(
                                String.format(
                                        Locale.ROOT,
                                        "  %-" + width + "s  %s%s%n",
                                        describe(about),
                                        candidate,
                                        about.tuner().isAtEdge(candidate)
                                                ? " (edge of the budget)"
                                                : "")));
        return text.toString();
    }
}
