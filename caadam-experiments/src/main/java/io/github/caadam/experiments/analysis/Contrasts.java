// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.statistics.FisherTest;
import io.github.caadam.experiments.statistics.MeanDifference;
import io.github.caadam.experiments.statistics.NoTest;
import io.github.caadam.experiments.statistics.PooledDifference;
import io.github.caadam.experiments.statistics.PooledRankTest;
import io.github.caadam.experiments.statistics.PooledRankTest.Stratum;
import io.github.caadam.experiments.statistics.RankTest;
import io.github.caadam.experiments.statistics.Sample;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes contrasts of groups of runs that differ in nothing but the draw of initial weights. */
final class Contrasts {

    private final List<RunGroup> draws;
    private final Optional<Double> margin;
    private final Configuration baseline;
    private final boolean lowerIsBetter;

    /**
     * Prepares contrasts.
     *
     * @param draws the groups, 1 or more
     * @param margin the margin of equivalence, if there is one
     */
    Contrasts(List<RunGroup> draws, Optional<Double> margin) {
        this.draws = draws;
        this.margin = margin;
        baseline = draws.get(0).baseline();
        lowerIsBetter = draws.get(0).lowerIsBetter();
    }

    /** The contrasts on a problem, not corrected yet. */
    List<Contrast> on(Problem problem) {
        return configurations()
                .map(configuration -> cells(problem, configuration))
                .filter(cells -> !cells.isEmpty())
                .map(this::contrast)
                .toList();
    }

    /** The contrasts over all problems, not corrected yet. */
    List<Contrast> pooled() {
        return configurations().map(this::pooled).flatMap(Optional::stream).toList();
    }

    /** The problems of all draws, in the order of first appearance. */
    List<Problem> problems() {
        return draws.stream().flatMap(group -> group.problems().stream()).distinct().toList();
    }

    private Stream<Configuration> configurations() {
        return draws.stream()
                .flatMap(group -> group.cells().stream())
                .map(RunGroup.Cell::configuration)
                .distinct()
                .sorted(draws.get(0).form().order())
                .filter(configuration -> !configuration.equals(baseline));
    }

    private List<Cell> cells(Problem problem, Configuration configuration) {
        return draws.stream()
                .map(group -> new Cell(group, problem, configuration))
                .filter(Cell::wasRun)
                .toList();
    }

    private Contrast contrast(List<Cell> cells) {
        Cell first = cells.get(0);
        boolean single = draws.size() == 1;
        Optional<PooledDifference> pooled =
                single
                        ? Optional.empty()
                        : Optional.of(PooledDifference.of(cells.stream().map(Cell::gain).toList()));
        return make(
                Optional.of(first.problem()),
                cells,
                first.configuration(),
                pooled.map(PooledDifference::toDifference).orElseGet(first::gain),
                pooled,
                single ? Optional.of(first) : Optional.empty());
    }

    private Optional<Contrast> pooled(Configuration configuration) {
        List<List<Cell>> byProblem =
                problems().stream()
                        .map(problem -> cells(problem, configuration))
                        .filter(cells -> !cells.isEmpty())
                        .toList();
        if (byProblem.isEmpty()) {
            return Optional.empty();
        }
        PooledDifference pooled =
                PooledDifference.of(
                        byProblem.stream().map(cells -> contrast(cells).gain()).toList());
        return Optional.of(
                make(
                        Optional.empty(),
                        byProblem.stream().flatMap(List::stream).toList(),
                        configuration,
                        pooled.toDifference(),
                        Optional.of(pooled),
                        Optional.empty()));
    }

    private Contrast make(
            Optional<Problem> problem,
            List<Cell> cells,
            Configuration configuration,
            MeanDifference gain,
            Optional<PooledDifference> pooled,
            Optional<Cell> single) {
        List<Stratum> finished =
                cells.stream().map(Cell::finished).flatMap(Optional::stream).toList();
        return new Contrast(
                problem,
                configuration,
                baseline,
                Counts.sum(cells.stream().map(Cell::counts).toList()),
                Counts.sum(cells.stream().map(Cell::baselineCounts).toList()),
                cells.stream().allMatch(Cell::alike),
                cells.stream().anyMatch(Cell::lostTooMany),
                gain,
                pooled,
                single.flatMap(cell -> cell.values(configuration)),
                single.flatMap(cell -> cell.values(baseline)),
                finished.isEmpty()
                        ? Double.NaN
                        : PooledRankTest.of(finished, lowerIsBetter).probability(),
                lost(cells),
                margin.map(gain::equivalence),
                Double.NaN,
                Double.NaN);
    }

    private Optional<LostRuns> lost(List<Cell> cells) {
        if (cells.stream().noneMatch(Cell::lostAny)) {
            return Optional.empty();
        }
        List<Stratum> all = cells.stream().map(Cell::withLost).toList();
        if (all.size() > 1) {
            PooledRankTest test = PooledRankTest.of(all, lowerIsBetter);
            return Optional.of(new LostRuns(test.probability(), test.p(), Double.NaN));
        }
        RankTest test = RankTest.of(all.get(0).treatment(), all.get(0).baseline(), lowerIsBetter);
        Counts counts = cells.get(0).counts();
        Counts theirs = cells.get(0).baselineCounts();
        return Optional.of(
                new LostRuns(
                        test.probability(),
                        test.p(),
                        FisherTest.p(
                                counts.finished(),
                                counts.lost(),
                                theirs.finished(),
                                theirs.lost())));
    }

    /** Both sides on one problem, from one draw of initial weights. */
    private final class Cell {

        private final RunGroup group;
        private final Problem problem;
        private final Configuration configuration;
        private final Counts counts;
        private final Counts baselineCounts;

        Cell(RunGroup group, Problem problem, Configuration configuration) {
            this.group = group;
            this.problem = problem;
            this.configuration = configuration;
            counts = group.counts(problem, configuration);
            baselineCounts = group.counts(problem, baseline);
        }

        /** Whether both sides have a run that was made. */
        boolean wasRun() {
            return made(counts) > 0 && made(baselineCounts) > 0;
        }

        private int made(Counts of) {
            return of.finished() + of.lost();
        }

        Problem problem() {
            return problem;
        }

        Configuration configuration() {
            return configuration;
        }

        Counts counts() {
            return counts;
        }

        Counts baselineCounts() {
            return baselineCounts;
        }

        boolean lostAny() {
            return counts.lost() > 0 || baselineCounts.lost() > 0;
        }

        boolean lostTooMany() {
            return counts.lostTooMany() || baselineCounts.lostTooMany();
        }

        boolean alike() {
            List<RunRow> ours = group.runs(problem, configuration);
            List<RunRow> theirs = group.runs(problem, baseline);
            return ours.isEmpty() || theirs.isEmpty() || Places.areAlike(ours, theirs);
        }

        Optional<Sample> values(Configuration side) {
            return group.sample(problem, side, RunRow::value);
        }

        Optional<Stratum> finished() {
            return values(configuration)
                    .flatMap(ours -> values(baseline).map(theirs -> new Stratum(ours, theirs)));
        }

        Stratum withLost() {
            return new Stratum(
                    group.withLost(problem, configuration).orElseThrow(),
                    group.withLost(problem, baseline).orElseThrow());
        }

        MeanDifference gain() {
            return finished()
                    .map(
                            sides ->
                                    MeanDifference.of(
                                            sides.treatment(), sides.baseline(), lowerIsBetter))
                    .orElse(
                            new MeanDifference(
                                    Double.NaN,
                                    Double.NaN,
                                    Double.NaN,
                                    Optional.of(NoTest.TOO_FEW)));
        }
    }
}
