// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.statistics.Interval;
import io.github.caadam.experiments.statistics.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * How a value depends on the learning rate of a configuration, on one problem.
 *
 * @param configuration the configuration, without its learning rate
 * @param points the rates that it was run at, ascending
 * @since 0.1.0
 */
public record RateResponse(Configuration configuration, List<Point> points) {

    /** Copies the points. */
    public RateResponse {
        points = List.copyOf(points);
    }

    /**
     * A mean at one learning rate.
     *
     * @param rate the learning rate before scaling
     * @param n the number of runs
     * @param mean their mean
     * @param bar by how much the 95 % interval of the mean reaches to either side; 0 where there is
     *     none
     */
    public record Point(double rate, int n, double mean, double bar) {

        static Point of(double rate, List<Double> values) {
            Sample sample = Sample.of(values.stream().mapToDouble(Double::doubleValue).toArray());
            Interval interval = sample.meanInterval();
            double reach = interval.high() - sample.mean();
            return new Point(rate, sample.n(), sample.mean(), Double.isNaN(reach) ? 0 : reach);
        }

        /**
         * Returns the lower end of the interval.
         *
         * @return the end
         */
        public double low() {
            return mean - bar;
        }

        /**
         * Returns the upper end of the interval.
         *
         * @return the end
         */
        public double high() {
            return mean + bar;
        }
    }

    /**
     * Finds the responses on a problem.
     *
     * @param group the runs
     * @param problem one of the group's
     * @param value which value of a run; runs whose value is not finite, or whose rate is not
     *     known, are left out
     * @return a response for each configuration that has a run, in their order
     */
    public static List<RateResponse> of(
            RunGroup group, Problem problem, ToDoubleFunction<RunRow> value) {
        Map<Configuration, Map<Double, List<Double>>> values = new TreeMap<>(group.form().order());
        for (Configuration configuration : group.configurations(problem)) {
            for (RunRow row : group.runs(problem, configuration)) {
                if (!Double.isNaN(row.learningRate())
                        && Double.isFinite(value.applyAsDouble(row))) {
                    values.computeIfAbsent(
                                    configuration.withoutLearningRate(), key -> new TreeMap<>())
                            .computeIfAbsent(row.learningRate(), key -> new ArrayList<>())
                            .add(value.applyAsDouble(row));
                }
            }
        }
        List<RateResponse> responses = new ArrayList<>();
        values.forEach(
                (configuration, byRate) -> {
                    List<Point> points = new ArrayList<>();
                    byRate.forEach((rate, metric) -> points.add(Point.of(rate, metric)));
                    responses.add(new RateResponse(configuration, points));
                });
        return responses;
    }
}
