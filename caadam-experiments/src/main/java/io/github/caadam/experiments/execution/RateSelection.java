// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.WholeFile;
import io.github.caadam.experiments.study.RunSpec;
import io.github.caadam.experiments.study.Study;
import io.github.caadam.experiments.study.Tuning;
import io.github.caadam.experiments.study.TuningCase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.math3.stat.StatUtils;

/**
 * Chooses the learning rates of a study: for each tuned optimizer on each network the one whose
 * weights, the best of each run, have the lowest mean validation loss. A rate at which a run
 * diverged is not chosen; of equals, the lower one is. Test rows have no part in it.
 */
public final class RateSelection {

    private final Study study;
    private final List<Trial> trials = new ArrayList<>();
    private final Map<TuningCase, Double> chosen = new LinkedHashMap<>();

    /**
     * A learning rate that was tried.
     *
     * @param about what it was tried for
     * @param learningRate the learning rate
     * @param runs how many runs tried it
     * @param diverged how many of them diverged
     * @param validationLoss the mean over the runs of the validation loss of their best weights;
     *     infinite if a run diverged
     * @param deviation its sample standard deviation; NaN if a run diverged or there is one only
     */
    public record Trial(
            TuningCase about,
            double learningRate,
            int runs,
            int diverged,
            double validationLoss,
            double deviation) {

        private static Trial of(TuningCase about, double learningRate, List<RunRecord> runs) {
            double[] losses =
                    runs.stream()
                            .filter(RunRecord::isFinished)
                            .mapToDouble(RunRecord::testedValidationLoss)
                            .toArray();
            boolean whole = losses.length == runs.size();
            return new Trial(
                    about,
                    learningRate,
                    runs.size(),
                    runs.size() - losses.length,
                    whole ? StatUtils.mean(losses) : Double.POSITIVE_INFINITY,
                    whole && losses.length > 1
                            ? Math.sqrt(StatUtils.variance(losses))
                            : Double.NaN);
        }
    }

    private RateSelection(Study study) {
        this.study = study;
    }

    /**
     * Chooses.
     *
     * @param study the study, with its budget
     * @param made all runs of its {@link Study#tuningStudy}
     * @return the choice
     * @throws IOException if all learning rates of an optimizer on a network diverged
     */
    public static RateSelection of(Study study, Map<RunSpec, RunRecord> made) throws IOException {
        RateSelection selection = new RateSelection(study);
        for (TuningCase about : study.tuningCases()) {
            selection.choose(about, made);
        }
        return selection;
    }

    private void choose(TuningCase about, Map<RunSpec, RunRecord> made) throws IOException {
        List<Trial> tried = new ArrayList<>();
        for (double rate : budget().learningRates()) {
            List<RunRecord> runs =
                    made.entrySet().stream()
                            .filter(run -> tries(run.getKey(), about, rate))
                            .map(Map.Entry::getValue)
                            .toList();
            tried.add(Trial.of(about, rate, runs));
        }
        Trial best =
                tried.stream().min(Comparator.comparingDouble(Trial::validationLoss)).orElseThrow();
        if (Double.isInfinite(best.validationLoss())) {
            throw new IOException(
                    describe(about)
                            + " diverges at every learning rate that is tried; give the study lower"
                            + " ones.");
        }
        trials.addAll(tried);
        chosen.put(about, best.learningRate());
    }

    private static boolean tries(RunSpec run, TuningCase about, double rate) {
        return run.dataset().equals(about.dataset())
                && run.model().equals(about.model())
                && run.optimizer().equals(about.optimizer().trying(rate));
    }

    private Tuning budget() {
        return study.tuning().orElseThrow();
    }

    /**
     * Returns the learning rates that were chosen.
     *
     * @return one for each case
     */
    public Map<TuningCase, Double> learningRates() {
        return Map.copyOf(chosen);
    }

    /**
     * Returns everything that was tried.
     *
     * @return the trials, by case and learning rate
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
        StringBuilder text = new StringBuilder();
        try (CSVPrinter csv =
                CSVFormat.RFC4180.builder().setRecordSeparator('\n').get().print(text)) {
            csv.printRecord(
                    "dataset",
                    "architecture",
                    "optimizer",
                    "strategy",
                    "learning_rate",
                    "n",
                    "diverged",
                    "validation_loss",
                    "validation_loss_std",
                    "chosen");
            for (Trial trial : trials) {
                csv.printRecord(
                        trial.about().dataset(),
                        trial.about().model().architecture(),
                        trial.about().optimizer().optimizer(),
                        trial.about().optimizer().label(study.protocol()),
                        trial.learningRate(),
                        trial.runs(),
                        trial.diverged(),
                        trial.validationLoss(),
                        trial.deviation(),
                        isChosen(trial));
            }
        }
        WholeFile.write(file, text.toString());
    }

    private boolean isChosen(Trial trial) {
        return chosen.get(trial.about()) == trial.learningRate();
    }

    private String describe(TuningCase about) {
        return about.optimizer().fullName(study.protocol())
                + " on "
                + about.model().name()
                + ", "
                + about.dataset();
    }

    /** Returns a line per case with its learning rate, and which lie at the edge of the budget. */
    @Override
    public String toString() {
        int width =
                chosen.keySet().stream().mapToInt(one -> describe(one).length()).max().orElse(0);
        StringBuilder text =
                new StringBuilder(
                        String.format(
                                Locale.ROOT,
                                "Learning rates of %s, of %s, by validation loss over %d runs%n",
                                study.name(),
                                budget().learningRates(),
                                budget().runs()));
        chosen.forEach(
                (about, rate) ->
                        text.append(
                                String.format(
                                        Locale.ROOT,
                                        "  %-" + width + "s  %s%s%n",
                                        describe(about),
                                        rate,
                                        budget().isAtEdge(rate) ? " (edge of the budget)" : "")));
        return text.toString();
    }
}
