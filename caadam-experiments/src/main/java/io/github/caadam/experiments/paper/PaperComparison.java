// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import io.github.caadam.experiments.analysis.Improvement;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.paper.Agreement.Verdict;
import io.github.caadam.experiments.report.Columns;
import io.github.caadam.experiments.report.PublishedComparison;
import io.github.caadam.experiments.report.ResultTable;
import io.github.caadam.experiments.statistics.Comparison;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Our results beside the published ones: a line per published configuration that there are runs of,
 * and a summary of how many agree, for each group of runs.
 */
final class PaperComparison {

    private static final int METRIC_DIGITS = 4;
    private static final int DIGITS = 2;

    private final RunGroup group;
    private final List<Agreement> agreements;

    private PaperComparison(RunGroup group) {
        this.group = group;
        agreements = Agreement.of(group);
    }

    /**
     * Compares a group with the published tables.
     *
     * @param group the group
     * @param suffix what is added to file names, empty where there is one group only
     * @return the comparison, which has every published number beside ours with their difference;
     *     empty if the group has no published counterparts
     */
    static Optional<PublishedComparison> of(RunGroup group, String suffix) {
        PaperComparison comparison = new PaperComparison(group);
        return comparison.agreements.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new PublishedComparison(comparison.table(suffix), comparison.summary()));
    }

    private ResultTable table(String suffix) {
        return ResultTable.of(
                "comparison-with-paper" + suffix,
                caption(),
                agreements,
                one -> false,
                PaperComparison::notes,
                printed(),
                full());
    }

    private String caption() {
        return "Our "
                + group.measure().title()
                + " beside the paper's. The mean agrees where our 95 % interval, widened by half a"
                + " unit of the printed digits, contains theirs; p is Welch's for the difference of"
                + " both means. Improvement is over Adam in percent, positive is better; the sign"
                + " agrees where it is the same, significance where both are significant at 5 % in"
                + " the same direction or neither is ("
                + group.describe()
                + ").";
    }

    /** A sentence for means, signs, significances, and what there are no runs of. */
    private List<String> summary() {
        boolean lowerIsBetter = group.lowerIsBetter();
        List<String> lines = new ArrayList<>();
        lines.add(
                count("Means", agreements.stream().map(Agreement::mean).toList())
                        + " by our 95 % interval; "
                        + agreements.stream().filter(one -> one.isClose(lowerIsBetter)).count()
                        + " of "
                        + agreements.size()
                        + " are within "
                        + Agreement.closeness(lowerIsBetter)
                        + ".");
        lines.add(count("Signs of the improvement over Adam", verdicts(Agreement::sign)) + ".");
        lines.add(
                count("Significances at 5 %", verdicts(Agreement::significance))
                        + " by our Welch test and their pooled one.");
        long without =
                PublishedTables.results().stream()
                                .filter(row -> group.datasets().contains(row.problem().dataset()))
                                .count()
                        - agreements.size();
        if (without > 0) {
            lines.add(without + " published configurations of the data set have no runs here.");
        }
        return lines;
    }

    private List<Verdict> verdicts(Function<Agreement, Optional<Verdict>> rule) {
        return agreements.stream().map(rule).flatMap(Optional::stream).toList();
    }

    private static String count(String what, List<Verdict> verdicts) {
        long agree = verdicts.stream().filter(Verdict.AGREES::equals).count();
        long undecided = verdicts.stream().filter(Verdict.UNDECIDED::equals).count();
        return what
                + ": "
                + agree
                + " of "
                + verdicts.size()
                + " agree"
                + (undecided == 0 ? "" : ", " + undecided + " undecided");
    }

    private Columns<Agreement> printed() {
        return keys(true)
                .number("Mean", "ours", one -> metric(one.value().mean()))
                .number("Mean", "paper", one -> metric(one.published().value()))
                .number("Mean", "difference", one -> signed(one.difference(), METRIC_DIGITS))
                .number("Mean", "p", one -> ResultTable.pValue(one.differenceP()))
                .number("Mean", "agrees", one -> word(Optional.of(one.mean())))
                .number("Improvement", "ours", one -> ours(one, PaperComparison::percent))
                .number(
                        "Improvement",
                        "paper",
                        one ->
                                one.publishedImprovement()
                                        .map(
                                                theirs ->
                                                        signed(theirs.byValue().percent(), DIGITS)
                                                                + Comparison.stars(
                                                                        theirs.byValue().p()))
                                        .orElse(ResultTable.NO_VALUE))
                .number("Improvement", "sign", one -> word(one.sign()))
                .number("Improvement", "significance", one -> word(one.significance()));
    }

    private static String percent(Improvement ours) {
        return signed(ours.byValue().improvementPercent(), DIGITS)
                + Comparison.stars(ours.decisiveP());
    }

    private static List<String> notes(Agreement one) {
        List<String> notes = new ArrayList<>();
        if (one.counts().lostTooMany()) {
            notes.add("more than 10 % of our runs were lost, so that nothing is said to agree");
        }
        one.improvement()
                .ifPresent(
                        ours ->
                                ours.notes()
                                        .forEach(note -> notes.add("our improvement: " + note)));
        return notes;
    }

    private static String ours(Agreement one, Function<Improvement, String> cell) {
        return one.improvement().map(cell).orElse(ResultTable.NO_VALUE);
    }

    private static String metric(double value) {
        return ResultTable.decimals(value, METRIC_DIGITS);
    }

    private static String signed(double value, int digits) {
        return String.format(Locale.ROOT, "%+." + digits + "f", value);
    }

    private static String word(Optional<Verdict> verdict) {
        return verdict.map(Verdict::label).orElse(ResultTable.NO_VALUE);
    }

    private Columns<Agreement> keys(boolean titled) {
        Function<Agreement, Object> n = one -> titled ? one.counts().ofPlanned() : one.value().n();
        return new Columns<Agreement>()
                .keys(
                        group.joinsDatasets(),
                        titled,
                        one -> one.published().problem(),
                        one -> one.published().configuration())
                .number("n", n);
    }

    private Columns<Agreement> full() {
        Columns<Agreement> columns = keys(false);
        String metric = group.metric();
        pair(columns, metric, one -> one.value().mean(), one -> one.published().value());
        columns.number(metric + "_interval_low", one -> one.value().meanInterval().low())
                .number(metric + "_interval_high", one -> one.value().meanInterval().high())
                .number(metric + "_difference_p", Agreement::differenceP)
                .number("mean_agrees", one -> word(Optional.of(one.mean())));
        pair(
                columns,
                metric + "_std",
                one -> one.value().standardDeviation(),
                one -> one.published().valueDeviation());
        pair(columns, "seconds", one -> one.seconds().mean(), one -> one.published().seconds());
        pair(
                columns,
                "seconds_std",
                one -> one.seconds().standardDeviation(),
                one -> one.published().secondsDeviation());
        pair(columns, "epochs", one -> one.epochs().mean(), one -> one.published().epochs());
        columns.number("epochs_agree", one -> one.meanOfEpochs().label());
        pair(
                columns,
                "epochs_std",
                one -> one.epochs().standardDeviation(),
                one -> one.published().epochsDeviation());
        addTest(columns, metric, Improvement::byValue, PublishedImprovement::byValue);
        columns.number("sign_agrees", one -> word(one.sign()))
                .number("significance_agrees", one -> word(one.significance()));
        addTest(columns, "time", Improvement::byTime, PublishedImprovement::byTime);
        return columns.counts("", Agreement::counts);
    }

    private static void pair(
            Columns<Agreement> columns,
            String name,
            Function<Agreement, Double> ours,
            Function<Agreement, Double> theirs) {
        columns.number(name, ours)
                .number(name + "_paper", theirs)
                .number(name + "_difference", one -> ours.apply(one) - theirs.apply(one));
    }

    private static void addTest(
            Columns<Agreement> columns,
            String name,
            Function<Improvement, Comparison> ours,
            Function<PublishedImprovement, PublishedImprovement.Test> theirs) {
        pair(
                columns,
                name + "_improvement_percent",
                one -> number(one.improvement(), of -> ours.apply(of).improvementPercent()),
                one -> number(one.publishedImprovement(), of -> theirs.apply(of).percent()));
        pair(
                columns,
                name + "_pooled_t",
                one -> number(one.improvement(), of -> ours.apply(of).pooledT()),
                one -> number(one.publishedImprovement(), of -> theirs.apply(of).t()));
        pair(
                columns,
                name + "_pooled_p",
                one -> number(one.improvement(), of -> ours.apply(of).pooledP()),
                one -> number(one.publishedImprovement(), of -> theirs.apply(of).p()));
        columns.number(
                name + "_welch_p", one -> number(one.improvement(), of -> ours.apply(of).welchP()));
    }

    private static <T> double number(Optional<T> of, Function<T, Double> value) {
        return of.map(value).orElse(Double.NaN);
    }
}
