// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Improvement;
import io.github.caadam.experiments.analysis.Places;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.report.html.HtmlTable.Cell;
import io.github.caadam.experiments.report.html.HtmlTable.Column;
import io.github.caadam.experiments.report.html.HtmlTable.Row;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.statistics.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** The page's tables of runs: means, comparisons with the baseline, all runs. */
final class PageTables {

    private static final int DIGITS = 4;

    private static final String NETWORK = "Network";
    private static final String OPTIMIZER = "Optimizer";

    private final PageIndex index;

    PageTables(PageIndex index) {
        this.index = index;
    }

    HtmlTable means(RunGroup group, String id) {
        Places places = group.places();
        List<Column> columns =
                new ArrayList<>(
                        List.of(
                                Column.text(NETWORK),
                                Column.text(OPTIMIZER),
                                Column.number("n"),
                                Column.number(group.measure().title()),
                                Column.number(group.measure().secondaryTitle()),
                                Column.number("Epochs"),
                                Column.number("Seconds")));
        if (places.areSeveral()) {
            columns.add(Column.text("Places"));
        }
        List<Row> rows = new ArrayList<>();
        for (Problem problem : group.problems()) {
            for (Configuration configuration : group.configurations(problem)) {
                rows.add(means(group, problem, configuration, places));
            }
        }
        return new HtmlTable(
                id,
                "Mean ± sample standard deviation over finished runs. The best mean of each network"
                        + " is highlighted, unless runs of it were lost; "
                        + (group.lowerIsBetter() ? "lower" : "higher")
                        + " is better; "
                        + group.counts().describe()
                        + (places.areSeveral() ? "; " + places.describe() : "")
                        + ".",
                columns,
                rows,
                false);
    }

    private Row means(RunGroup group, Problem problem, Configuration configuration, Places places) {
        Sample value = sample(group, problem, configuration, RunRow::value);
        List<Cell> cells =
                new ArrayList<>(
                        List.of(
                                Cell.header(index.label(group, problem)),
                                name(configuration),
                                Cell.number(
                                        group.counts(problem, configuration).ofPlanned(),
                                        value.n()),
                                mean(value, DIGITS),
                                secondary(group, problem, configuration),
                                mean(sample(group, problem, configuration, RunRow::epochs), 1),
                                mean(sample(group, problem, configuration, RunRow::seconds), 2)));
        if (places.areSeveral()) {
            cells.add(Cell.text(places.numbers(group.runs(problem, configuration))));
        }
        boolean best =
                group.configurations(problem).size() > 1
                        && group.best(problem).contains(configuration);
        return new Row(best, cells);
    }

    /** The second metric, which a file of runs may lack. */
    private static Cell secondary(RunGroup group, Problem problem, Configuration configuration) {
        boolean known =
                group.runs(problem, configuration).stream()
                        .allMatch(run -> Double.isFinite(run.secondary()));
        return known
                ? mean(sample(group, problem, configuration, RunRow::secondary), DIGITS)
                : Cell.number(Numbers.decimals(Double.NaN, DIGITS), Double.NaN);
    }

    /** The comparisons with the baseline, if there are any. */
    Optional<HtmlTable> comparisons(RunGroup group, List<Improvement> improvements, String id) {
        if (improvements.isEmpty()) {
            return Optional.empty();
        }
        List<Row> rows =
                improvements.stream().map(improvement -> comparison(group, improvement)).toList();
        return Optional.of(
                new HtmlTable(
                        id,
                        "Positive is better than "
                                + group.baseline().label()
                                + " throughout. Gain: by how much the mean "
                                + group.measure().title()
                                + " is better, with its 95 % bootstrap interval. g: Hedges’ g with"
                                + " its 95 % interval. P: the share of pairs of runs in which the"
                                + " optimizer’s is better than "
                                + group.baseline().label()
                                + "’s. Time: training time saved. n: finished runs of the optimizer"
                                + " and of "
                                + group.baseline().label()
                                + ".",
                        List.of(
                                Column.text(NETWORK),
                                Column.text(OPTIMIZER),
                                Column.number("Gain"),
                                Column.text("95 % interval"),
                                Column.number("Gain %"),
                                Column.number("p Welch"),
                                Column.number("p Holm"),
                                Column.text("Verdict"),
                                Column.number("g"),
                                Column.text("95 % interval"),
                                Column.number("P"),
                                Column.number("Time %"),
                                Column.text("n"),
                                Column.text("Note")),
                        rows,
                        false));
    }

