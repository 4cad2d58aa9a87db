// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Counts;
import io.github.caadam.experiments.analysis.Improvement;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.report.Columns;
import io.github.caadam.experiments.report.ResultTable;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.statistics.Comparison;
import io.github.caadam.experiments.statistics.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes the table that tells structure from learning rate: every configuration beside default Adam
 * and beside Adam at the learning rate that makes the comparison fair ({@link
 * PaperConfigurations#overFairAdam}).
 */
final class ControlsTable {

    private static final int DIGITS = 4;

    private ControlsTable() {}

    /**
     * What a row is about.
     *
     * @param counts what became of its planned runs
     * @param value the values of the metric over the finished ones
     * @param overAdam the comparison with default Adam, if there is one
     * @param overMatched the comparison with Adam at a fair learning rate, if there is one
     */
    private record Line(
            Problem problem,
            Configuration configuration,
            Counts counts,
            Sample value,
            Optional<Improvement> overAdam,
            Optional<Improvement> overMatched) {

        List<String> notes() {
            List<String> notes = new ArrayList<>();
            overAdam.ifPresent(one -> notes.addAll(one.notes()));
            overMatched.ifPresent(
                    one -> one.notes().forEach(note -> notes.add("over fair Adam: " + note)));
            return notes;
        }
    }

    /** Whether there is a scaling strategy, whose structure could be told from its rate. */
    static boolean applies(RunGroup group) {
        return group.configurations().stream()
                .anyMatch(one -> one.optimizer().equals(PaperConfigurations.CAADAM));
    }

    /**
     * Makes the table.
     *
     * @param group the runs
     * @param suffix what is added to file names, empty where there is one group only
     * @return the table; empty if no configuration has a fair Adam to be compared with
     */
    static Optional<ResultTable> of(RunGroup group, String suffix) {
        List<Improvement> matched =
                applies(group) ? PaperConfigurations.overFairAdam(group) : List.of();
        if (matched.isEmpty()) {
            return Optional.empty();
        }
        boolean dataset = group.joinsDatasets();
        String metric = group.metric();
        Columns<Line> printed =
                new Columns<Line>()
                        .keys(dataset, true, Line::problem, Line::configuration)
                        .number("n", line -> line.counts().ofPlanned())
                        .number(
                                group.measure().title(),
                                line -> ResultTable.meanAndDeviation(line.value(), DIGITS));
        addPrinted(printed, "Over default Adam", Line::overAdam);
        printed.text(
                "Over fair Adam",
                "which",
                line -> line.overMatched().map(ControlsTable::which).orElse(ResultTable.NO_VALUE));
        addPrinted(printed, "Over fair Adam", Line::overMatched);
        Columns<Line> full =
                new Columns<Line>()
                        .keys(dataset, false, Line::problem, Line::configuration)
                        .number("n", line -> line.value().n())
                        .number(metric, line -> line.value().mean())
                        .number(metric + "_std", line -> line.value().standardDeviation());
        addFull(full, "adam", Line::overAdam);
        full.text(
                        "fair_optimizer",
                        line -> line.overMatched().map(o -> o.baseline().optimizer()).orElse(""))
                .text(
                        "fair_strategy",
                        line -> line.overMatched().map(o -> o.baseline().strategy()).orElse(""));
        addFull(full, "fair", Line::overMatched);
        full.counts("", Line::counts);
        return Optional.of(
                ResultTable.of(
                        "controls" + suffix,
                        caption(group),
                        lines(group, PaperConfigurations.overAdam(group), matched),
                        line -> false,
                        Line::notes,
                        printed,
                        full));
    }

    private static String caption(RunGroup group) {
        return ResultTable.caption(
                "Structure or learning rate",
                "every configuration beside Adam as it is by default, and beside Adam at a fair"
                        + " learning rate: the mean one of the configuration's strategy, its factors"
                        + " averaged over the network's values, before anything else is done to them;"
                        + " where there are no such runs, Adam's own best one (tuned). Difference of"
                        + " the means, positive is better; Hedges' g with its 95 % interval; Welch's p"
                        + " as it is and with Holm's correction over the column; * p < 0.05, ** p <"
                        + " 0.01, *** p < 0.001",
                group);
    }

    private static List<Line> lines(
            RunGroup group, List<Improvement> overAdam, List<Improvement> overMatched) {
        List<Line> lines = new ArrayList<>();
        for (Problem problem : group.problems()) {
            for (Configuration configuration : group.configurations(problem)) {
                lines.add(
                        new Line(
                                problem,
                                configuration,
                                group.counts(problem, configuration),
                                group.sample(problem, configuration, RunRow::value).orElseThrow(),
                                find(overAdam, problem, configuration),
                                find(overMatched, problem, configuration)));
            }
        }
        return lines;
    }

    private static Optional<Improvement> find(
            List<Improvement> all, Problem problem, Configuration configuration) {
        return all.stream()
                .filter(one -> one.problem().equals(problem))
                .filter(one -> one.configuration().equals(configuration))
                .findFirst();
    }

    private static String which(Improvement one) {
        return one.baseline().equals(PaperConfigurations.TUNED_ADAM) ? "tuned" : "averaged";
    }

    private static void addPrinted(
            Columns<Line> columns, String title, Function<Line, Optional<Improvement>> over) {
        columns.number(
                        title,
                        "difference",
                        line -> print(over.apply(line), ControlsTable::difference))
                .number(
                        title,
                        "g",
                        line -> print(over.apply(line), one -> ResultTable.effect(one.effect())))
                .number(
                        title,
                        "p",
                        line ->
                                print(
                                        over.apply(line),
                                        one -> ResultTable.pValue(one.byValue().welchP())))
                .number(
                        title,
                        "p (Holm)",
                        line ->
                                print(
                                        over.apply(line),
                                        one ->
                                                ResultTable.pValue(one.holmP())
                                                        + Comparison.stars(one.holmP())));
    }

    private static String print(
            Optional<Improvement> improvement, Function<Improvement, String> cell) {
        return improvement.map(cell).orElse(ResultTable.NO_VALUE);
    }

    private static String difference(Improvement one) {
        return String.format(Locale.ROOT, "%+." + DIGITS + "f", one.gain());
    }

    private static void addFull(
            Columns<Line> columns, String name, Function<Line, Optional<Improvement>> over) {
        columns.number(name + "_n", line -> cell(over.apply(line), one -> one.baselineValue().n()))
                .number(name + "_difference", line -> cell(over.apply(line), Improvement::gain))
                .number(name + "_hedges_g", line -> cell(over.apply(line), o -> o.effect().g()))
                .number(
                        name + "_hedges_g_low",
                        line -> cell(over.apply(line), one -> one.effect().low()))
                .number(
                        name + "_hedges_g_high",
                        line -> cell(over.apply(line), one -> one.effect().high()))
                .number(
                        name + "_welch_p",
                        line -> cell(over.apply(line), one -> one.byValue().welchP()))
                .number(name + "_holm_p", line -> cell(over.apply(line), Improvement::holmP));
    }

    /** Returns a cell for machines, which is empty where there is no comparison. */
    private static Object cell(
            Optional<Improvement> improvement, Function<Improvement, Object> value) {
        return improvement.map(value).orElse("");
    }
}
