// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.report.html.HtmlTable.Cell;
import io.github.caadam.experiments.report.html.HtmlTable.Column;
import io.github.caadam.experiments.report.html.HtmlTable.Row;
import io.github.caadam.experiments.results.PlannedRun;
import io.github.caadam.experiments.results.RunStatus;
import io.github.caadam.experiments.results.StudyPlan;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was planned and is not there, and what went wrong. */
final class Completeness {

    private final ReportInput input;
    private final PageIndex index;

    Completeness(ReportInput input, PageIndex index) {
        this.input = input;
        this.index = index;
    }

    /**
     * The end of the log of a failed run.
     *
     * @param label the run
     * @param log the lines
     */
    record FailureLog(String label, String log) {}

    /** What a reader of the results must know first: runs that are missing. */
    List<String> warnings() {
        int missing = input.runs().missing().size();
        if (input.plan().isEmpty() || missing == 0) {
            return List.of();
        }
        return List.of(
                missing
                        + " of "
                        + input.plan().get().runs().size()
                        + " planned runs are not there (see “Missing and failed”), so these results"
                        + " are preliminary.");
    }

    List<String> sentences() {
        if (input.plan().isPresent()) {
            int planned = input.plan().get().runs().size();
            return List.of(
                    planned
                            + " runs were planned: "
                            + input.runs().rows().size()
                            + " finished, "
                            + input.runs().diverged().size()
                            + " diverged, "
                            + input.runs().count(RunStatus.INVALID)
                            + " invalid, "
                            + input.runs().count(RunStatus.FAILED)
                            + " failed, "
                            + input.runs().count(RunStatus.MISSING)
                            + " not made yet.");
        }
        String unknown = "The runs come without their plan, so what was planned is not known.";
        return List.of(
                uneven().isEmpty()
                        ? unknown + " Every optimizer has the same number of runs on every network."
                        : unknown + " Some optimizers have fewer runs than others.");
    }

    List<HtmlTable> tables() {
        List<HtmlTable> tables = new ArrayList<>();
        if (input.plan().isPresent()) {
            tables.add(planned(input.plan().get()));
        } else if (!uneven().isEmpty()) {
            tables.add(
                    new HtmlTable(
                            "uneven-table",
                            "Optimizers with fewer runs on a network than others have.",
                            List.of(
                                    Column.text("Network"),
                                    Column.text("Optimizer"),
                                    Column.number("Runs"),
                                    Column.number("Most runs")),
                            uneven(),
                            false));
        }
        if (!input.runs().failures().isEmpty()) {
            tables.add(failures());
        }
        if (!input.runs().diverged().isEmpty()) {
            tables.add(diverged());
        }
        return tables;
    }

    private List<Row> uneven() {
        List<Row> rows = new ArrayList<>();
        for (RunGroup group : index.groups()) {
            int most = 0;
            for (Problem problem : group.problems()) {
                for (Configuration configuration : group.configurations(problem)) {
                    most = Math.max(most, group.runs(problem, configuration).size());
                }
            }
            for (Problem problem : group.problems()) {
                for (Configuration configuration : group.configurations()) {
                    int runs = group.runs(problem, configuration).size();
                    if (runs < most) {
                        rows.add(
                                Row.of(
                                        Cell.header(index.label(group, problem)),
                                        Cell.configuration(
                                                configuration.label(), index.css(configuration)),
                                        Cell.number(runs),
                                        Cell.number(most)));
                    }
                }
            }
        }
        return rows;
    }

    private HtmlTable planned(StudyPlan plan) {
        Map<String, RunStatus> lost = new HashMap<>();
        input.runs().lost().forEach(run -> lost.put(run.id(), run.status()));
        Map<String, Map<RunStatus, Integer>> byConfiguration = new LinkedHashMap<>();
        for (PlannedRun run : plan.runs()) {
            byConfiguration
                    .computeIfAbsent(run.configuration(), name -> new EnumMap<>(RunStatus.class))
                    .merge(lost.getOrDefault(run.id(), RunStatus.FINISHED), 1, Integer::sum);
        }
        List<Row> rows = new ArrayList<>();
        byConfiguration.forEach(
                (configuration, counts) -> {
                    List<Cell> cells = new ArrayList<>();
                    cells.add(Cell.header(configuration));
                    cells.add(
                            Cell.number(
                                    counts.values().stream().mapToInt(Integer::intValue).sum()));
                    for (RunStatus status : RunStatus.values()) {
                        cells.add(Cell.number(counts.getOrDefault(status, 0)));
                    }
                    rows.add(new Row(false, cells));
                });
        return new HtmlTable(
                "planned-table",
                "What was planned and what became of it, in runs.",
                List.of(
                        Column.text("Network and optimizer"),
                        Column.number("Planned"),
                        Column.number("Finished"),
                        Column.number("Diverged"),
                        Column.number("Invalid"),
                        Column.number("Failed"),
                        Column.number("Not made yet")),
                rows,
                false);
    }

    private HtmlTable failures() {
        return new HtmlTable(
                "failed-table",
                "Runs that were tried and gave no result.",
                List.of(
                        Column.text("Run"),
                        Column.text("Reason"),
                        Column.number("Attempts"),
                        Column.text("Last attempt")),
                input.runs().failures().stream()
                        .map(
                                failure ->
                                        Row.of(
                                                Cell.header(failure.label()),
                                                Cell.prose(failure.reason()),
                                                Cell.number(failure.attempts()),
                                                Cell.text(failure.when())))
                        .toList(),
                false);
    }

    private HtmlTable diverged() {
        return new HtmlTable(
                "diverged-table",
                "Runs whose loss became NaN or infinite; they have no result and are in no mean.",
                List.of(
                        Column.text("Network"),
                        Column.text("Optimizer"),
                        Column.number("Run"),
                        Column.number("Epochs")),
                input.runs().diverged().stream()
                        .map(
                                run ->
                                        Row.of(
                                                Cell.header(run.architecture()),
                                                Cell.text(
                                                        new Configuration(
                                                                        run.optimizer(),
                                                                        run.strategy())
                                                                .label()),
                                                Cell.number(run.run()),
                                                Cell.number(run.epochs())))
                        .toList(),
                false);
    }

    List<FailureLog> logs() {
        return input.runs().failures().stream()
                .filter(failure -> !failure.logTail().isEmpty())
                .map(
                        failure ->
                                new FailureLog(
                                        failure.label(), String.join("\n", failure.logTail())))
                .toList();
    }
}
