// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.statistics.BootstrapInterval;
import io.github.caadam.experiments.statistics.Comparison;
import io.github.caadam.experiments.statistics.EffectSize;
import io.github.caadam.experiments.statistics.HolmCorrection;
import io.github.caadam.experiments.statistics.Interval;
import io.github.caadam.experiments.statistics.PairedTest;
import io.github.caadam.experiments.statistics.RankTest;
import io.github.caadam.experiments.statistics.Sample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How much better a configuration is than a baseline on a problem. Positive is better throughout.
 *
 * @param problem the problem
 * @param configuration the configuration
 * @param baseline the baseline
 * @param value the values of its metric
 * @param baselineValue those of the baseline
 * @param byValue the comparison of the metric
 * @param byTime the comparison of training times
 * @param holmP Welch's p of the metric with Holm's correction over the group
 * @param gain the difference of the means of the metric, in its unit
 * @param gainInterval its bootstrap interval
 * @param paired the paired test of the metric, over the runs that share an index
 * @param effect Hedges' g of the metric
 * @param probability the probability that one of its runs is better than one of the baseline's
 */
public record Improvement(
        Problem problem,
        Configuration configuration,
        Configuration baseline,
        Sample value,
        Sample baselineValue,
        Comparison byValue,
        Comparison byTime,
        double holmP,
        double gain,
        Interval gainInterval,
        PairedTest paired,
        EffectSize effect,
        double probability) {

    /**
     * Compares every configuration of a group with Adam, on every problem that has runs of Adam.
     *
     * @param group the group
     * @return the comparisons, by problem and configuration
     */
    public static List<Improvement> of(RunGroup group) {
        return over(group, configuration -> List.of(Configuration.BASELINE));
    }

    /**
     * Compares every configuration of a group with the Adam that it has to beat to owe anything to
     * structure: Adam at the mean learning rate of the configuration's strategy (its factors
     * averaged), or on problems without such runs Adam at its own best learning rate. Problems that
     * have neither are left out.
     *
     * @param group the group
     * @return the comparisons, by problem and configuration
     */
    public static List<Improvement> ofMatched(RunGroup group) {
        return over(
                group,
                configuration -> List.of(configuration.averaged(), Configuration.TUNED_BASELINE));
    }

    /** Compares with the first of a configuration's baselines that has runs. */
    private static List<Improvement> over(
            RunGroup group, Function<Configuration, List<Configuration>> baselines) {
        List<Improvement> all = new ArrayList<>();
        for (Problem problem : group.problems()) {
            for (Configuration configuration : group.configurations(problem)) {
                baselines.apply(configuration).stream()
                        .filter(baseline -> !group.runs(problem, baseline).isEmpty())
                        .findFirst()
                        .filter(baseline -> !baseline.equals(configuration))
                        .map(baseline -> of(group, problem, configuration, baseline))
                        .ifPresent(all::add);
            }
        }
        List<Double> adjusted =
                HolmCorrection.adjust(all.stream().map(one -> one.byValue.welchP()).toList());
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
        return new Improvement(
                problem,
                configuration,
                baseline,
                value,
                baselineValue,
                Comparison.of(value, baselineValue, lowerIsBetter),
                Comparison.of(
                        sample(group, problem, configuration, RunRow::seconds),
                        sample(group, problem, baseline, RunRow::seconds),
                        true),
                Double.NaN,
                better.mean() - worse.mean(),
                BootstrapInterval.ofDifference(better, worse),
                paired(group, problem, configuration, baseline),
                EffectSize.hedges(value, baselineValue, lowerIsBetter),
                RankTest.of(value, baselineValue, lowerIsBetter).probability());
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
                byValue,
                byTime,
                adjusted,
                gain,
                gainInterval,
                paired,
                effect,
                probability);
    }
}
