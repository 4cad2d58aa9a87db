// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Counts;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.report.html.HtmlTable.Cell;
import io.github.caadam.experiments.report.html.HtmlTable.Column;
import io.github.caadam.experiments.report.html.HtmlTable.Row;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunStatus;
import java.util.ArrayList;
import java.util.List;

/** What was planned and is not there, and what went wrong. */
final class Completeness {

    private final ReportInput input;
    private final PageIndex index;
    private final Counts counts;

    Completeness(ReportInput input, PageIndex index) {
        this.input = input;
        this.index = index;
        counts = Counts.of(input.runs());
    }

    /**
     * The end of the log of a failed run.
     *
     * @param label the run
     * @param log the lines
     */
    record FailureLog(String label, String log) {}

    /** What a reader of the results must know first: runs that have no result. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        int missing = counts.of(RunStatus.MISSING);
        if (missing > 0) {
            warnings.add(
                    missing
                            + " of "
                            + counts.planned()
                            + " planned runs were not made yet (see “Missing and failed”), so these"
                            + " results are preliminary.");
        }
        if (counts.lost() > 0) {
            warnings.add(
                    counts.lost()
                            + " of "
                            + counts.planned()
                            + " planned runs were lost (see “Missing and failed”): means are those"
                            + " of the others.");
        }
        return warnings;
    }

    private boolean isPlanKnown() {
        return !input.runs().records().isEmpty() || counts.finished() < counts.planned();
    }

    List<String> sentences() {
        if (isPlanKnown()) {
            return List.of("Planned: " + counts.describe() + ".");
        }
        String unknown = "The runs come without their plan, so what was planned is not known.";
        return List.of(
                uneven().isEmpty()
                        ? unknown + " Every optimizer has the same number of runs on every network."
                        : unknown + " Some optimizers have fewer runs than others.");
    }

    List<HtmlTable> tables() {
        List<HtmlTable> tables = new ArrayList<>();
        if (isPlanKnown()) {
            tables.add(planned());
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
        if (!withoutResult().isEmpty()) {
            tables.add(diverged());
        }
        return tables;
    }

    private List<Row> uneven() {
        List<Row> rows = new ArrayList<>();
        for (RunGroup group : index.groups()) {
            int most =
                    group.cells().stream()
                            .mapToInt(cell -> cell.counts().finished())
                            .max()
                            .orElseThrow();
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

    private HtmlTable planned() {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.text("Network"));
        columns.add(Column.text("Optimizer"));
        columns.add(Column.number("Planned"));
        for (RunStatus status : RunStatus.values()) {
            String label = status.label();
            columns.add(Column.number(Character.toUpperCase(label.charAt(0)) + label.substring(1)));
        }
        List<Row> rows = new ArrayList<>();
        for (RunGroup group : RunGroup.all(input.runs())) {
            group.cells().forEach(cell -> rows.add(planned(cell)));
        }
        return new HtmlTable(
                "planned-table",
                "What was planned and what became of it, in runs. Invalid: a metric is not finite."
                        + " Missing: not made yet.",
                columns,
                rows,
                false);
    }

    private static Row planned(RunGroup.Cell cell) {
        List<Cell> cells = new ArrayList<>();
        cells.add(Cell.header(cell.problem().dataset() + " " + cell.problem().architecture()));
        cells.add(Cell.text(cell.configuration().label()));
        cells.add(Cell.number(cell.counts().planned()));
        for (RunStatus status : RunStatus.values()) {
            cells.add(Cell.number(cell.counts().of(status)));
        }
        return new Row(false, cells);
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

    /** The runs that were trained to an end that is no result. */
    private List<RunRow> withoutResult() {
        return input.runs().lost().stream()
                .filter(
                        run ->
                                run.status() == RunStatus.DIVERGED
                                        || run.status() == RunStatus.INVALID)
                .toList();
    }

    private HtmlTable diverged() {
        return new HtmlTable(
                "diverged-table",
                "Runs whose loss became NaN or infinite (diverged), or a metric of which is not"
                        + " finite (invalid); they have no result and are in no mean.",
                List.of(
                        Column.text("Network"),
                        Column.text("Optimizer"),
                        Column.number("Run"),
                        Column.number("Epochs"),
                        Column.text("Status")),
                withoutResult().stream()
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
                                                Cell.number(run.epochs()),
                                                Cell.text(run.status().label())))
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
