// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Contrast;
import io.github.caadam.experiments.analysis.Inference;
import io.github.caadam.experiments.analysis.Places;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.analysis.Profile;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.analysis.Target;
import io.github.caadam.experiments.analysis.TargetContrast;
import io.github.caadam.experiments.report.html.HtmlTable.Cell;
import io.github.caadam.experiments.report.html.HtmlTable.Column;
import io.github.caadam.experiments.report.html.HtmlTable.Row;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.statistics.EffectSize;
import io.github.caadam.experiments.statistics.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The page's tables: means, verdicts, times to targets, profiles. */
final class PageTables {

    private static final int DIGITS = 4;

    private static final String NETWORK = "Network";
    private static final String OPTIMIZER = "Optimizer";
    private static final String VERDICT = "Verdict";
    private static final String INTERVAL = "95 % interval";

    /** Longer tables scroll within a limited height. */
    private static final int TALL = 30;

    private static final EffectSize NO_EFFECT = new EffectSize(Double.NaN, Double.NaN, Double.NaN);

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
        int digits = digits(group, RunRow::value);
        int secondaryDigits = digits(group, RunRow::secondary);
        List<Row> rows = new ArrayList<>();
        for (Problem problem : group.problems()) {
            for (Configuration configuration : group.configurations(problem)) {
                rows.add(means(group, problem, configuration, places, digits, secondaryDigits));
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
                rows.size() > TALL);
    }

    /** How many decimals show four digits of the largest mean. */
    private static int digits(RunGroup group, ToDoubleFunction<RunRow> column) {
        double largest = 0;
        for (Problem problem : group.problems()) {
            for (Configuration one : group.configurations(problem)) {
                double mean = Math.abs(sample(group, problem, one, column).mean());
                largest = Double.isFinite(mean) ? Math.max(largest, mean) : largest;
            }
        }
        return Numbers.digits(largest, DIGITS);
    }

