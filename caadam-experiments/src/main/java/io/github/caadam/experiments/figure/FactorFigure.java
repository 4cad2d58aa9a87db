// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import io.github.caadam.experiments.analysis.FileNames;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The factors of scaling strategies, parameter by parameter in forward order: weights as points on
 * a line, biases and normalisations (1-D parameters) as crosses.
 */
public final class FactorFigure {

    private static final float LINE_WIDTH = 1.4f;

    /** Beyond these, parameters have numbers rather than names. */
    private static final int MOST_NAMES = 16;

    /** XChart leaves longer labels out. */
    private static final int LONGEST_NAME = 20;

    private static final int NAME_ROTATION = 90;

    /** About what remains beside the legend. */
    private static final int PLOT_WIDTH = 600;

    private static final int NUMBERED_TICK_DISTANCE = 60;
    private static final double HALF_A_PLACE = 0.5;

    private FactorFigure() {}

    /**
     * Writes the figure as {@code factors-MODEL-CONVENTION.png} and {@code .svg}.
     *
     * @param model the name of the network
     * @param network its structure under one convention
     * @param strategies the strategies by name, 1 or more; those that look at gradients are drawn
     *     as they are without one
     * @param directory where to; created if missing
     * @return the files
     * @throws IOException if one cannot be written
     */
    public static List<Path> write(
            String model,
            NetworkStructure network,
            Map<String, ScalingStrategy> strategies,
            Path directory)
            throws IOException {
        Files.createDirectories(directory);
        return of(model, network, strategies).write(directory);
    }

    static Figure of(
            String model, NetworkStructure network, Map<String, ScalingStrategy> strategies) {
        String convention = network.convention().name().toLowerCase(Locale.ROOT);
        double[] factors =
                strategies.values().stream()
                        .flatMapToDouble(
                                strategy ->
                                        network.parameters().stream()
                                                .mapToDouble(p -> strategy.factor(p, network)))
                        .sorted()
                        .toArray();
        boolean logarithmic = LogScale.helps(DoubleStream.of(factors));
        XYChart chart =
                Charts.newChart(
                        Charts.HEIGHT,
                        "Parameter in forward order",
                        logarithmic ? "Factor S (log scale)" : "Factor S");
        Map<String, Color> colors = Charts.ofStrategies(strategies.keySet());
        strategies.forEach(
                (name, strategy) -> add(chart, network, name, strategy, colors.get(name)));
        labelParameters(chart.getStyler(), network.parameters());
        if (logarithmic) {
            LogScale.onY(chart.getStyler(), factors[0], factors[factors.length - 1]);
        }
        return new Figure(
                "factors-" + FileNames.slug(model) + "-" + convention,
                "Factors of " + model + ", convention " + convention,
                caption(network, strategies),
                chart);
    }

    private static void add(
            XYChart chart,
            NetworkStructure network,
            String name,
            ScalingStrategy strategy,
            Color color) {
        List<Double> weightPlaces = new ArrayList<>();
        List<Double> weightFactors = new ArrayList<>();
        List<Double> otherPlaces = new ArrayList<>();
        List<Double> otherFactors = new ArrayList<>();
        double place = 0;
        for (ParameterStructure parameter : network.parameters()) {
            place++;
            double factor = strategy.factor(parameter, network);
            (parameter.isWeight() ? weightPlaces : otherPlaces).add(place);
            (parameter.isWeight() ? weightFactors : otherFactors).add(factor);
        }
        if (!weightPlaces.isEmpty()) {
            Charts.line(
                            chart.addSeries(name + ", weights", weightPlaces, weightFactors),
                            color,
                            LINE_WIDTH)
                    .setMarker(SeriesMarkers.CIRCLE);
        }
        if (!otherPlaces.isEmpty()) {
            Charts.line(
                            chart.addSeries(name + ", 1-D", otherPlaces, otherFactors),
                            color,
                            LINE_WIDTH)
                    .setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter)
                    .setMarker(SeriesMarkers.CROSS);
        }
    }

    private static void labelParameters(XYStyler styler, List<ParameterStructure> parameters) {
        styler.setXAxisMin(HALF_A_PLACE).setXAxisMax(parameters.size() + HALF_A_PLACE);
        boolean named =
                parameters.size() <= MOST_NAMES
                        && parameters.stream().allMatch(p -> p.path().length() <= LONGEST_NAME);
        if (named) {
            styler.setXAxisLabelRotation(NAME_ROTATION)
                    .setXAxisTickLabelsFormattingFunction(
                            new PlaceLabels(
                                    parameters.stream().map(ParameterStructure::path).toList(), 1))
                    .setXAxisTickMarkSpacingHint(PLOT_WIDTH / parameters.size());
        } else {
            styler.setXAxisTickMarkSpacingHint(NUMBERED_TICK_DISTANCE);
        }
    }

    private static String caption(
            NetworkStructure network, Map<String, ScalingStrategy> strategies) {
        return "What each strategy multiplies the learning rate by; "
                + strategies.values().stream()
                        .map(ScalingStrategy::toString)
                        .collect(Collectors.joining(", "))
                + "; "
                + network.parameters().size()
                + " trainable tensors, "
                + network.size()
                + " values; connections from "
                + network.minConnections()
                + " to "
                + network.maxConnections()
                + ", total depth "
                + network.totalDepth()
                + ".";
    }
}
