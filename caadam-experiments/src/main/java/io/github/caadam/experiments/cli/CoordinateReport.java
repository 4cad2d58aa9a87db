// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.figure.CoordinateFigure;
import io.github.caadam.experiments.results.CsvFile;
import io.github.caadam.experiments.training.CoordinateCheck;
import io.github.caadam.experiments.training.CoordinateCheck.Changes;
import io.github.caadam.experiments.training.CoordinateCheck.Growth;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/** Coordinate checks of some optimizers as text, CSV and figures. */
final class CoordinateReport {

    private final CoordinateCheck check;
    private final Map<Growth, Map<String, List<Changes>>> changes = new EnumMap<>(Growth.class);

    CoordinateReport(Catalog catalog) {
        check = new CoordinateCheck(catalog);
        for (Growth growth : Growth.values()) {
            changes.put(growth, new LinkedHashMap<>());
        }
    }

    /** The layers that a table and a figure have a line for. */
    private enum Part {
        FIRST("first", Changes::first),
        MIDDLE("middle", Changes::middle),
        LAST("last", Changes::last);

        private final String word;

        @SuppressWarnings("ImmutableEnumChecker") // The methods keep nothing.
        private final ToDoubleFunction<Changes> change;

        Part(String word, ToDoubleFunction<Changes> change) {
            this.word = word;
            this.change = change;
        }
    }

    /** Makes the checks of an optimizer, which is called by a name. */
    void add(String name, Component optimizer) throws IOException {
        for (Growth growth : Growth.values()) {
            List<Changes> found = new ArrayList<>();
            for (int size : growth.sizes()) {
                found.add(check.of(optimizer, growth, size));
            }
            changes.get(growth).put(name, found);
        }
    }

    /** Returns a table for each direction of growth. */
    String text() {
        StringBuilder text = new StringBuilder();
        changes.forEach(
                (growth, optimizers) -> {
                    text.append(text.isEmpty() ? "" : "\n").append(title(growth)).append('\n');
                    int width =
                            optimizers.keySet().stream().mapToInt(String::length).max().orElse(0);
                    text.append(String.format("%-" + width + "s  layer ", ""));
                    growth.sizes().forEach(size -> text.append(String.format(" %9d", size)));
                    text.append("   slope\n");
                    optimizers.forEach(
                            (name, found) -> {
                                for (Part part : Part.values()) {
                                    List<Double> values = values(found, part);
                                    text.append(
                                            String.format(
                                                    "%-" + width + "s  %-6s", name, part.word));
                                    values.forEach(
                                            value ->
                                                    text.append(
                                                            String.format(
                                                                    Locale.ROOT, " %9.3g", value)));
                                    text.append(
                                            String.format(
                                                    Locale.ROOT,
                                                    " %7.2f%n",
                                                    slope(growth.sizes(), values)));
                                }
                            });
                });
        return text.toString();
    }

    /** Returns a line for each layer of each network. */
    String csv() {
        List<List<?>> rows = new ArrayList<>();
        changes.forEach(
                (growth, optimizers) ->
                        optimizers.forEach(
                                (name, found) -> {
                                    for (int i = 0; i < found.size(); i++) {
                                        List<Double> layers = found.get(i).layers();
                                        for (int layer = 0; layer < layers.size(); layer++) {
                                            rows.add(
                                                    List.of(
                                                            name,
                                                            word(growth),
                                                            growth.sizes().get(i),
                                                            layer + 1,
                                                            layers.get(layer)));
                                        }
                                    }
                                }));
        return CsvFile.text(List.of("optimizer", "growth", "size", "layer", "change"), rows);
    }

    /** Writes a figure for each direction and part of the network. */
    List<Path> draw(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Growth growth : Growth.values()) {
            for (Part part : Part.values()) {
                Map<String, List<Double>> lines = new LinkedHashMap<>();
                changes.get(growth).forEach((name, found) -> lines.put(name, values(found, part)));
                files.addAll(
                        CoordinateFigure.write(
                                "coordinates-" + word(growth) + "-" + part.word,
                                "Coordinate check by " + word(growth) + ", " + part.word + " layer",
                                title(growth) + ". A level line is a step that stays alike.",
                                growth == Growth.WIDTH ? "Units of a layer" : "Hidden layers",
                                growth.sizes(),
                                lines,
                                directory));
            }
        }
        return files;
    }

    private static List<Double> values(List<Changes> found, Part part) {
        return found.stream().map(one -> part.change.applyAsDouble(one)).toList();
    }

    private static String word(Growth growth) {
        return growth.name().toLowerCase(Locale.ROOT);
    }

    private static String title(Growth growth) {
        return String.format(
                "Change of layers' outputs in %d steps, root mean square, mean of %d seeds: %s",
                CoordinateCheck.STEPS,
                CoordinateCheck.SEEDS,
                growth == Growth.WIDTH
                        ? "MLPs of three hidden layers, by their units"
                        : "MLPs of 64 units a layer, by their hidden layers");
    }

    /** The power of the size that the changes grow with, by least squares of logarithms. */
    private static double slope(List<Integer> sizes, List<Double> values) {
        SimpleRegression line = new SimpleRegression();
        for (int i = 0; i < sizes.size(); i++) {
            line.addData(Math.log(sizes.get(i)), Math.log(values.get(i)));
        }
        return line.getSlope();
    }
}
