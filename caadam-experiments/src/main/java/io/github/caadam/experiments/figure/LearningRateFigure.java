// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.analysis.RateResponse;
import io.github.caadam.experiments.analysis.RateResponse.Point;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.results.RunRow;
import java.awt.Color;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A metric by learning rate on one problem: a line for each optimizer that was run at several
 * rates, and optimizers that scale their rate as marks at that before scaling, each with a dashed
 * line at its mean, so that one sees which rate of the plain optimizer does as well. Where there
 * are many marks, only the first of the study are shown, or those of its publication.
 */
final class LearningRateFigure {

    private static final float LINE_WIDTH = 1.8f;

    /** By how much of the axis marks at one rate stand apart. */
    private static final double MARK_DISTANCE = 0.015;

    /** More marks than these could not be told apart. */
    private static final int MOST_MARKS = 8;

    private final RunGroup group;
    private final Problem problem;
    private final Map<Configuration, List<Point>> points;
    private final int hidden;

    /**
     * Finds the learning rates; runs whose rate is not known are not shown.
     *
     * @param group the runs
     * @param problem one of the group's
     */
    LearningRateFigure(RunGroup group, Problem problem) {
        this.group = group;
        this.problem = problem;
        points = new TreeMap<>(group.form().order());
        for (RateResponse one : RateResponse.of(group, problem, RunRow::value)) {
            if (one.points().size() > 1 || one.configuration().scales()) {
                points.put(one.configuration(), one.points());
            }
        }
        List<Configuration> marked = marked();
        List<Configuration> shown = group.form().shown(marked, MOST_MARKS);
        points.keySet().removeIf(one -> marked.contains(one) && !shown.contains(one));
        hidden = marked.size() - shown.size();
    }

    /**
     * Draws the figure.
     *
     * @param context what the runs are, for the caption
     * @param colors the colours of the configurations
     * @return the figure, if an optimizer was run at two learning rates or more
     */
    Optional<Figure> draw(String context, Map<Configuration, Color> colors) {
        if (points.values().stream().noneMatch(means -> means.size() > 1)) {
            return Optional.empty();
        }
        XYChart chart = Charts.newChart(Charts.HEIGHT, "Learning rate (log scale)", "");
        double lowest = rates().min().orElseThrow();
        double highest = rates().max().orElseThrow();
        points.forEach(
                (configuration, means) -> {
                    if (means.size() > 1) {
                        addLine(chart, configuration, means, colors.get(configuration));
                    }
                });
        List<Configuration> marked = marked();
        for (int i = 0; i < marked.size(); i++) {
            Configuration configuration = marked.get(i);
            Point mean = points.get(configuration).get(0);
            Color color = colors.get(configuration);
            double apart = MARK_DISTANCE * (i - (marked.size() - 1) / 2.0);
            addLevel(chart, configuration, mean, lowest, highest, color);
            addMark(chart, configuration, mean, Math.pow(highest / lowest, apart), color);
        }
        XYStyler styler = chart.getStyler();
        LogScale.onX(styler, lowest, highest);
        chart.setYAxisTitle(Charts.metric(group) + scaleOfMetric(styler));
        return Optional.of(
                new Figure(
                        "learning-rate-" + Charts.slug(problem),
                        Charts.metric(group) + " by learning rate: " + Charts.title(problem),
                        caption(context),
                        chart));
    }

    private List<Configuration> marked() {
        return points.entrySet().stream()
                .filter(entry -> entry.getValue().size() == 1)
                .map(Map.Entry::getKey)
                .toList();
    }

    private DoubleStream rates() {
        return points.values().stream().flatMap(List::stream).mapToDouble(Point::rate);
    }

    /** Sets the scale of the other axis, on which one rate that fails would flatten the rest. */
    private String scaleOfMetric(XYStyler styler) {
        double[] ends =
                points.values().stream()
                        .flatMap(List::stream)
                        .flatMapToDouble(point -> DoubleStream.of(point.low(), point.high()))
                        .sorted()
                        .toArray();
        if (!LogScale.helps(DoubleStream.of(ends))) {
            return "";
        }
        LogScale.onY(styler, ends[0], ends[ends.length - 1]);
        return " (log scale)";
    }

    private static void addLine(
            XYChart chart, Configuration configuration, List<Point> means, Color color) {
        Charts.line(
                        chart.addSeries(
                                configuration.label(),
                                means.stream().map(Point::rate).toList(),
                                means.stream().map(Point::mean).toList(),
                                means.stream().map(Point::bar).toList()),
                        color,
                        LINE_WIDTH)
                .setMarker(SeriesMarkers.CIRCLE);
    }

    private static void addMark(
            XYChart chart, Configuration configuration, Point mean, double shift, Color color) {
        Charts.line(
                        chart.addSeries(
                                configuration.label(),
                                new double[] {mean.rate() * shift},
                                new double[] {mean.mean()},
                                new double[] {mean.bar()}),
                        color,
                        LINE_WIDTH)
                .setMarker(SeriesMarkers.DIAMOND);
    }

    private static void addLevel(
            XYChart chart,
            Configuration configuration,
            Point mean,
            double lowest,
            double highest,
            Color color) {
        Charts.line(
                        chart.addSeries(
                                configuration.label() + " level",
                                new double[] {lowest, highest},
                                new double[] {mean.mean(), mean.mean()}),
                        color,
                        LINE_WIDTH)
                .setLineStyle(Charts.DASHED)
                .setShowInLegend(false);
    }

    private String caption(String context) {
        String n =
                points.values().stream()
                        .flatMap(List::stream)
                        .map(Point::n)
                        .sorted()
                        .distinct()
                        .map(String::valueOf)
                        .collect(Collectors.joining(", "));
        return "Mean of n = "
                + n
                + " finished runs by learning rate before scaling, with its 95 % interval; dashed:"
                + " the level of an optimizer that scales it; "
                + context
                + (hidden == 0 ? "" : "; not shown: " + hidden + " variants of the strategies")
                + Charts.lost(group, List.of(problem))
                + ".";
    }
}
