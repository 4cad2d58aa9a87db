// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import io.github.caadam.experiments.results.CompareSettings;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunStatus;
import io.github.caadam.experiments.results.StudyRuns;
import io.github.caadam.experiments.statistics.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * The runs that make one set of tables, by problem (in the order of first appearance) and
 * configuration (in the order of the study's {@link ReportForm}). They have one protocol and one
 * metric in common and, where the metric is an error, one data set; metrics of which more is
 * better, such as accuracy, go together over several data sets. Problems and configurations without
 * a finished run are counted, and in nothing else.
 */
public final class RunGroup {

    /** Any of the runs, for what they have in common. */
    private final RunRow any;

    /** The finished runs. */
    private final List<RunRow> rows;

    private final List<RunRow> runs;
    private final Map<Problem, Map<Configuration, List<RunRow>>> byProblem;
    private final Map<Problem, Map<Configuration, List<RunRow>>> planned;
    private final ReportForm form;
    private final Measure measure;

    private RunGroup(List<RunRow> runs, ReportForm form) {
        this.form = form;
        this.runs = runs;
        any = runs.get(0);
        measure = form.measure(any);
        rows = runs.stream().filter(RunRow::isFinished).toList();
        byProblem = byProblem(rows);
        planned = byProblem(runs);
    }

    private Map<Problem, Map<Configuration, List<RunRow>>> byProblem(List<RunRow> some) {
        Map<Problem, Map<Configuration, List<RunRow>>> all = new LinkedHashMap<>();
        for (RunRow row : some) {
            all.computeIfAbsent(Problem.of(row), key -> new TreeMap<>(form.order()))
                    .computeIfAbsent(Configuration.of(row), key -> new ArrayList<>())
                    .add(row);
        }
        return all;
    }

    /**
     * Groups the runs of a study.
     *
     * @param study the study
     * @return the groups that have a finished run, in the order of first appearance
     */
    public static List<RunGroup> of(StudyRuns study) {
        return all(study).stream().filter(group -> !group.rows.isEmpty()).toList();
    }

    /**
     * Groups the runs of a study, also where none finished.
     *
     * @param study the study
     * @return the groups, in the order of first appearance
     */
    public static List<RunGroup> all(StudyRuns study) {
        if (study.lines().isEmpty()) {
            return List.of();
        }
        ReportForm form = ReportForm.of(study);
        return study.lines().stream()
                .collect(
                        Collectors.groupingBy(
                                row ->
                                        List.of(
                                                Measure.of(row).lowerIsBetter()
                                                        ? row.dataset()
                                                        : "",
                                                row.protocol(),
                                                row.metric()),
                                LinkedHashMap::new,
                                Collectors.toList()))
                .values()
                .stream()
                .map(runs -> new RunGroup(runs, form))
                .toList();
    }

    /**
     * Returns the runs on one problem as a group.
     *
     * @param problem one of this group's
     * @return the group
     */
    public RunGroup only(Problem problem) {
        return new RunGroup(
                runs.stream().filter(row -> Problem.of(row).equals(problem)).toList(), form);
    }

    /** Returns the runs of several groups of a study as one, for what is said of them all. */
    static RunGroup together(List<RunGroup> groups) {
        return groups.size() == 1
                ? groups.get(0)
                : new RunGroup(
                        groups.stream().flatMap(group -> group.runs.stream()).toList(),
                        groups.get(0).form);
    }

    /**
     * Returns how the study is told that the runs are of.
     *
     * @return how
     */
    public ReportForm form() {
        return form;
    }

    /**
     * Returns what the others are compared with.
     *
     * @return the baseline, of which there may be no runs
     */
    public Configuration baseline() {
        return form.baseline();
    }

    /**
     * Returns what the values of the runs are.
     *
     * @return the metric, its unit and its direction
     */
    public Measure measure() {
        return measure;
    }

    /**
     * Returns the margin of equivalence that the study fixed.
     *
     * @return the margin, in the metric's unit; empty if there is none for this metric
     */
    public Optional<Double> margin() {
        return margin(form.compare());
    }

    /** The margin of this metric that settings fix. */
    Optional<Double> margin(CompareSettings settings) {
        return Optional.ofNullable(settings.margin())
                .filter(one -> settings.metric().isEmpty() || settings.metric().equals(metric()));
    }

    /**
     * Returns what the value of a run is.
     *
     * @return the name of the metric, such as {@code rmse}
     */
    public String metric() {
        return measure.name();
    }

    /**
     * Returns the study.
     *
     * @return its name; empty if it is not known
     */
    public String study() {
        return any.study();
    }

    /**
     * Returns the protocol.
     *
     * @return its name, such as {@code notebook}; empty if it is not known
     */
    public String protocol() {
        return any.protocol();
    }

    /**
     * Returns whether a lower value is better.
     *
     * @return whether it is
     */
    public boolean lowerIsBetter() {
        return measure.lowerIsBetter();
    }

    /**
     * Returns whether the runs may be of several data sets, so that tables name it.
     *
     * @return whether they may, which is so for metrics of which more is better
     */
    public boolean joinsDatasets() {
        return !lowerIsBetter();
    }

    /**
     * Returns the data sets.
     *
     * @return their names, in the order of first appearance
     */
    public List<String> datasets() {
        return problems().stream().map(Problem::dataset).distinct().toList();
    }

    /**
     * Returns a name for files.
     *
     * @return such as {@code california-notebook-rmse}
     */
    public String name() {
        List<String> parts = new ArrayList<>(datasets());
        parts.add(protocol());
        parts.add(metric());
        return FileNames.slug(
                parts.stream().filter(part -> !part.isEmpty()).collect(Collectors.joining("-")));
    }

    /**
     * Returns the problems.
     *
     * @return the problems, in the order of first appearance
     */
    public List<Problem> problems() {
        return List.copyOf(byProblem.keySet());
    }

    /**
     * Returns what was run on any problem.
     *
     * @return the configurations, in their order
     */
    public List<Configuration> configurations() {
        TreeSet<Configuration> all = new TreeSet<>(form.order());
        byProblem.values().forEach(configurations -> all.addAll(configurations.keySet()));
        return List.copyOf(all);
    }

    /**
     * Returns what was run on a problem.
     *
     * @param problem one of this group's
     * @return the configurations, in their order
     */
    public List<Configuration> configurations(Problem problem) {
        return List.copyOf(byProblem.get(problem).keySet());
    }

    /**
     * Returns the finished runs of a configuration.
     *
     * @param problem one of this group's
     * @param configuration any configuration
     * @return its runs, which may be none
     */
    public List<RunRow> runs(Problem problem, Configuration configuration) {
        return List.copyOf(
                byProblem.getOrDefault(problem, Map.of()).getOrDefault(configuration, List.of()));
    }

    /**
     * Returns what became of the planned runs of a configuration.
     *
     * @param problem any problem
     * @param configuration any configuration
     * @return the counts
     */
    public Counts counts(Problem problem, Configuration configuration) {
        return Counts.of(
                planned.getOrDefault(problem, Map.of()).getOrDefault(configuration, List.of()));
    }

    /**
     * Returns what became of all planned runs.
     *
     * @return the counts
     */
    public Counts counts() {
        return Counts.of(
                planned.values().stream()
                        .flatMap(configurations -> configurations.values().stream())
                        .flatMap(List::stream)
                        .toList());
    }

    /**
     * What became of the planned runs of a configuration on a problem.
     *
     * @param problem the problem
     * @param configuration the configuration
     * @param counts the counts
     */
    public record Cell(Problem problem, Configuration configuration, Counts counts) {}

    /**
     * Returns everything that was planned.
     *
     * @return the cells by problem and configuration, also those without a finished run
     */
    public List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        planned.forEach(
                (problem, configurations) ->
                        configurations.forEach(
                                (configuration, runs) ->
                                        cells.add(
                                                new Cell(
                                                        problem, configuration, Counts.of(runs)))));
        return cells;
    }

    /**
     * Returns where the finished runs were made.
     *
     * @return the places
     */
    public Places places() {
        return Places.of(rows);
    }

    /**
     * Returns the values of a column over the finished runs of a configuration.
     *
     * @param problem one of this group's
     * @param configuration any configuration
     * @param column which value of a run
     * @return the values, if there are any
     */
    public Optional<Sample> sample(
            Problem problem, Configuration configuration, ToDoubleFunction<RunRow> column) {
        double[] values = runs(problem, configuration).stream().mapToDouble(column).toArray();
        return values.length == 0 ? Optional.empty() : Optional.of(Sample.of(values));
    }

    /**
     * Returns the values of the metric of a configuration with its lost runs, which are worse than
     * any other.
     *
     * @param problem any problem
     * @param configuration any configuration
     * @return the values, infinite those of lost runs; empty if no run was made
     */
    public Optional<Sample> withLost(Problem problem, Configuration configuration) {
        double worst = lowerIsBetter() ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
        double[] values =
                made(problem, configuration).stream()
                        .mapToDouble(run -> run.isFinished() ? run.value() : worst)
                        .toArray();
        return values.length == 0 ? Optional.empty() : Optional.of(Sample.of(values));
    }

    /** The runs of a configuration that were made, whatever became of them. */
    List<RunRow> made(Problem problem, Configuration configuration) {
        return planned
                .getOrDefault(problem, Map.of())
                .getOrDefault(configuration, List.of())
                .stream()
                .filter(run -> run.status() != RunStatus.MISSING)
                .toList();
    }

    /**
     * Returns the mean of the metric over the finished runs of a configuration.
     *
     * @param problem one of this group's
     * @param configuration one that has finished runs on it
     * @return the mean
     */
    public double mean(Problem problem, Configuration configuration) {
        return sample(problem, configuration, RunRow::value).map(Sample::mean).orElseThrow();
    }

    /**
     * Returns what has the best mean of the metric on a problem. A configuration that lost runs
     * cannot have it: the mean over those that were not lost flatters it.
     *
     * @param problem one of this group's
     * @return the configurations, several where means are equal; none if all lost runs
     */
    public List<Configuration> best(Problem problem) {
        List<Configuration> whole =
                configurations(problem).stream()
                        .filter(one -> counts(problem, one).lost() == 0)
                        .toList();
        double sign = lowerIsBetter() ? 1 : -1;
        double best =
                whole.stream()
                        .mapToDouble(one -> sign * mean(problem, one))
                        .min()
                        .orElse(Double.NaN);
        return whole.stream().filter(one -> sign * mean(problem, one) == best).toList();
    }

    /**
     * Returns what the runs are, for a caption: data, protocol, study, n, what became of the
     * planned ones, places where they are several, reductions, commit.
     *
     * @return the parts, separated by semicolons
     */
    public String describe() {
        List<String> parts = new ArrayList<>();
        parts.add("data set " + String.join(", ", datasets()));
        addDistinct(parts, "protocol ", RunRow::protocol);
        addDistinct(parts, "study ", RunRow::study);
        parts.add(describeCounts());
        parts.add(counts().describe());
        if (places().areSeveral()) {
            parts.add(places().describe());
        }
        addDistinct(parts, "reduced: ", RunRow::reductions);
        addDistinct(
                parts,
                "commit ",
                row -> row.commit().replaceFirst("^([0-9a-f]{10})[0-9a-f]*", "$1"));
        return String.join("; ", parts);
    }

    private void addDistinct(List<String> parts, String label, Function<RunRow, String> column) {
        String values =
                rows.stream()
                        .map(column)
                        .filter(value -> !value.isEmpty())
                        .distinct()
                        .collect(Collectors.joining(", "));
        if (!values.isEmpty()) {
            parts.add(label + values);
        }
    }

    private String describeCounts() {
        List<Integer> counts =
                byProblem.values().stream()
                        .flatMap(configurations -> configurations.values().stream())
                        .map(List::size)
                        .sorted()
                        .toList();
        int least = counts.get(0);
        int most = counts.get(counts.size() - 1);
        return "n = "
                + (least == most ? "" + most : least + "–" + most)
                + " runs per network and optimizer";
    }
}
