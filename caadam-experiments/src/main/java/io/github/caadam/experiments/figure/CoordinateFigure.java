// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import io.github.caadam.experiments.analysis.Palette;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** How much layers' outputs change in the first steps, against the size of the network. */
public final class CoordinateFigure {

    private static final float LINE_WIDTH = 1.6f;

    private CoordinateFigure() {}

    /**
     * Writes the figure as PNG and SVG.
     *
     * @param name the name of the files, without suffix
     * @param title the title
     * @param caption the caption
     * @param sizeTitle what networks grow in
     * @param sizes how large they are
     * @param changes for each line its name, and the change at each size; what is not finite is
     *     left out
     * @param directory where to; created if missing
     * @return the files; none if no line has two finite changes above 0
     * @throws IOException if one cannot be written
     */
    public static List<Path> write(
            String name,
            String title,
            String caption,
            String sizeTitle,
            List<Integer> sizes,
            Map<String, List<Double>> changes,
            Path directory)
            throws IOException {
        XYChart chart =
                Charts.newChart(
                        Charts.HEIGHT,
                        sizeTitle + " (log scale)",
                        "Change of the output (log scale)");
        List<String> lines = List.copyOf(changes.keySet());
        List<String> colors = Palette.muted();
        List<Double> shown = new ArrayList<>();
        for (int line = 0; line < lines.size(); line++) {
            List<Double> values = changes.get(lines.get(line));
            List<Integer> finite =
                    IntStream.range(0, sizes.size())
                            .filter(i -> Double.isFinite(values.get(i)) && values.get(i) > 0)
                            .boxed()
                            .toList();
            if (finite.size() < 2) {
                continue;
            }
            finite.forEach(i -> shown.add(values.get(i)));
            Charts.line(
                            chart.addSeries(
                                    lines.get(line),
                                    finite.stream().map(sizes::get).toList(),
                                    finite.stream().map(values::get).toList()),
                            Color.decode(colors.get(line % colors.size())),
                            LINE_WIDTH)
                    .setMarker(SeriesMarkers.CIRCLE);
        }
        if (shown.isEmpty()) {
            return List.of();
        }
        LogScale.onX(chart.getStyler(), sizes.get(0), sizes.get(sizes.size() - 1));
        LogScale.onY(chart.getStyler(), least(shown), largest(shown));
        Files.createDirectories(directory);
        return new Figure(name, title, caption, chart).write(directory);
    }

    private static double least(List<Double> values) {
        return values(values).min().orElseThrow();
    }

    private static double largest(List<Double> values) {
        return values(values).max().orElseThrow();
    }

    private static DoubleStream values(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue);
    }
}
