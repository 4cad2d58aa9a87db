// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Counts;
import io.github.caadam.experiments.analysis.FileNames;
import io.github.caadam.experiments.analysis.Improvement;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.analysis.TableKind;
import io.github.caadam.experiments.analysis.TableTitle;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.statistics.Comparison;
import io.github.caadam.experiments.statistics.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Makes the tables that every study has of a group of runs: means and standard deviations, the
 * comparison with the baseline, and beside it a table of what a reader needs to judge that
 * comparison.
 */
public final class StudyTables {

    private static final int METRIC_DIGITS = 3;
    private static final int GAIN_DIGITS = 4;
    private static final int DIGITS = 2;

    private final RunGroup group;
    private final String suffix;
    private final List<Improvement> improvements;

    /**
     * Prepares the tables.
     *
     * @param group the runs
     * @param suffix what is added to file names, empty where there is one group only
     */
    public StudyTables(RunGroup group, String suffix) {
        this.group = group;
        this.suffix = suffix;
        improvements = Improvement.of(group);
    }

    /** All tables; the means alone where only the baseline was run. */
    List<ResultTable> all() {
        if (improvements.isEmpty() && withoutBaseline().isEmpty()) {
            return List.of(means());
        }
        return List.of(means(), contrasts(), effects());
    }

    private String metricTitle() {
        return group.measure().title();
    }

    private String baseline() {
        return group.baseline().label();
    }

    private TableTitle heading(TableKind table) {
        return group.form().heading(table, group.measure());
    }

    private String caption(TableKind table, String sentence) {
        return ResultTable.caption(heading(table).title(), sentence, group);
    }

    /**
     * What was measured of a configuration.
     *
     * @param runs its finished runs
     * @param counts what became of the planned ones
     * @param best whether no other one has a better mean on the problem
     */
    private record Measured(
            Problem problem,
            Configuration configuration,
            List<RunRow> runs,
            Counts counts,
            Sample value,
            Sample seconds,
            Sample epochs,
            boolean best) {

        List<String> notes() {
            return counts.lost() == 0
                    ? List.of()
                    : List.of("runs were lost: the mean is that of the others, and no best one");
        }
    }

    /**
     * Makes the table of means and standard deviations.
     *
     * @return the table
     */
    public ResultTable means() {
        String metric = group.metric();
        String unit = group.measure().unit();
        Columns<Measured> printed =
                this.<Measured>keys(true, Measured::problem, Measured::configuration)
                        .number("n", one -> one.counts().ofPlanned())
                        .number(
                                metricTitle(),
                                one -> ResultTable.meanAndDeviation(one.value(), METRIC_DIGITS))
                        .number(
                                "Time (s)",
                                one -> ResultTable.meanAndDeviation(one.seconds(), DIGITS))
                        .number(
                                "Epochs",
                                one -> ResultTable.meanAndDeviation(one.epochs(), DIGITS));
        if (group.places().areSeveral()) {
            printed.text("Places", one -> group.places().numbers(one.runs()));
        }
        return ResultTable.of(
                heading(TableKind.MEANS).file() + "-" + FileNames.slug(metric) + suffix,
                caption(
                        TableKind.MEANS,
                        metricTitle()
                                + " on the test rows"
                                + (unit.isEmpty() ? "" : " (in " + unit + ")")
                                + ", training time and epochs, mean ± sample standard deviation"),
                measured(),
                Measured::best,
                Measured::notes,
                printed,
                this.<Measured>keys(false, Measured::problem, Measured::configuration)
                        .number("n", one -> one.value().n())
                        .number(metric, one -> one.value().mean())
                        .number(metric + "_std", one -> one.value().standardDeviation())
                        .number("seconds", one -> one.seconds().mean())
                        .number("seconds_std", one -> one.seconds().standardDeviation())
                        .number("epochs", one -> one.epochs().mean())
                        .number("epochs_std", one -> one.epochs().standardDeviation())
                        .counts("", Measured::counts)
                        .text(
                                "places",
                                one ->
                                        one.runs().stream()
                                                .map(RunRow::place)
                                                .distinct()
                                                .collect(Collectors.joining(" | "))));
    }

    private List<Measured> measured() {
        List<Measured> all = new ArrayList<>();
        for (Problem problem : group.problems()) {
            for (Configuration configuration : group.configurations(problem)) {
                all.add(
                        new Measured(
                                problem,
                                configuration,
                                group.runs(problem, configuration),
                                group.counts(problem, configuration),
                                sample(problem, configuration, RunRow::value),
                                sample(problem, configuration, RunRow::seconds),
                                sample(problem, configuration, RunRow::epochs),
                                group.best(problem).contains(configuration)));
            }
        }
        return all;
    }

    private Sample sample(
            Problem problem, Configuration configuration, ToDoubleFunction<RunRow> column) {
        return group.sample(problem, configuration, column).orElseThrow();
    }

    private <T> Columns<T> keys(
            boolean titled,
            Function<T, Problem> problem,
            Function<T, Configuration> configuration) {
        return new Columns<T>().keys(group.joinsDatasets(), titled, problem, configuration);
    }

    private Columns<Improvement> printedKeys() {
        return this.<Improvement>keys(true, Improvement::problem, Improvement::configuration)
                .number("n", StudyTables::counts);
    }

    private static Columns<Improvement> withCounts(Columns<Improvement> columns) {
        return columns.counts("", Improvement::counts)
                .counts("baseline_", Improvement::baselineCounts);
    }

    private Columns<Improvement> csvKeys() {
        return this.<Improvement>keys(false, Improvement::problem, Improvement::configuration)
                .number("n", one -> one.value().n())
                .number("n_baseline", one -> one.baselineValue().n());
    }

