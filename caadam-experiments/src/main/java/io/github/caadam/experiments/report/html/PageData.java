// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Improvement;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunRecord.EpochRecord;
import io.github.caadam.experiments.results.RunRow;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the page's script draws from: numbers that are not finite are null, and problems and
 * configurations are named by their place in the lists.
 *
 * @param groups the groups
 * @param problems the problems of all groups
 * @param configurations the configurations
 * @param runs the runs, in the order of the page's table
 */
record PageData(
        List<GroupData> groups,
        List<ProblemData> problems,
        List<ConfigurationData> configurations,
        List<RunData> runs) {

    /** So many runs per configuration have their curve on the page. */
    static final int CURVES = 5;

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A group.
     *
     * @param metric what the value of a run is
     * @param secondary what its second value is
     * @param baseline what the others are compared with
     * @param effects the effects against the baseline, where they have an estimate
     */
    record GroupData(String metric, String secondary, String baseline, List<EffectData> effects) {}

    /**
     * An effect against the baseline.
     *
     * @param problem the place of the problem
     * @param configuration the place of the configuration
     * @param g Hedges' g
     * @param low the lower end of its interval
     * @param high the upper end of its interval
     * @param improvement the improvement in percent
     * @param p Welch's p with Holm's correction
     */
    record EffectData(
            int problem,
            int configuration,
            double g,
            double low,
            double high,
            Double improvement,
            Double p) {}

    /**
     * A problem.
     *
     * @param label its name on the page
     * @param group the place of its group
     */
    record ProblemData(String label, int group) {}

    /**
     * A configuration.
     *
     * @param label its name on the page
     * @param css the class with its colour
     */
    record ConfigurationData(String label, String css) {}

    /**
     * A run.
     *
     * @param problem the place of the problem
     * @param configuration the place of the configuration
     * @param run its index
     * @param value the metric
     * @param secondary the second metric
     * @param seconds the wall time of the training
     * @param epochs epochs trained
     * @param bestEpoch the epoch, from 0, whose weights were tested; null if unknown
     * @param started when it started; null if unknown
     * @param commit the commit of the code that ran
     * @param id its id
     * @param curve its losses; null if they are not on the page
     */
    record RunData(
            int problem,
            int configuration,
            int run,
            double value,
            Double secondary,
            double seconds,
            int epochs,
            Integer bestEpoch,
            String started,
            String commit,
            String id,
            LossCurve curve) {}

    static PageData of(
            PageIndex index, Map<RunGroup, List<Improvement>> improvements, Histories histories) {
        List<GroupData> groups = new ArrayList<>();
        List<ProblemData> problems = new ArrayList<>();
        List<RunData> runs = new ArrayList<>();
        for (RunGroup group : index.groups()) {
            for (Problem problem : group.problems()) {
                problems.add(new ProblemData(index.label(group, problem), groups.size()));
                for (Configuration configuration : group.configurations(problem)) {
                    int place = index.indexOf(group, problem);
                    addRuns(
                            runs,
                            place,
                            index.indexOf(configuration),
                            group.runs(problem, configuration),
                            histories);
                }
            }
            groups.add(
                    new GroupData(
                            group.measure().title(),
                            group.measure().secondaryTitle(),
                            group.baseline().label(),
                            effects(index, group, improvements.get(group))));
        }
        List<ConfigurationData> configurations =
                index.configurations().stream()
                        .map(one -> new ConfigurationData(one.label(), index.css(one)))
                        .toList();
        return new PageData(groups, problems, configurations, runs);
    }

    private static List<EffectData> effects(
            PageIndex index, RunGroup group, List<Improvement> improvements) {
        return improvements.stream()
                .filter(one -> Double.isFinite(one.effect().g()) && !one.lostTooMany())
                .map(
                        one ->
                                new EffectData(
                                        index.indexOf(group, one.problem()),
                                        index.indexOf(one.configuration()),
                                        one.effect().g(),
                                        one.effect().low(),
                                        one.effect().high(),
                                        finite(one.byValue().improvementPercent()),
                                        finite(one.holmP())))
                .toList();
    }

    private static void addRuns(
            List<RunData> runs,
            int problem,
            int configuration,
            List<RunRow> rows,
            Histories histories) {
        int curves = 0;
        for (RunRow row : rows) {
            RunRecord record = histories.record(row);
            List<EpochRecord> epochs = histories.epochs(row);
            boolean hasEpochs = !epochs.isEmpty();
            boolean drawn = hasEpochs && curves < CURVES;
            curves += drawn ? 1 : 0;
            runs.add(
                    new RunData(
                            problem,
                            configuration,
                            row.run(),
                            row.value(),
                            finite(row.secondary()),
                            row.seconds(),
                            row.epochs(),
                            hasEpochs && record != null ? record.bestEpoch() : null,
                            record == null ? null : record.started(),
                            row.commit(),
                            row.id(),
                            drawn ? LossCurve.of(epochs) : null));
        }
    }

    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    boolean hasCurves(int problem) {
        return runs.stream().anyMatch(run -> run.problem() == problem && run.curve() != null);
    }

    /** As JSON that cannot end the script element it stands in, whatever names it holds. */
    String toJson() {
        try {
            return JSON.writeValueAsString(this).replace("<", "\\u003c");
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
