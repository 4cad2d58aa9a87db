// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Counts;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunStatus;
import io.github.caadam.experiments.results.StudyRuns;
import io.github.caadam.experiments.statistics.FisherTest;
import io.github.caadam.experiments.statistics.RankTest;
import io.github.caadam.experiments.statistics.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What became of the planned runs wherever some have no result: the counts, the finished runs
 * alone, and all that were made with the lost ones as the worst.
 */
final class LostRunsTable {

    private static final int METRIC_DIGITS = 4;
    private static final int DIGITS = 2;

    private LostRunsTable() {}

    /**
     * A cell of the study.
     *
     * @param finished the metric of the finished runs, if there are any
     * @param overBaseline all runs that were made against the baseline's, if there are such
     * @param baseline what became of the baseline's runs
     */
    private record Line(
            RunGroup group,
            Problem problem,
            Configuration configuration,
            Counts counts,
            Optional<Sample> finished,
            Optional<RankTest> overBaseline,
            Counts baseline) {

        static Line of(RunGroup group, Problem problem, Configuration configuration) {
            Optional<Sample> baseline =
                    configuration.equals(group.baseline())
                            ? Optional.empty()
                            : group.withLost(problem, group.baseline());
            return new Line(
                    group,
                    problem,
                    configuration,
                    group.counts(problem, configuration),
                    group.sample(problem, configuration, RunRow::value),
                    group.withLost(problem, configuration)
                            .flatMap(
                                    all ->
                                            baseline.map(
                                                    theirs ->
                                                            RankTest.of(
                                                                    all,
                                                                    theirs,
                                                                    group.lowerIsBetter()))),
                    group.counts(problem, group.baseline()));
        }

        double probability() {
            return overBaseline.map(RankTest::probability).orElse(Double.NaN);
        }

        double rankP() {
            return overBaseline.map(RankTest::p).orElse(Double.NaN);
        }

        double fisherP() {
            return overBaseline.isEmpty()
                    ? Double.NaN
                    : FisherTest.p(
                            counts.finished(), counts.lost(), baseline.finished(), baseline.lost());
        }
    }

    /**
     * Makes the table.
     *
     * @param study the runs
     * @return the table; empty if all planned runs have a result
     */
    static Optional<ResultTable> of(StudyRuns study) {
        List<Line> lines = new ArrayList<>();
        for (RunGroup group : RunGroup.all(study)) {
            group.cells().stream()
                    .filter(cell -> cell.counts().finished() < cell.counts().planned())
                    .map(cell -> Line.of(group, cell.problem(), cell.configuration()))
                    .forEach(lines::add);
        }
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                ResultTable.of(
                        "lost-runs",
                        "Planned runs without a result, by network and optimizer: how many"
                                + " finished, diverged, had a metric that is not finite (invalid),"
                                + " failed, or were not made yet (missing); mean ± sample standard"
                                + " deviation of the metric over the finished ones; of all that were"
                                + " made, the lost ones as the worst, the probability that a run is"
                                + " better than one of "
                                + StudyTables.ofBaseline(lines.get(0).group())
                                + ", with Mann and Whitney's p; and"
                                + " Fisher's p of the shares that were lost.",
                        lines,
                        line -> false,
                        line -> List.of(),
                        printed(),
                        full()));
    }

    private static Columns<Line> printed() {
        Columns<Line> columns =
                new Columns<Line>().keys(true, true, Line::problem, Line::configuration);
        columns.number("Planned", line -> line.counts().planned());
        for (RunStatus status : RunStatus.values()) {
            String label = status.label();
            columns.number(
                    Character.toUpperCase(label.charAt(0)) + label.substring(1),
                    line -> line.counts().of(status));
        }
        return columns.number("Finished only", LostRunsTable::finished)
                .number("P(better)", line -> ResultTable.decimals(line.probability(), DIGITS))
                .number("p", line -> ResultTable.pValue(line.rankP()))
                .number("p (Fisher)", line -> ResultTable.pValue(line.fisherP()));
    }

    private static String finished(Line line) {
        return line.finished()
                .map(sample -> ResultTable.meanAndDeviation(sample, METRIC_DIGITS))
                .orElse(ResultTable.NO_VALUE);
    }

    private static Columns<Line> full() {
        return new Columns<Line>()
                .keys(true, false, Line::problem, Line::configuration)
                .text("protocol", line -> line.group().protocol())
                .text("metric", line -> line.group().metric())
                .number("finished", line -> line.counts().finished())
                .counts("", Line::counts)
                .number("mean", line -> mean(line, Sample::mean))
                .number("std", line -> mean(line, Sample::standardDeviation))
                .number("probability_of_improvement_with_lost", Line::probability)
                .number("rank_p", Line::rankP)
                .number("fisher_p", Line::fisherP);
    }

    private static double mean(Line line, Function<Sample, Double> of) {
        return line.finished().map(of).orElse(Double.NaN);
    }
}
