// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.statistics.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * The runs that make one set of tables, by problem (in the order of first appearance) and
 * configuration (in the paper's order). They have one protocol and one metric in common and, as in
 * the paper, one data set where the metric is an error; accuracies on several data sets go
 * together.
 */
public final class RunGroup {

    private final List<RunRow> rows;
    private final Map<Problem, Map<Configuration, List<RunRow>>> byProblem;

    private RunGroup(List<RunRow> rows) {
        this.rows = rows;
        byProblem = new LinkedHashMap<>();
        for (RunRow row : rows) {
            byProblem
                    .computeIfAbsent(
                            new Problem(row.dataset(), row.architecture()), key -> new TreeMap<>())
                    .computeIfAbsent(
                            new Configuration(row.optimizer(), row.strategy()),
                            key -> new ArrayList<>())
                    .add(row);
        }
    }

    /**
     * Groups runs, in the order of first appearance.
     *
     * @param rows finished runs
     * @return the groups
     */
    public static List<RunGroup> of(List<RunRow> rows) {
        return rows.stream()
                .collect(
                        Collectors.groupingBy(
                                row ->
                                        List.of(
                                                isAccuracy(row.metric()) ? "" : row.dataset(),
                                                row.protocol(),
                                                row.metric()),
                                LinkedHashMap::new,
                                Collectors.toList()))
                .values()
                .stream()
                .map(RunGroup::new)
                .toList();
    }

    private static boolean isAccuracy(String metric) {
        return metric.equals("accuracy");
    }

    /**
     * Returns what the value of a run is.
     *
     * @return {@code rmse} or {@code accuracy}
     */
    public String metric() {
        return rows.get(0).metric();
    }

    /**
     * Returns whether a lower value is better.
     *
     * @return whether it is, which is so for every metric but accuracy
     */
    public boolean lowerIsBetter() {
        return !isAccuracy(metric());
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
        parts.add(rows.get(0).protocol());
        parts.add(metric());
        return parts.stream()
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("-"))
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-");
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
        TreeSet<Configuration> all = new TreeSet<>();
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
     * Returns the runs of a configuration.
     *
     * @param problem one of this group's
     * @param configuration any configuration
     * @return its runs, which may be none
     */
    public List<RunRow> runs(Problem problem, Configuration configuration) {
        return List.copyOf(byProblem.get(problem).getOrDefault(configuration, List.of()));
    }

    /**
     * Returns the values of a column over the runs of a configuration.
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
     * Returns the best mean of the metric on a problem.
     *
     * @param problem one of this group's
     * @return the mean
     */
    public double bestMean(Problem problem) {
        DoubleStream means =
                byProblem.get(problem).values().stream()
                        .mapToDouble(
                                runs ->
                                        Sample.of(
                                                        runs.stream()
                                                                .mapToDouble(RunRow::value)
                                                                .toArray())
                                                .mean());
        return (lowerIsBetter() ? means.min() : means.max()).orElseThrow();
    }

    /**
     * Returns what the runs are, for a caption: data, protocol, study, n, reductions, commit.
     *
     * @return the parts, separated by semicolons
     */
    public String describe() {
        List<String> parts = new ArrayList<>();
        parts.add("data set " + String.join(", ", datasets()));
        addDistinct(parts, "protocol ", RunRow::protocol);
        addDistinct(parts, "study ", RunRow::study);
        parts.add(describeCounts());
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
