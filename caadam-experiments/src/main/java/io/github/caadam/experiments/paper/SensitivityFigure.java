// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import io.github.caadam.experiments.analysis.Palette;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.figure.Charts;
import io.github.caadam.experiments.figure.Figure;
import io.github.caadam.experiments.statistics.Sample;
import java.awt.Color;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;

/**
 * The fitted test error of a network by the factors on its learning rate: a line for each factor
 * alone, the others at 1, and one for all factors alike, which is the learning rate as a whole.
 */
final class SensitivityFigure {

    private static final int POINTS = 81;
    private static final float LINE_WIDTH = 1.8f;

    private SensitivityFigure() {}

    /**
     * Draws the figure.
     *
     * @param group the runs
     * @param sensitivity one of the group's networks
     */
    static Figure of(RunGroup group, Sensitivity sensitivity) {
        XYChart chart =
                Charts.newChart(Charts.HEIGHT, "log2 of the factor on the learning rate", "");
        chart.setYAxisTitle(Charts.metric(group));
        List<String> dimensions = sensitivity.dimensions();
        List<String> colors = Palette.muted();
        double radius = sensitivity.radius();
        for (int i = 0; i < dimensions.size(); i++) {
            double[] direction = new double[dimensions.size()];
            direction[i] = 1;
            add(
                    chart,
                    dimensions.get(i),
                    sensitivity,
                    direction,
                    radius,
                    Color.decode(colors.get(i % colors.size())));
        }
        double[] all = new double[dimensions.size()];
        Arrays.fill(all, 1);
        add(chart, "all alike", sensitivity, all, radius / Math.sqrt(all.length), Color.BLACK);
        sensitivity.baseline().ifPresent(adam -> addLevel(chart, adam, radius));
        return new Figure(
                "sensitivity-" + Charts.slug(sensitivity.problem()),
                "What factors by layer change: " + Charts.title(sensitivity.problem()),
                caption(
                        sensitivity,
                        group.describe() + Charts.lost(group, List.of(sensitivity.problem()))),
                chart);
    }

    private static void add(
            XYChart chart,
            String name,
            Sensitivity sensitivity,
            double[] direction,
            double reach,
            Color color) {
        double[] x =
                IntStream.range(0, POINTS)
                        .mapToDouble(i -> reach * (2.0 * i / (POINTS - 1) - 1))
                        .toArray();
        double[] y =
                Arrays.stream(x)
                        .map(
                                at ->
                                        sensitivity
                                                .test()
                                                .at(
                                                        Arrays.stream(direction)
                                                                .map(one -> one * at)
                                                                .toArray()))
                        .toArray();
        Charts.line(chart.addSeries(name, x, y), color, LINE_WIDTH);
    }

    private static void addLevel(XYChart chart, Sample adam, double radius) {
        Charts.line(
                        chart.addSeries(
                                "tuned Adam",
                                new double[] {-radius, radius},
                                new double[] {adam.mean(), adam.mean()}),
                        Charts.GUIDE,
                        LINE_WIDTH)
                .setLineStyle(Charts.DASHED);
    }

    private static String caption(Sensitivity sensitivity, String context) {
        return "Test error by a quadratic fit to "
                + sensitivity.runs()
                + " runs that drew their factors around tuned Adam: each factor alone, the others"
                + " at 1, and all alike"
                + sensitivity
                        .baseline()
                        .map(adam -> "; dashed: the mean of tuned Adam's own " + adam.n() + " runs")
                        .orElse("")
                + "; "
                + context
                + ".";
    }
}
