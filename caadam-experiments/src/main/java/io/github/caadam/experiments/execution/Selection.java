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
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.commons.math3.stat.StatUtils;

/**
 * Chooses the options of a study: for each tuned row on each problem the candidate whose weights,
 * those that each run tested, have the lowest mean validation loss. A candidate with which a run
 * diverged or failed is not chosen; of equals, the first one is. Where every candidate lost a run,
 * nothing is chosen. Test rows have no part in it.
 */
public final class Selection {

    private final Study study;
    private final List<Trial> trials = new ArrayList<>();
    private final Map<TuningCase, Tuner.Candidate> chosen = new LinkedHashMap<>();
    private final Map<TuningCase, String> unchosen = new LinkedHashMap<>();

    /**
     * A candidate that was tried.
     *
     * @param about what it was tried for
     * @param candidate the candidate
     * @param runs how many runs tried it
     * @param diverged how many of them diverged
     * @param failed how many of them failed
     * @param validationLoss the mean over the runs of the validation loss of their best weights;
     *     infinite if a run diverged or failed
     * @param deviation its sample standard deviation; NaN if a run diverged or failed, or there is
     *     one only
     */
    public record Trial(
            TuningCase about,
            Tuner.Candidate candidate,
            int runs,
            int diverged,
            int failed,
            double validationLoss,
            double deviation) {

        private static Trial of(
                TuningCase about, Tuner.Candidate candidate, List<RunRecord> runs, int failed) {
            double[] losses =
                    runs.stream()
                            .filter(RunRecord::isFinished)
                            .mapToDouble(RunRecord::testedValidationLoss)
                            .toArray();
            boolean whole = losses.length == runs.size() && failed == 0;
            return new Trial(
                    about,
                    candidate,
                    runs.size() + failed,
                    runs.size() - losses.length,
                    failed,
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
     * @param made the runs of its {@link Study#tuningStudy} that were made
     * @param failed those that failed, and why
     * @return the choice
     */
    public static Selection of(
            Study study, Map<RunSpec, RunRecord> made, Map<RunSpec, String> failed) {
        Selection selection = new Selection(study);
        for (TuningCase about : study.tuningCases()) {
            selection.choose(about, made, failed);
        }
        return selection;
    }

    private void choose(
            TuningCase about, Map<RunSpec, RunRecord> made, Map<RunSpec, String> failed) {
        List<Trial> tried = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        for (Tuner.Candidate candidate : about.tuner().candidates()) {
            List<String> failures = of(candidate, about, failed);
            faults.addAll(failures);
            tried.add(Trial.of(about, candidate, of(candidate, about, made), failures.size()));
        }
        trials.addAll(tried);
        Trial best =
                tried.stream().min(Comparator.comparingDouble(Trial::validationLoss)).orElseThrow();
        if (Double.isInfinite(best.validationLoss())) {
            unchosen.put(about, reason(tried, faults));
        } else {
            chosen.put(about, best.candidate());
        }
    }

    private static <T> List<T> of(
            Tuner.Candidate candidate, TuningCase about, Map<RunSpec, T> runs) {
        return runs.entrySet().stream()
                .filter(run -> tries(run.getKey(), about, candidate))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static String reason(List<Trial> tried, List<String> faults) {
        int runs = tried.stream().mapToInt(Trial::runs).sum();
        int diverged = tried.stream().mapToInt(Trial::diverged).sum();
        String options =
                String.join(", ", new TreeSet<>(tried.get(0).candidate().options().keySet()));
        List<String> became = new ArrayList<>();
        if (diverged > 0) {
            became.add(diverged + " diverged");
        }
        if (!faults.isEmpty()) {
            became.add(faults.size() + " failed, the first because " + faults.get(0));
        }
        return "nothing could be chosen for "
                + options
                + ", as each of the "
                + tried.size()
                + " values that were tried lost a run: of "
                + runs
                + " runs "
                + String.join(" and ", became);
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
     * Returns where nothing could be chosen.
     *
     * @return why, for each such case
     */
    public Map<TuningCase, String> unchosen() {
        return Map.copyOf(unchosen);
    }

    /**
     * Finds the runs that tried something for what was chosen.
     *
     * @param runs runs that try options
     * @return those whose outcome could only replace a choice by another one
     */
    public Set<RunSpec> settled(Set<RunSpec> runs) {
        return runs.stream()
                .filter(
                        run ->
                                chosen.keySet().stream()
                                        .anyMatch(
                                                about ->
                                                        about.tuner().candidates().stream()
                                                                .anyMatch(
                                                                        one ->
                                                                                tries(
                                                                                        run, about,
                                                                                        one))))
                .collect(Collectors.toSet());
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
                        "failed",
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
                trial.failed(),
                trial.validationLoss(),
                trial.deviation(),
                isChosen(trial));
    }

    private boolean isChosen(Trial trial) {
        return trial.candidate().equals(chosen.get(trial.about()));
    }

    private String describe(TuningCase about) {
        return about.tuner().name()
                + " on "
                + about.model().printed()
                + ", "
                + about.data().label();
    }

    /**
     * Returns a line per case with what was chosen, and which lie at the edge of what was tried, or
     * why nothing was.
     */
    @Override
    public String toString() {
        int width = trials.stream().mapToInt(one -> describe(one.about()).length()).max().orElse(0);
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
        unchosen.forEach(
                (about, reason) ->
                        text.append(
                                String.format(
                                        Locale.ROOT,
                                        "  %-" + width + "s  %s%n",
                                        describe(about),
                                        reason)));
        return text.toString();
    }
}
