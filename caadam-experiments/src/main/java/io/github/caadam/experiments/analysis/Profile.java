// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.statistics.PerformanceProfile;
import io.github.caadam.experiments.statistics.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * On what share of the problems a configuration comes how near to the best one.
 *
 * @param configuration the configuration
 * @param target the target that it is about; empty where it is about the metric
 * @param curve of the metric, over the distance of its mean from the best mean, in its unit; of a
 *     target, over the ratio of the median effort to the lowest one
 * @since 0.1.0
 */
public record Profile(
        Configuration configuration, Optional<Target> target, PerformanceProfile curve) {

    /**
     * Makes the profiles of the metric.
     *
     * @param group the runs
     * @return a profile for each configuration that has runs on all problems; where it lost more
     *     than 10 % of its runs, it counts as not near; none where there are fewer than two
     *     problems or configurations
     */
    public static List<Profile> of(RunGroup group) {
        double sign = group.lowerIsBetter() ? 1 : -1;
        return of(
                group,
                Optional.empty(),
                (problem, configuration) ->
                        group.sample(problem, configuration, RunRow::value)
                                .map(
                                        sample ->
                                                group.counts(problem, configuration).lostTooMany()
                                                        ? Double.POSITIVE_INFINITY
                                                        : sign * sample.mean()),
                PerformanceProfile::byDistance);
    }

    /** Makes the profiles of a target, of the efforts that are known. */
    static List<Profile> of(
            RunGroup group,
            Target target,
            BiFunction<Problem, Configuration, Optional<Sample>> efforts) {
        return of(
                group,
                Optional.of(target),
                (problem, configuration) ->
                        efforts.apply(problem, configuration)
                                .map(Sample::median)
                                .filter(median -> median > 0),
                PerformanceProfile::byRatio);
    }

    private static List<Profile> of(
            RunGroup group,
            Optional<Target> target,
            BiFunction<Problem, Configuration, Optional<Double>> cost,
            Function<List<double[]>, List<PerformanceProfile>> profiles) {
        List<Problem> problems = group.problems();
        List<Configuration> compared = new ArrayList<>();
        List<double[]> costs = new ArrayList<>();
        for (Configuration configuration : group.configurations()) {
            List<Double> row =
                    problems.stream()
                            .map(problem -> cost.apply(problem, configuration))
                            .flatMap(Optional::stream)
                            .toList();
            if (row.size() == problems.size()) {
                compared.add(configuration);
                costs.add(row.stream().mapToDouble(Double::doubleValue).toArray());
            }
        }
        if (problems.size() < 2 || compared.size() < 2) {
            return List.of();
        }
        List<PerformanceProfile> curves = profiles.apply(costs);
        return IntStream.range(0, compared.size())
                .mapToObj(i -> new Profile(compared.get(i), target, curves.get(i)))
                .toList();
    }
}
