// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Counts;
import io.github.caadam.experiments.analysis.FileNames;
import io.github.caadam.experiments.analysis.Improvement;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.statistics.Comparison;
import io.github.caadam.experiments.statistics.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Makes the paper's tables of a group of runs: means and standard deviations (Table I for RMSE,
 * Table II for accuracy), the comparison with Adam (Table III, Table IV), and beside it a table of
 * what a reader needs to judge that comparison.
 */
final class PaperTables {

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
    PaperTables(RunGroup group, String suffix) {
        this.group = group;
        this.suffix = suffix;
        improvements = Improvement.of(group);
    }

    /** All tables; the means alone where only Adam was run. */
    List<ResultTable> all() {
        if (improvements.isEmpty() && withoutBaseline().isEmpty()) {
            return List.of(means());
        }
        return List.of(means(), significance(), effects());
    }

    private boolean isRegression() {
        return group.lowerIsBetter();
    }

    private String metricTitle() {
        return group.metric().equals("rmse") ? "RMSE" : group.metric();
    }

    private String caption(String title, String sentence) {
        return ResultTable.caption(title, sentence, group);
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

    /** Table I or II. */
    ResultTable means() {
        String metric = group.metric();
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
                (isRegression() ? "table1-" : "table2-") + FileNames.slug(metric) + suffix,
                caption(
                        isRegression() ? "Table I" : "Table II",
                        metricTitle()
                                + " on the test rows"
                                + (isRegression() ? " (in standard deviations of the target)" : "")
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
        return new Columns<T>().keys(!isRegression(), titled, problem, configuration);
    }

    private Columns<Improvement> printedKeys() {
        return this.<Improvement>keys(true, Improvement::problem, Improvement::configuration)
                .number("n", PaperTables::counts);
    }

    private static Columns<Improvement> withCounts(Columns<Improvement> columns) {
        return columns.counts("", Improvement::counts).counts("adam_", Improvement::baselineCounts);
    }

    private Columns<Improvement> csvKeys() {
        return this.<Improvement>keys(false, Improvement::problem, Improvement::configuration)
                .number("n", one -> one.value().n())
                .number("n_adam", one -> one.baselineValue().n());
    }

    /** Table III or IV. */
    ResultTable significance() {
        Columns<Improvement> printed = printedKeys();
        addPrinted(printed, metricTitle(), Improvement::byValue, Improvement::decisiveP);
        addPrinted(printed, "Time", Improvement::byTime, Improvement::decisiveTimeP);
        Columns<Improvement> full = csvKeys();
        addFull(full, group.metric(), Improvement::byValue);
        addFull(full, "time", Improvement::byTime);
        return ResultTable.of(
                (isRegression() ? "table3-" : "table4-") + "significance" + suffix,
                caption(
                                isRegression() ? "Table III" : "Table IV",
                                "improvement over Adam in percent, positive is better, with"
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

    /** The companion of Table III or IV. */
    ResultTable effects() {
        return ResultTable.of(
                (isRegression() ? "table3-" : "table4-") + "effects" + suffix,
                caption(
                                isRegression() ? "Beside Table III" : "Beside Table IV",
                                "gain in "
                                        + metricTitle()
                                        + " over Adam with its 95 % bootstrap interval, positive"
                                        + " is better; Welch's p as it is and with Holm's"
                                        + " correction over the table; the t-test of runs paired by"
                                        + " seed; Hedges' g with its 95 % interval; and the"
                                        + " probability that a run is better than one of Adam's")
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
                        .filter(problem -> group.runs(problem, Configuration.BASELINE).isEmpty())
                        .map(Problem::architecture)
                        .toList();
        return without.isEmpty()
                ? ""
                : " No Adam runs to compare with: " + String.join(", ", without) + ".";
    }

    private static String counts(Improvement one) {
        String n = one.counts().ofPlanned();
        String baseline = one.baselineCounts().ofPlanned();
        return n.equals(baseline) ? n : n + " vs " + baseline;
    }
}