    private Row means(
            RunGroup group,
            Problem problem,
            Configuration configuration,
            Places places,
            int digits,
            int secondaryDigits) {
        Sample value = sample(group, problem, configuration, RunRow::value);
        List<Cell> cells =
                new ArrayList<>(
                        List.of(
                                Cell.header(index.label(group, problem)),
                                name(configuration),
                                Cell.number(
                                        group.counts(problem, configuration).ofPlanned(),
                                        value.n()),
                                mean(value, digits),
                                secondary(group, problem, configuration, secondaryDigits),
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
    private static Cell secondary(
            RunGroup group, Problem problem, Configuration configuration, int digits) {
        boolean known =
                group.runs(problem, configuration).stream()
                        .allMatch(run -> Double.isFinite(run.secondary()));
        return known
                ? mean(sample(group, problem, configuration, RunRow::secondary), digits)
                : Cell.number(Numbers.decimals(Double.NaN, digits), Double.NaN);
    }

    /** The verdicts of an inference, those over all problems last. */
    HtmlTable verdicts(Inference inference, String id) {
        RunGroup group = inference.group();
        boolean margin = inference.margin().isPresent();
        List<Column> columns =
                new ArrayList<>(
                        List.of(
                                Column.text("Problem"),
                                Column.text(OPTIMIZER),
                                Column.text(VERDICT),
                                Column.number("Gain"),
                                Column.text(INTERVAL),
                                Column.number("Gain %"),
                                Column.number("p"),
                                Column.number("p Holm")));
        if (margin) {
            columns.add(Column.number("p ±margin, Holm"));
        }
        columns.add(Column.number("g"));
        columns.add(Column.text(INTERVAL));
        columns.add(Column.number("P"));
        columns.add(Column.text("n"));
        columns.add(Column.text("Note"));
        int digits = Scale.of(inference).digits();
        List<Row> rows =
                inference.families().stream()
                        .flatMap(family -> family.contrasts().stream())
                        .map(one -> verdict(group, one, margin, digits))
                        .toList();
        String baseline = group.baseline().label();
        return new HtmlTable(
                id,
                "Positive is better than "
                        + baseline
                        + " throughout. Gain: by how much the mean "
                        + group.measure().title()
                        + " is better, with its 95 % interval. p: of no gain, by Welch’s test, over"
                        + " all problems by Hartung and Knapp’s; with Holm’s correction over the"
                        + " optimizers of a problem. "
                        + inference
                                .margin()
                                .map(
                                        value ->
                                                "p ±margin: of a difference of "
                                                        + Numbers.shortest(value)
                                                        + " or more. ")
                                .orElse("")
                        + "g: Hedges’ g with its 95 % interval. P: the probability that a run is"
                        + " better than one of "
                        + baseline
                        + ". n: finished runs of both.",
                columns,
                rows,
                rows.size() > TALL);
    }

    private Row verdict(RunGroup group, Contrast one, boolean margin, int digits) {
        double percent = percent(one);
        EffectSize effect = one.effect(group.lowerIsBetter()).orElse(NO_EFFECT);
        double gain = one.gain().gain();
        List<Cell> cells = new ArrayList<>();
        cells.add(
                Cell.header(
                        one.problem()
                                .map(problem -> index.label(group, problem))
                                .orElse("all problems")));
        cells.add(name(one.configuration()));
        cells.add(Cell.verdict(one.verdict()));
        cells.add(Cell.number(Numbers.signed(gain, digits), gain));
        cells.add(
                Cell.text(
                        Numbers.interval(
                                one.gain().interval().low(),
                                one.gain().interval().high(),
                                digits)));
        cells.add(Cell.number(Numbers.signed(percent, 2), percent));
        cells.add(Cell.number(Numbers.p(one.p()), one.p()));
        cells.add(Cell.number(Numbers.p(one.holmP()), one.holmP()));
        if (margin) {
            cells.add(Cell.number(Numbers.p(one.equivalenceHolmP()), one.equivalenceHolmP()));
        }
        cells.add(Cell.number(Numbers.signed(effect.g(), 2), effect.g()));
        cells.add(Cell.text(Numbers.interval(effect.low(), effect.high(), 2)));
        cells.add(Cell.number(Numbers.decimals(one.probability(), 2), one.probability()));
        cells.add(Cell.text(one.counts().ofPlanned() + " vs " + one.baselineCounts().ofPlanned()));
        cells.add(Cell.prose(String.join("; ", one.notes())));
        return new Row(false, cells);
    }

    /**
     * The gain in percent of the baseline's mean; NaN where that is no mean of one problem, or 0.
     */
    private static double percent(Contrast one) {
        double mean = one.baselineValue().map(Sample::mean).orElse(Double.NaN);
        return mean == 0 ? Double.NaN : 100 * one.gain().gain() / Math.abs(mean);
    }

    /** The times to the targets of the study. */
    HtmlTable targets(RunGroup group, List<TargetContrast> contrasts, String id) {
        String baseline = group.baseline().label();
        return new HtmlTable(
                id,
                "How many runs reach a value, and the median of what that takes; a run that misses"
                        + " it, or was lost, takes for ever (∞). P: the probability that a run is"
                        + " sooner than one of "
                        + baseline
                        + ". p: Mann and Whitney’s, with Holm’s correction over the optimizers of a"
                        + " problem.",
                List.of(
                        Column.text("Problem"),
                        Column.text(OPTIMIZER),
                        Column.text("Target"),
                        Column.text("In"),
                        Column.text(VERDICT),
                        Column.text("Reached"),
                        Column.number("Median"),
                        Column.text(baseline + " reached"),
                        Column.number(baseline + " median"),
                        Column.number("P"),
                        Column.number("p Holm")),
                contrasts.stream().map(one -> target(group, one)).toList(),
                contrasts.size() > TALL);
    }

    private Row target(RunGroup group, TargetContrast one) {
        return Row.of(
                Cell.header(index.label(group, one.problem())),
                name(one.configuration()),
                Cell.text(one.target().name() + " " + Numbers.shortest(one.target().value())),
                Cell.text(one.target().effort().label()),
                Cell.verdict(one.verdict()),
                Cell.text(TargetContrast.reached(one.value())),
                effort(one.value()),
                Cell.text(TargetContrast.reached(one.baselineValue())),
                effort(one.baselineValue()),
                Cell.number(
                        Numbers.decimals(one.test().probability(), 2), one.test().probability()),
                Cell.number(Numbers.p(one.holmP()), one.holmP()));
    }

    private static Cell effort(Sample efforts) {
        double median = efforts.median();
        return Cell.number(Double.isInfinite(median) ? "∞" : Numbers.decimals(median, 1), median);
    }

    /** Performance profiles in numbers. */
    HtmlTable profiles(RunGroup group, List<Profile> profiles, String id) {
        List<Row> rows =
                profiles.stream()
                        .map(
                                one ->
                                        Row.of(
                                                name(one.configuration()),
                                                Cell.text(subject(group, one)),
                                                Cell.number(one.curve().excesses().length),
                                                share(one),
                                                excess(
                                                        one,
                                                        Sample.of(one.curve().excesses()).median()),
                                                excess(one, last(one.curve().excesses()))))
                        .toList();
        return new HtmlTable(
                id,
                "On what share of the problems an optimizer is the best, and how far it is from the"
                        + " best at the median and at most: of "
                        + group.measure().title()
                        + " the distance of means, of a target the ratio of median efforts.",
                List.of(
                        Column.text(OPTIMIZER),
                        Column.text("Of"),
                        Column.number("Problems"),
                        Column.number("Best"),
                        Column.number("Median"),
                        Column.number("Worst")),
                rows,
                rows.size() > TALL);
    }

    /** What a profile is of. */
    static String subject(RunGroup group, Profile one) {
        return one.target()
                .map(PageTables::describe)
                .orElseGet(() -> "mean " + group.measure().title());
    }

    /** A target in words. */
    static String describe(Target target) {
        return target.effort().label()
                + " to "
                + target.name()
                + " "
                + Numbers.shortest(target.value());
    }

    private static Cell share(Profile one) {
        double share = one.curve().share(one.target().isPresent() ? 1 : 0);
        return Cell.number(Numbers.decimals(share, 2), share);
    }

    private static Cell excess(Profile one, double value) {
        return Cell.number(
                Double.isInfinite(value)
                        ? "∞"
                        : Numbers.decimals(value, one.target().isPresent() ? 2 : DIGITS),
                value);
    }

    private static double last(double... ascending) {
        return ascending[ascending.length - 1];
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
