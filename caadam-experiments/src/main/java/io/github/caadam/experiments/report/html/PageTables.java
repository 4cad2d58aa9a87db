// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import io.github.caadam.experiments.analysis.Agreement;
import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Improvement;
import io.github.caadam.experiments.analysis.Places;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.analysis.PublishedResult;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.analysis.Sensitivity;
import io.github.caadam.experiments.report.html.HtmlTable.Cell;
import io.github.caadam.experiments.report.html.HtmlTable.Column;
import io.github.caadam.experiments.report.html.HtmlTable.Row;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.statistics.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** The page's tables of runs: means, comparisons with Adam, all runs. */
final class PageTables {

    private static final int DIGITS = 4;

    /** Decimals that the paper prints. */
    private static final int PRINTED = 3;

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
                                Column.number(PageIndex.metric(group)),
                                Column.number(PageIndex.secondary(group)),
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

    /** The comparisons with Adam, if there are any. */
    Optional<HtmlTable> comparisons(RunGroup group, List<Improvement> improvements, String id) {
        if (improvements.isEmpty()) {
            return Optional.empty();
        }
        List<Row> rows =
                improvements.stream().map(improvement -> comparison(group, improvement)).toList();
        return Optional.of(
                new HtmlTable(
                        id,
                        "Positive is better than Adam throughout. Gain: by how much the mean "
                                + PageIndex.metric(group)
                                + " is better, with its 95 % bootstrap interval. g: Hedges’ g with"
                                + " its 95 % interval. P: the share of pairs of runs in which the"
                                + " optimizer’s is better than Adam’s. Time: training time saved."
                                + " n: finished runs of the optimizer and of Adam.",
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

    /** The comparisons with Adam at a fair learning rate, if there are any. */
    Optional<HtmlTable> fairComparisons(RunGroup group, String id) {
        List<Row> rows =
                Improvement.ofMatched(group).stream()
                        .map(improvement -> fairComparison(group, improvement))
                        .toList();
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new HtmlTable(
                        id,
                        "Structure or learning rate: beside Adam at the mean learning rate of the"
                                + " optimizer’s strategy (its factors averaged), or where there are"
                                + " no such runs at Adam’s own best one (tuned). Positive is better"
                                + " than that. g: Hedges’ g with its 95 % interval.",
                        List.of(
                                Column.text(NETWORK),
                                Column.text(OPTIMIZER),
                                Column.text("Compared with"),
                                Column.number("Gain"),
                                Column.text("95 % interval"),
                                Column.number("p Welch"),
                                Column.number("p Holm"),
                                Column.text("Verdict"),
                                Column.number("g"),
                                Column.text("95 % interval"),
                                Column.text("n"),
                                Column.text("Note")),
                        rows,
                        false));
    }

    private Row fairComparison(RunGroup group, Improvement one) {
        return Row.of(
                Cell.header(index.label(group, one.problem())),
                name(one.configuration()),
                name(one.baseline()),
                Cell.number(Numbers.signed(one.gain(), DIGITS), one.gain()),
                Cell.text(
                        Numbers.interval(
                                one.gainInterval().low(), one.gainInterval().high(), DIGITS)),
                Cell.number(Numbers.p(one.byValue().welchP()), one.byValue().welchP()),
                Cell.number(Numbers.p(one.holmP()), one.holmP()),
                Cell.text(Verdict.of(one).label()),
                Cell.number(Numbers.signed(one.effect().g(), 2), one.effect().g()),
                Cell.text(Numbers.interval(one.effect().low(), one.effect().high(), 2)),
                counts(one),
                note(one));
    }

    private static Cell counts(Improvement one) {
        return Cell.text(one.counts().ofPlanned() + " vs " + one.baselineCounts().ofPlanned());
    }

    private static Cell note(Improvement one) {
        return Cell.prose(String.join("; ", one.notes()));
    }

    /** What other factors could gain, if runs drew their factors. */
    Optional<HtmlTable> sensitivity(RunGroup group, String id) {
        List<Row> rows = new ArrayList<>();
        for (Sensitivity one : Sensitivity.of(group)) {
            one.gains().forEach(gain -> rows.add(sensitivity(group, one, gain)));
        }
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new HtmlTable(
                        id,
                        "What fixed factors could gain over tuned Adam, by quadratic fits of the"
                                + " errors to the factors that runs drew. Gain: by how much the"
                                + " fitted test error is lower, with an interval from 1,000"
                                + " resamples of the runs. Cross-fitted: chosen on one half of the"
                                + " runs, read off the other.",
                        List.of(
                                Column.text(NETWORK),
                                Column.text("Factors"),
                                Column.text("Chosen"),
                                Column.number("n"),
                                Column.number("Gain"),
                                Column.text("95 % interval"),
                                Column.number("Cross-fitted")),
                        rows,
                        false));
    }

    private Row sensitivity(RunGroup group, Sensitivity one, Sensitivity.Gain gain) {
        return Row.of(
                Cell.header(index.label(group, one.problem())),
                Cell.text(gain.choice().label()),
                Cell.text(gain.printedFactors()),
                Cell.number(one.runs()),
                Cell.number(Numbers.signed(gain.value(), DIGITS), gain.value()),
                Cell.text(Numbers.interval(gain.interval().low(), gain.interval().high(), DIGITS)),
                Cell.number(Numbers.signed(gain.crossFitted(), DIGITS), gain.crossFitted()));
    }

    /** Our means and improvements beside the published ones, where there are any. */
    Optional<HtmlTable> published(RunGroup group, String id) {
        List<Row> rows = Agreement.of(group).stream().map(one -> published(group, one)).toList();
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new HtmlTable(
                        id,
                        "Beside the paper. The mean agrees where our 95 % interval contains theirs,"
                                + " rounding aside; p is Welch's for their difference. The sign and"
                                + " the significance at 5 % are those of the improvement over Adam.",
                        List.of(
                                Column.text(NETWORK),
                                Column.text(OPTIMIZER),
                                Column.number(PageIndex.metric(group)),
                                Column.number("Paper"),
                                Column.number("Difference"),
                                Column.number("p"),
                                Column.text("Agrees"),
                                Column.number("Gain %"),
                                Column.number("Paper %"),
                                Column.text("Sign"),
                                Column.text("Significance")),
                        rows,
                        false));
    }

    private Row published(RunGroup group, Agreement one) {
        double ours =
                one.improvement()
                        .map(improvement -> improvement.byValue().improvementPercent())
                        .orElse(Double.NaN);
        double theirs =
                one.publishedImprovement()
                        .map(improvement -> improvement.byValue().percent())
                        .orElse(Double.NaN);
        PublishedResult published = one.published();
        return Row.of(
                Cell.header(index.label(group, published.problem())),
                name(published.configuration()),
                Cell.number(Numbers.decimals(one.value().mean(), DIGITS), one.value().mean()),
                Cell.number(Numbers.decimals(published.value(), PRINTED), published.value()),
                Cell.number(Numbers.signed(one.difference(), DIGITS), one.difference()),
                Cell.number(Numbers.p(one.differenceP()), one.differenceP()),
                Cell.text(one.mean().label()),
                Cell.number(Numbers.signed(ours, 2), ours),
                Cell.number(Numbers.signed(theirs, 2), theirs),
                Cell.text(one.sign().map(Agreement.Verdict::label).orElse("")),
                Cell.text(one.significance().map(Agreement.Verdict::label).orElse("")));
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
        List<String> metrics = index.groups().stream().map(PageIndex::metric).distinct().toList();
        List<String> secondaries =
                index.groups().stream().map(PageIndex::secondary).distinct().toList();
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