    /**
     * Makes the table of differences from the baseline, with tests.
     *
     * @return the table
     */
    public ResultTable contrasts() {
        Columns<Improvement> printed = printedKeys();
        addPrinted(printed, metricTitle(), Improvement::byValue, Improvement::decisiveP);
        addPrinted(printed, "Time", Improvement::byTime, Improvement::decisiveTimeP);
        Columns<Improvement> full = csvKeys();
        addFull(full, group.metric(), Improvement::byValue);
        addFull(full, "time", Improvement::byTime);
        return ResultTable.of(
                heading(TableKind.CONTRASTS).file() + suffix,
                caption(
                                TableKind.CONTRASTS,
                                "improvement over "
                                        + baseline()
                                        + " in percent, positive is better, with"
                                        + " Welch's two-sided t-test and, beside it, the paper's"
                                        + " pooled one; * p < 0.05, ** p < 0.01, *** p < 0.001")
                        + withoutBaseline(),
                improvements,
                one -> false,
                Improvement::notesWithTime,
                printed,
                withCounts(full));
    }

    private static void addPrinted(
            Columns<Improvement> columns,
            String title,
            Function<Improvement, Comparison> comparison,
            ToDoubleFunction<Improvement> decisiveP) {
        columns.number(
                        title,
                        "%",
                        one ->
                                ResultTable.decimals(
                                        comparison.apply(one).improvementPercent(), DIGITS))
                .number(
                        title,
                        "t",
                        one -> ResultTable.decimals(comparison.apply(one).welchT(), DIGITS))
                .number(
                        title,
                        "p",
                        one ->
                                ResultTable.pValue(comparison.apply(one).welchP())
                                        + Comparison.stars(decisiveP.applyAsDouble(one)))
                .number(
                        title,
                        "pooled t",
                        one -> ResultTable.decimals(comparison.apply(one).pooledT(), DIGITS))
                .number(
                        title,
                        "pooled p",
                        one -> ResultTable.pValue(comparison.apply(one).pooledP()));
    }

    private static void addFull(
            Columns<Improvement> columns,
            String name,
            Function<Improvement, Comparison> comparison) {
        columns.number(
                        name + "_improvement_percent",
                        one -> comparison.apply(one).improvementPercent())
                .number(name + "_welch_t", one -> comparison.apply(one).welchT())
                .number(name + "_welch_p", one -> comparison.apply(one).welchP())
                .number(name + "_pooled_t", one -> comparison.apply(one).pooledT())
                .number(name + "_pooled_p", one -> comparison.apply(one).pooledP());
    }

    private ResultTable effects() {
        return ResultTable.of(
                heading(TableKind.EFFECTS).file() + suffix,
                caption(
                                TableKind.EFFECTS,
                                "gain in "
                                        + metricTitle()
                                        + " over "
                                        + baseline()
                                        + " with its 95 % bootstrap interval, positive"
                                        + " is better; Welch's p as it is and with Holm's"
                                        + " correction over the table; the t-test of runs paired by"
                                        + " seed; Hedges' g with its 95 % interval; and the"
                                        + " probability that a run is better than one of "
                                        + ofBaseline(group))
                        + withoutBaseline(),
                improvements,
                one -> false,
                Improvement::notesWithPairs,
                printedKeys()
                        .number(
                                "Gain",
                                one ->
                                        ResultTable.valueAndInterval(
                                                one.gain(), one.gainInterval(), GAIN_DIGITS))
                        .number("p", one -> ResultTable.pValue(one.byValue().welchP()))
                        .number(
                                "p (Holm)",
                                one ->
                                        ResultTable.pValue(one.holmP())
                                                + Comparison.stars(one.holmP()))
                        .number("t (paired)", one -> ResultTable.decimals(one.paired().t(), DIGITS))
                        .number("p (paired)", one -> ResultTable.pValue(one.paired().p()))
                        .number("Hedges' g", one -> ResultTable.effect(one.effect()))
                        .number(
                                "P(better)",
                                one -> ResultTable.decimals(one.probability(), DIGITS)),
                withCounts(
                        csvKeys()
                                .number("gain", Improvement::gain)
                                .number("gain_low", one -> one.gainInterval().low())
                                .number("gain_high", one -> one.gainInterval().high())
                                .number("welch_p", one -> one.byValue().welchP())
                                .number("holm_p", Improvement::holmP)
                                .number("pairs", one -> one.paired().pairs())
                                .number("paired_t", one -> one.paired().t())
                                .number("paired_p", one -> one.paired().p())
                                .number("hedges_g", one -> one.effect().g())
                                .number("hedges_g_low", one -> one.effect().low())
                                .number("hedges_g_high", one -> one.effect().high())
                                .number("probability_of_improvement", Improvement::probability)));
    }

    private String withoutBaseline() {
        List<String> without =
                group.problems().stream()
                        .filter(problem -> group.runs(problem, group.baseline()).isEmpty())
                        .map(Problem::architecture)
                        .toList();
        return without.isEmpty()
                ? ""
                : " No "
                        + baseline()
                        + " runs to compare with: "
                        + String.join(", ", without)
                        + ".";
    }

    /** Such as {@code SGD's}, for the end of a sentence about runs. */
    static String ofBaseline(RunGroup group) {
        String label = group.baseline().label();
        return label + (label.endsWith("s") ? "'" : "'s");
    }

    private static String counts(Improvement one) {
        return counts(one.counts(), one.baselineCounts());
    }

    /** Such as {@code 30}, or where they differ {@code 27 of 30 vs 30}. */
    static String counts(Counts ours, Counts theirs) {
        String n = ours.ofPlanned();
        String baseline = theirs.ofPlanned();
        return n.equals(baseline) ? n : n + " vs " + baseline;
    }
}