    private static Cell counts(Improvement one) {
        return Cell.text(one.counts().ofPlanned() + " vs " + one.baselineCounts().ofPlanned());
    }

    private static Cell note(Improvement one) {
        return Cell.prose(String.join("; ", one.notes()));
    }

    private Row comparison(RunGroup group, Improvement one) {
        double percent = one.byValue().improvementPercent();
        double time = one.byTime().improvementPercent();
        return Row.of(
                Cell.header(index.label(group, one.problem())),
                name(one.configuration()),
                Cell.number(Numbers.signed(one.gain(), DIGITS), one.gain()),
                Cell.text(
                        Numbers.interval(
                                one.gainInterval().low(), one.gainInterval().high(), DIGITS)),
                Cell.number(Numbers.signed(percent, 2), percent),
                Cell.number(Numbers.p(one.byValue().welchP()), one.byValue().welchP()),
                Cell.number(Numbers.p(one.holmP()), one.holmP()),
                Cell.text(Verdict.of(one).label()),
                Cell.number(Numbers.signed(one.effect().g(), 2), one.effect().g()),
                Cell.text(Numbers.interval(one.effect().low(), one.effect().high(), 2)),
                Cell.number(Numbers.decimals(one.probability(), 2), one.probability()),
                Cell.number(Numbers.signed(time, 1), time),
                counts(one),
                note(one));
    }

    /** All runs, in the order of {@link PageData#runs}. */
    HtmlTable runs(String id) {
        List<Row> rows = new ArrayList<>();
        for (RunGroup group : index.groups()) {
            for (Problem problem : group.problems()) {
                for (Configuration configuration : group.configurations(problem)) {
                    group.runs(problem, configuration)
                            .forEach(run -> rows.add(run(group, problem, configuration, run)));
                }
            }
        }
        List<String> metrics =
                index.groups().stream().map(one -> one.measure().title()).distinct().toList();
        List<String> secondaries =
                index.groups().stream()
                        .map(one -> one.measure().secondaryTitle())
                        .distinct()
                        .toList();
        return new HtmlTable(
                id,
                "One line per finished run. Press + for its seed, id, best epoch and loss curve.",
                List.of(
                        Column.text(NETWORK),
                        Column.text(OPTIMIZER),
                        Column.number("Run"),
                        Column.number(String.join(" or ", metrics)),
                        Column.number(String.join(" or ", secondaries)),
                        Column.number("Epochs"),
                        Column.number("Seconds")),
                rows,
                true);
    }

    private Row run(RunGroup group, Problem problem, Configuration configuration, RunRow run) {
        return Row.of(
                Cell.header(index.label(group, problem)),
                name(configuration),
                Cell.number(run.run()),
                Cell.number(Numbers.decimals(run.value(), DIGITS), run.value()),
                Cell.number(Numbers.decimals(run.secondary(), DIGITS), run.secondary()),
                Cell.number(run.epochs()),
                Cell.number(Numbers.decimals(run.seconds(), 2), run.seconds()));
    }

    private Cell name(Configuration configuration) {
        return Cell.configuration(configuration.label(), index.css(configuration));
    }

    private static Cell mean(Sample sample, int digits) {
        return Cell.number(Numbers.meanAndDeviation(sample, digits), sample.mean());
    }

    private static Sample sample(
            RunGroup group,
            Problem problem,
            Configuration configuration,
            ToDoubleFunction<RunRow> column) {
        return group.sample(problem, configuration, column).orElseThrow();
    }
}
