// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * What the page's script draws from: numbers that are not finite are null, and problems,
 * configurations and runs are named by their place in the lists.
 *
 * @param groups the groups
 * @param problems the problems of all groups
 * @param configurations the configurations
 * @param runs all finished runs
 * @param curves losses of some of them
 * @param steps shares: profiles, and runs that reached a target
 * @param rates what learning rates lead to
 */
record PageData(
        List<GroupData> groups,
        List<ProblemData> problems,
        List<ConfigurationData> configurations,
        RunData runs,
        List<CurveData> curves,
        List<StepsData> steps,
        List<RatesData> rates) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A group.
     *
     * @param metric what the value of a run is
     * @param unit the unit of that; empty for none
     * @param secondary what its second value is
     */
    record GroupData(String metric, String unit, String secondary) {}

    /**
     * A problem.
     *
     * @param label its name on the page
     * @param group the place of its group
     */
    record ProblemData(String label, int group) {}

    /**
     * A configuration.
     *
     * @param label its name on the page
     * @param css the class with its colour
     */
    record ConfigurationData(String label, String css) {}

    /**
     * Runs by column, as a page may have a hundred thousand of them. The first runs are those of
     * the first cell, the next those of the second, and so on.
     *
     * @param cells the problem, the configuration and the number of runs of each cell
     * @param run the index of each
     * @param value the metric
     * @param secondary the second metric
     * @param seconds the wall time of the training
     * @param epochs epochs trained
     * @param bestEpoch the epoch, from 0, whose weights were tested; null if unknown
     * @param started when it started; null if unknown
     * @param commit the place of the commit of the code that ran
     * @param id its id
     * @param commits the commits
     */
    record RunData(
            List<List<Integer>> cells,
            List<Integer> run,
            List<Double> value,
            List<Double> secondary,
            List<Double> seconds,
            List<Integer> epochs,
            List<Integer> bestEpoch,
            List<String> started,
            List<Integer> commit,
            List<String> id,
            List<String> commits) {}

    /**
     * Losses of a run.
     *
     * @param run the place of the run
     * @param losses its losses
     */
    record CurveData(int run, LossCurve losses) {}

    /**
     * Shares that grow by steps.
     *
     * @param title what the figure shows
     * @param x what goes to the right
     * @param y what share goes up
     * @param logarithmic whether x is drawn on a logarithmic scale
     * @param series a line each
     */
    record StepsData(
            String title, String x, String y, boolean logarithmic, List<StepSeries> series) {}

    /**
     * A line of steps.
     *
     * @param configuration the place of the configuration
     * @param at where it goes up by one, ascending
     * @param of how many are the whole
     */
    record StepSeries(int configuration, List<Double> at, int of) {}

    /**
     * A value by learning rate.
     *
     * @param title what the figure shows
     * @param y what the value is
     * @param series a line each
     */
    record RatesData(String title, String y, List<RateSeries> series) {}

    /**
     * A line of means.
     *
     * @param configuration the place of the configuration, without its rate
     * @param points the rate, the mean, the ends of its interval and the number of runs each
     */
    record RateSeries(int configuration, List<double[]> points) {}

    /** As JSON that cannot end the script element it stands in, whatever names it holds. */
    String toJson() {
        try {
            return JSON.writeValueAsString(this).replace("<", "\\u003c");
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
