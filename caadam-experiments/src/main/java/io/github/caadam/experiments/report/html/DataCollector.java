// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.report.html.PageData.ConfigurationData;
import io.github.caadam.experiments.report.html.PageData.CurveData;
import io.github.caadam.experiments.report.html.PageData.GroupData;
import io.github.caadam.experiments.report.html.PageData.ProblemData;
import io.github.caadam.experiments.report.html.PageData.RatesData;
import io.github.caadam.experiments.report.html.PageData.RunData;
import io.github.caadam.experiments.report.html.PageData.StepsData;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunRecord.EpochRecord;
import io.github.caadam.experiments.results.RunRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects what the script draws from. */
final class DataCollector {

    /** So many runs per configuration have their curve on the page, where it has few. */
    static final int CURVES = 5;

    /** The fewest values of a curve. */
    private static final int LEAST = 40;

    /** About so many losses are on the page. */
    private static final int BUDGET = 800_000;

    private final PageIndex index;
    private final Histories histories;
    private final RunData runs =
            new RunData(
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>());
    private final Map<String, Integer> commits = new LinkedHashMap<>();
    private final List<CurveData> curves = new ArrayList<>();
    private final Set<Integer> withCurves = new HashSet<>();
    private final int curvesOfEach;
    private final int mostValues;

    DataCollector(PageIndex index, Histories histories) {
        this.index = index;
        this.histories = histories;
        int cells =
                index.groups().stream()
                        .flatMap(
                                group ->
                                        group.problems().stream()
                                                .map(group::configurations)
                                                .map(List::size))
                        .mapToInt(Integer::intValue)
                        .sum();
        int values = BUDGET / 2 / Math.max(1, cells);
        curvesOfEach = Math.max(1, Math.min(CURVES, values / LossCurve.MOST));
        mostValues = Math.max(LEAST, Math.min(LossCurve.MOST, values / curvesOfEach));
    }

    /** How many curves of a configuration the page has at most. */
    int curvesOfEach() {
        return curvesOfEach;
    }

    /** Whether a problem has curves; known once the data are collected. */
    boolean hasCurves(int problem) {
        return withCurves.contains(problem);
    }

    PageData collect(List<StepsData> steps, List<RatesData> rates) {
        List<GroupData> groups = new ArrayList<>();
        List<ProblemData> problems = new ArrayList<>();
        for (RunGroup group : index.groups()) {
            for (Problem problem : group.problems()) {
                problems.add(new ProblemData(index.label(group, problem), groups.size()));
                for (Configuration configuration : group.configurations(problem)) {
                    add(
                            index.indexOf(group, problem),
                            index.indexOf(configuration),
                            group.runs(problem, configuration));
                }
            }
            groups.add(
                    new GroupData(
                            group.measure().title(),
                            group.measure().unit(),
                            group.measure().secondaryTitle()));
        }
        runs.commits().addAll(commits.keySet());
        List<ConfigurationData> configurations =
                index.configurations().stream()
                        .map(one -> new ConfigurationData(one.label(), index.css(one)))
                        .toList();
        return new PageData(groups, problems, configurations, runs, curves, steps, rates);
    }

    private void add(int problem, int configuration, List<RunRow> rows) {
        runs.cells().add(List.of(problem, configuration, rows.size()));
        int drawn = 0;
        for (RunRow row : rows) {
            RunRecord record = histories.record(row);
            List<EpochRecord> epochs = histories.epochs(row);
            if (!epochs.isEmpty() && drawn < curvesOfEach) {
                curves.add(new CurveData(runs.run().size(), LossCurve.of(epochs, mostValues)));
                withCurves.add(problem);
                drawn++;
            }
            runs.run().add(row.run());
            runs.value().add(row.value());
            runs.secondary().add(finite(row.secondary()));
            runs.seconds().add(finite(row.seconds()));
            runs.epochs().add(row.epochs());
            runs.bestEpoch().add(epochs.isEmpty() || record == null ? null : record.bestEpoch());
            runs.started().add(record == null ? null : record.started());
            runs.commit().add(commits.computeIfAbsent(row.commit(), key -> commits.size()));
            runs.id().add(row.id());
        }
    }

    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
