// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import io.github.caadam.experiments.statistics.FisherTest;
import io.github.caadam.experiments.statistics.MeanDifference;
import io.github.caadam.experiments.statistics.PooledDifference;
import io.github.caadam.experiments.statistics.PooledRankTest;
import io.github.caadam.experiments.statistics.PooledRankTest.Stratum;
import io.github.caadam.experiments.statistics.RankTest;
import java.util.List;
import java.util.Optional;

/** Makes contrasts of groups of runs that differ in nothing but the draw of initial weights. */
final class Contrasts {

    private final List<RunGroup> draws;
    private final Optional<Double> margin;
    private final Configuration baseline;

    /** All but the baseline, in their order. */
    private final List<Configuration> configurations;

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
        configurations =
                draws.stream()
                        .flatMap(group -> group.cells().stream())
                        .map(RunGroup.Cell::configuration)
                        .distinct()
                        .sorted(draws.get(0).form().order())
                        .filter(configuration -> !configuration.equals(baseline))
                        .toList();
    }

    /** The contrasts on a problem, not corrected yet. */
    List<Contrast> on(Problem problem) {
        return configurations.stream()
                .map(configuration -> cells(problem, configuration))
                .filter(cells -> !cells.isEmpty())
                .map(this::contrast)
                .toList();
    }

    /** The contrasts over all problems, not corrected yet. */
    List<Contrast> pooled() {
        return configurations.stream().map(this::pooled).flatMap(Optional::stream).toList();
    }

    /** The problems of all draws, in the order of first appearance. */
    List<Problem> problems() {
        return draws.stream().flatMap(group -> group.problems().stream()).distinct().toList();
    }

    private List<Sides> cells(Problem problem, Configuration configuration) {
        return draws.stream()
                .map(group -> new Sides(problem, group, configuration, group, baseline))
                .filter(Sides::wasRun)
                .toList();
    }

    private Contrast contrast(List<Sides> cells) {
        Sides first = cells.get(0);
        boolean single = draws.size() == 1;
        Optional<PooledDifference> pooled =
                single
                        ? Optional.empty()
                        : Optional.of(
                                PooledDifference.of(cells.stream().map(Sides::gain).toList()));
        return make(
                Optional.of(first.problem()),
                cells,
                pooled.map(PooledDifference::toDifference).orElseGet(first::gain),
                pooled,
                margin);
    }

    /** The contrast of two sides, not corrected yet. */
    static Contrast of(Sides sides, Optional<Double> margin) {
        return make(
                Optional.of(sides.problem()),
                List.of(sides),
                sides.gain(),
                Optional.empty(),
                margin);
    }

    private Optional<Contrast> pooled(Configuration configuration) {
        List<List<Sides>> byProblem =
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
                        pooled.toDifference(),
                        Optional.of(pooled),
                        margin));
    }

    private static Contrast make(
            Optional<Problem> problem,
            List<Sides> cells,
            MeanDifference gain,
            Optional<PooledDifference> pooled,
            Optional<Double> margin) {
        Sides first = cells.get(0);
        Optional<Sides> single = pooled.isEmpty() ? Optional.of(first) : Optional.empty();
        List<Stratum> finished =
                cells.stream().map(Sides::finished).flatMap(Optional::stream).toList();
        return new Contrast(
                problem,
                first.configuration(),
                first.baseline(),
                Counts.sum(cells.stream().map(Sides::counts).toList()),
                Counts.sum(cells.stream().map(Sides::baselineCounts).toList()),
                cells.stream().allMatch(Sides::alike),
                cells.stream().anyMatch(Sides::lostTooMany),
                gain,
                pooled,
                single.flatMap(Sides::values),
                single.flatMap(Sides::baselineValues),
                finished.isEmpty()
                        ? Double.NaN
                        : PooledRankTest.of(finished, first.lowerIsBetter()).probability(),
                lost(cells),
                margin.map(gain::equivalence),
                Double.NaN,
                Double.NaN);
    }

    private static Optional<LostRuns> lost(List<Sides> cells) {
        if (cells.stream().noneMatch(Sides::lostAny)) {
            return Optional.empty();
        }
        boolean lowerIsBetter = cells.get(0).lowerIsBetter();
        List<Stratum> all = cells.stream().map(Sides::withLost).toList();
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
}
