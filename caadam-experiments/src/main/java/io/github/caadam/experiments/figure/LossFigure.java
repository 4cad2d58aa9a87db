// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.analysis.ReportForm;
import io.github.caadam.experiments.analysis.RunGroup;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Training loss by epoch on one problem, a thin line per run. Where optimizers are many, only the
 * first of the study are shown, or those of its publication.
 */
final class LossFigure {

    /** How many runs of an optimizer are drawn. */
    static final int RUNS = 5;

    /** The lines of more optimizers than these could not be told apart. */
    private static final int MOST_OPTIMIZERS = 16;

    private static final float LINE_WIDTH = 0.9f;

    /** Keeps the end of the last line off the border, and XChart's ticks on round numbers. */
    private static final double ROOM = 0.5;

    private LossFigure() {}

    /**
     * Returns what is drawn: of each problem and configuration, the runs of the lowest indices.
     *
     * @param curves any losses
     * @param form how the study is told
     * @return the losses of at most {@link #RUNS} runs each, by problem in the order of first
     *     appearance, configuration and run
     */
    static List<LossCurve> select(List<LossCurve> curves, ReportForm form) {
        List<Problem> problems = curves.stream().map(LossCurve::problem).distinct().toList();
        List<LossCurve> selected = new ArrayList<>();
        for (Problem problem : problems) {
            Map<Configuration, List<LossCurve>> all = byConfiguration(curves, problem, form);
            for (Configuration configuration : form.shown(all.keySet(), MOST_OPTIMIZERS)) {
                all.get(configuration).stream()
                        .sorted(Comparator.comparingInt(LossCurve::run))
                        .limit(RUNS)
                        .forEach(selected::add);
            }
        }
        return selected;
    }

    private static Map<Configuration, List<LossCurve>> byConfiguration(
            List<LossCurve> curves, Problem problem, ReportForm form) {
        return curves.stream()
                .filter(curve -> curve.problem().equals(problem))
                .collect(
                        Collectors.groupingBy(
                                LossCurve::configuration,
                                () -> new TreeMap<>(form.order()),
                                Collectors.toList()));
    }

    /**
     * Draws the losses on a problem.
     *
     * @param problem the problem
     * @param selected what {@link #select} returned; holds runs on the problem
     * @param runs all runs on the problem, for the caption
     * @param colors the colours of the configurations
     * @return the figure
     */
    static Figure of(
            Problem problem,
            List<LossCurve> selected,
            RunGroup runs,
            Map<Configuration, Color> colors) {
        Map<Configuration, List<LossCurve>> byConfiguration =
                byConfiguration(selected, problem, runs.form());
        double[] losses =
                byConfiguration.values().stream()
                        .flatMap(List::stream)
                        .flatMap(curve -> curve.epochs().stream())
                        .mapToDouble(LossCurve.Epoch::loss)
                        .sorted()
                        .toArray();
        boolean logarithmic = LogScale.helps(Arrays.stream(losses));
        XYChart chart =
                Charts.newChart(
                        Charts.HEIGHT,
                        "Epoch",
                        logarithmic ? "Training loss (log scale)" : "Training loss");
        byConfiguration.forEach(
                (configuration, curves) ->
                        add(chart, configuration, curves, colors.get(configuration)));
        int longest =
                byConfiguration.values().stream()
                        .flatMap(List::stream)
                        .mapToInt(curve -> curve.epochs().size())
                        .max()
                        .orElseThrow();
        chart.getStyler().setXAxisMin(0.0).setXAxisMax(longest + ROOM);
        if (logarithmic) {
            LogScale.onY(chart.getStyler(), losses[0], losses[losses.length - 1]);
        }
        return new Figure(
                "loss-" + Charts.slug(problem),
                "Training loss of " + Charts.title(problem),
                caption(byConfiguration, runs, problem),
                chart,
                numbers(byConfiguration));
    }

    private static Figure.Numbers numbers(Map<Configuration, List<LossCurve>> drawn) {
        List<List<?>> rows = new ArrayList<>();
        drawn.forEach(
                (configuration, curves) -> {
                    for (LossCurve curve : curves) {
                        for (int i = 0; i < curve.epochs().size(); i++) {
                            rows.add(
                                    List.of(
                                            configuration.optimizer(),
                                            configuration.strategy(),
                                            curve.run(),
                                            i + 1,
                                            curve.epochs().get(i).loss()));
                        }
                    }
                });
        return new Figure.Numbers(List.of("optimizer", "strategy", "run", "epoch", "loss"), rows);
    }

    /** Adds the runs of a configuration as one series; NaN lifts the pen between two runs. */
    private static void add(
            XYChart chart, Configuration configuration, List<LossCurve> curves, Color color) {
        List<Double> epochs = new ArrayList<>();
        List<Double> losses = new ArrayList<>();
        for (LossCurve curve : curves) {
            for (int i = 0; i < curve.epochs().size(); i++) {
                epochs.add(i + 1.0);
                losses.add(curve.epochs().get(i).loss());
            }
            epochs.add((double) curve.epochs().size());
            losses.add(Double.NaN);
        }
        XYSeries series =
                Charts.line(
                        chart.addSeries(configuration.label(), epochs, losses), color, LINE_WIDTH);
        if (curves.stream().anyMatch(curve -> curve.epochs().size() == 1)) {
            series.setMarker(SeriesMarkers.CIRCLE);
        }
    }

    private static String caption(
            Map<Configuration, List<LossCurve>> drawn, RunGroup runs, Problem problem) {
        int least = drawn.values().stream().mapToInt(List::size).min().orElseThrow();
        int most = drawn.values().stream().mapToInt(List::size).max().orElseThrow();
        int hidden = runs.configurations().size() - drawn.size();
        return "A line per finished run, the first "
                + (least == most ? "" + most : least + "–" + most)
                + " of each optimizer; "
                + runs.describe()
                + (hidden == 0 ? "" : "; not shown: " + hidden + " further optimizers")
                + Charts.lost(runs, List.of(problem))
                + ".";
    }
}
