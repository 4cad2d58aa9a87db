// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.statistics.MeanDifference;
import io.github.caadam.experiments.statistics.PooledRankTest.Stratum;
import io.github.caadam.experiments.statistics.Sample;
import java.util.List;
import java.util.Optional;

/**
 * The runs of a configuration and of what it is compared with, on one problem.
 *
 * @param problem the problem
 * @param group the group that the configuration's runs are of
 * @param configuration the configuration
 * @param baselineGroup the group that the baseline's runs are of, of the same metric
 * @param baseline the baseline
 */
record Sides(
        Problem problem,
        RunGroup group,
        Configuration configuration,
        RunGroup baselineGroup,
        Configuration baseline) {

    /** Whether both sides have a run that was made. */
    boolean wasRun() {
        return counts().made() > 0 && baselineCounts().made() > 0;
    }

    boolean lowerIsBetter() {
        return group.lowerIsBetter();
    }

    Counts counts() {
        return group.counts(problem, configuration);
    }

    Counts baselineCounts() {
        return baselineGroup.counts(problem, baseline);
    }

    boolean lostAny() {
        return counts().lost() > 0 || baselineCounts().lost() > 0;
    }

    boolean lostTooMany() {
        return counts().lostTooMany() || baselineCounts().lostTooMany();
    }

    boolean alike() {
        List<RunRow> ours = group.runs(problem, configuration);
        List<RunRow> theirs = baselineGroup.runs(problem, baseline);
        return ours.isEmpty() || theirs.isEmpty() || Places.areAlike(ours, theirs);
    }

    Optional<Sample> values() {
        return group.sample(problem, configuration, RunRow::value);
    }

    Optional<Sample> baselineValues() {
        return baselineGroup.sample(problem, baseline, RunRow::value);
    }

    Optional<Stratum> finished() {
        return values().flatMap(ours -> baselineValues().map(theirs -> new Stratum(ours, theirs)));
    }

    Stratum withLost() {
        return new Stratum(
                group.withLost(problem, configuration).orElseThrow(),
                baselineGroup.withLost(problem, baseline).orElseThrow());
    }

    MeanDifference gain() {
        return finished()
                .map(
                        sides ->
                                MeanDifference.of(
                                        sides.treatment(), sides.baseline(), lowerIsBetter()))
                .orElse(MeanDifference.UNKNOWN);
    }
}
