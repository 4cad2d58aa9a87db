// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.statistics.BootstrapInterval;
import io.github.caadam.experiments.statistics.Comparison;
import io.github.caadam.experiments.statistics.EffectSize;
import io.github.caadam.experiments.statistics.HolmCorrection;
import io.github.caadam.experiments.statistics.Interval;
import io.github.caadam.experiments.statistics.NoTest;
import io.github.caadam.experiments.statistics.PairedTest;
import io.github.caadam.experiments.statistics.RankTest;
import io.github.caadam.experiments.statistics.Sample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How much better a configuration is than a baseline on a problem. Positive is better throughout.
 *
 * @param problem the problem
 * @param configuration the configuration
 * @param baseline the baseline
 * @param value the values of its metric over the finished runs
 * @param baselineValue those of the baseline
 * @param counts what became of its planned runs
 * @param baselineCounts the same of the baseline
 * @param alike whether both sides were made in the same places
 * @param byValue the comparison of the metric
 * @param byTime the comparison of training times; there is no test of unlike places
 * @param holmP {@link #decisiveP} with Holm's correction over the group
 * @param gain the difference of the means of the metric, in its unit
 * @param gainInterval its bootstrap interval
 * @param paired the paired test of the metric, over the runs that share an index
 * @param effect Hedges' g of the metric
 * @param probability the probability that one of its finished runs is better than one of the
 *     baseline's
 * @param withLost the test of Mann and Whitney of all runs, the lost ones as the worst
 */
public record Improvement(
        Problem problem,
        Configuration configuration,
        Configuration baseline,
        Sample value,
        Sample baselineValue,
        Counts counts,
        Counts baselineCounts,
        boolean alike,
        Comparison byValue,
        Comparison byTime,
        double holmP,
        double gain,
        Interval gainInterval,
        PairedTest paired,
        EffectSize effect,
        double probability,
        RankTest withLost) {

    /** The largest p-value that is called significant. */
    public static final double LEVEL = 0.05;

    /**
     * Compares every configuration of a group with the baseline of its study, on every problem that
     * has runs of that.
     *
     * @param group the group
     * @return the comparisons, by problem and configuration
     */
    public static List<Improvement> of(RunGroup group) {
        return over(group, configuration -> List.of(group.baseline()));
    }

    /**
     * Compares every configuration of a group with the first of its baselines that has runs on the
     * problem. Where none has, there is no comparison. The corrected p-values are those of all
     * comparisons together.
     *
     * @param group the group
     * @param baselines the baselines of a configuration, in order
     * @return the comparisons, by problem and configuration
     */
    public static List<Improvement> over(
            RunGroup group, Function<Configuration, List<Configuration>> baselines) {
        record Pair(Problem problem, Configuration configuration, Configuration baseline) {}
        List<Pair> pairs = new ArrayList<>();
        for (Problem problem : group.problems()) {
            for (Configuration configuration : group.configurations(problem)) {
                baselines.apply(configuration).stream()
                        .filter(baseline -> !group.runs(problem, baseline).isEmpty())
                        .findFirst()
                        .filter(baseline -> !baseline.equals(configuration))
                        .ifPresent(
                                baseline -> pairs.add(new Pair(problem, configuration, baseline)));
            }
        }
        // Resampling takes long, and is the same on any thread.
        List<Improvement> all =
                pairs.parallelStream()
                        .map(
                                pair ->
                                        of(
                                                group,
                                                pair.problem(),
                                                pair.configuration(),
                                                pair.baseline()))
                        .toList();
        List<Double> adjusted =
                HolmCorrection.adjust(all.stream().map(Improvement::decisiveP).toList());
        return IntStream.range(0, all.size())
                .mapToObj(i -> all.get(i).withHolmP(adjusted.get(i)))
                .toList();
    }

    private static Improvement of(
            RunGroup group, Problem problem, Configuration configuration, Configuration baseline) {
        boolean lowerIsBetter = group.lowerIsBetter();
        Sample value = sample(group, problem, configuration, RunRow::value);
        Sample baselineValue = sample(group, problem, baseline, RunRow::value);
        Sample better = lowerIsBetter ? baselineValue : value;
        Sample worse = lowerIsBetter ? value : baselineValue;
        boolean alike =
                Places.areAlike(group.runs(problem, configuration), group.runs(problem, baseline));
        Sample seconds = sample(group, problem, configuration, RunRow::seconds);
        Sample baselineSeconds = sample(group, problem, baseline, RunRow::seconds);
        return new Improvement(
                problem,
                configuration,
                baseline,
                value,
                baselineValue,
                group.counts(problem, configuration),
                group.counts(problem, baseline),
                alike,
                Comparison.of(value, baselineValue, lowerIsBetter),
                alike
                        ? Comparison.of(seconds, baselineSeconds, true)
                        : Comparison.untested(seconds, baselineSeconds, true, NoTest.UNLIKE_PLACES),
                Double.NaN,
                better.mean() - worse.mean(),
                BootstrapInterval.ofDifference(better, worse),
                paired(group, problem, configuration, baseline),
                EffectSize.hedges(value, baselineValue, lowerIsBetter),
                RankTest.of(value, baselineValue, lowerIsBetter).probability(),
                RankTest.of(
                        group.withLost(problem, configuration).orElseThrow(),
                        group.withLost(problem, baseline).orElseThrow(),
                        lowerIsBetter));
    }

    /**
     * Returns whether a side lost runs.
     *
     * @return whether it did
     */
    public boolean lostRuns() {
        return counts.lost() > 0 || baselineCounts.lost() > 0;
    }

    /**
     * Returns whether a side lost so many runs that there is no verdict.
     *
     * @return whether one lost more than 10 %
     */
    public boolean lostTooMany() {
        return counts.lostTooMany() || baselineCounts.lostTooMany();
    }

    /**
     * Returns what can be said, at no margin.
     *
     * @return the verdict, by the corrected p-value
     */
    public Verdict verdict() {
        return lostTooMany() ? Verdict.LOST : Verdict.of(gain, holmP, Double.NaN);
    }

    /**
     * Returns the p-value that stars and verdicts rest on: Welch's. Where a side lost runs, both
     * tests have to agree, Welch's of the finished runs and that of Mann and Whitney of all with
     * the lost ones as the worst.
     *
     * @return the p-value, the larger of the two where runs were lost, and 1 where they point in
     *     different directions; NaN where there is no test, or a side lost more than 10 %
     */
    public double decisiveP() {
        if (!lostRuns() || byValue.untested().isPresent()) {
            return byValue.welchP();
        }
        if (lostTooMany()) {
            return Double.NaN;
        }
        return LostRuns.agreed(gain, byValue.welchP(), withLost.probability(), withLost.p());
    }

    /**
     * Returns the p-value that the stars of training time rest on.
     *
     * @return Welch's; NaN where there is no test, or a side lost runs
     */
    public double decisiveTimeP() {
        return lostRuns() ? Double.NaN : byTime.welchP();
    }

    /**
     * Returns what a reader must know before the numbers.
     *
     * @return why the comparison of the metric has no test or no star, and whether the sides were
     *     made in unlike places, in words; empty where all is as usual
     */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (lostTooMany()) {
            notes.add(
                    "more than 10 % of the runs of a side were lost, so that there is no verdict");
        } else if (lostRuns()) {
            notes.add(
                    "runs were lost: significant only where Mann and Whitney's test of all runs,"
                            + " the lost ones as the worst, agrees");
        }
        byValue.untested().ifPresent(one -> notes.add("no test: " + one.reason()));
        if (!alike) {
            notes.add("times are not tested: " + NoTest.UNLIKE_PLACES.reason());
        }
        return notes;
    }

    /**
     * Returns the notes of a table that tests times.
     *
     * @return {@link #notes}, and why times are not tested
     */
    public List<String> notesWithTime() {
        return with("times are not tested: ", byTime.untested().filter(reason -> alike));
    }

    /**
     * Returns the notes of a table that tests pairs.
     *
     * @return {@link #notes}, and why pairs are not tested
     */
    public List<String> notesWithPairs() {
        return with("pairs are not tested: ", paired.untested());
    }

    /** With a reason that is not that of the comparison of the metric. */
    private List<String> with(String what, Optional<NoTest> untested) {
        List<String> notes = new ArrayList<>(notes());
        untested.filter(reason -> !byValue.untested().equals(untested))
                .ifPresent(reason -> notes.add(what + reason.reason()));
        return notes;
    }

    private static PairedTest paired(
            RunGroup group, Problem problem, Configuration configuration, Configuration baseline) {
        Map<Integer, Double> baselineValues = new HashMap<>();
        group.runs(problem, baseline).forEach(run -> baselineValues.put(run.run(), run.value()));
        List<RunRow> runs =
                group.runs(problem, configuration).stream()
                        .filter(run -> baselineValues.containsKey(run.run()))
                        .toList();
        if (runs.isEmpty()) {
            return PairedTest.NO_PAIRS;
        }
        return PairedTest.of(
                Sample.of(runs.stream().mapToDouble(RunRow::value).toArray()),
                Sample.of(
                        runs.stream().mapToDouble(run -> baselineValues.get(run.run())).toArray()),
                group.lowerIsBetter());
    }

    private static Sample sample(
            RunGroup group,
            Problem problem,
            Configuration configuration,
            ToDoubleFunction<RunRow> column) {
        return group.sample(problem, configuration, column).orElseThrow();
    }

    private Improvement withHolmP(double adjusted) {
        return new Improvement(
                problem,
                configuration,
                baseline,
                value,
                baselineValue,
                counts,
                baselineCounts,
                alike,
                byValue,
                byTime,
                adjusted,
                gain,
                gainInterval,
                paired,
                effect,
                probability,
                withLost);
    }
}
