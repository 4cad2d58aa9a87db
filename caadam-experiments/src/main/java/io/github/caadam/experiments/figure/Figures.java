package io.github.caadam.experiments.figure;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.results.RunRow;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes the figures of finished runs, each as PNG and SVG: {@code loss-PROBLEM}, the training loss
 * by epoch, with what it shows in {@code loss-curves.csv}; {@code learning-rate-PROBLEM}, where an
 * optimizer was run at several learning rates.
 */
public final class Figures {

    private final FigureInput input;
    private final Map<Configuration, Color> colors;

    private Figures(FigureInput input) {
        this.input = input;
        colors =
                Charts.colors(
                        input.rows().stream()
                                .map(row -> new Configuration(row.optimizer(), row.strategy()))
                                .distinct()
                                .toList());
    }

    /**
     * Writes all figures that the runs allow.
     *
     * @param input the runs
     * @param directory where to; created if missing
     * @return the files, images first; none if the runs allow no figure
     * @throws IOException if one cannot be written
     */
    public static List<Path> write(FigureInput input, Path directory) throws IOException {
        Figures figures = new Figures(input);
        List<LossCurve> curves = LossFigure.select(input.curves());
        List<Figure> all = new ArrayList<>();
        all.addAll(figures.losses(curves));
        all.addAll(figures.learningRates());
        Files.createDirectories(directory);
        List<Path> files = new ArrayList<>();
        for (Figure figure : all) {
            files.addAll(figure.write(directory));
        }
        if (!curves.isEmpty()) {
            Path csv = directory.resolve(LossCurvesCsv.NAME);
            LossCurvesCsv.write(csv, curves);
            files.add(csv);
        }
        return files;
    }

    private List<Figure> losses(List<LossCurve> curves) {
        return curves.stream()
                .map(LossCurve::problem)
                .distinct()
                .map(
                        problem ->
                                LossFigure.of(
                                        problem, curves, runs(problem), diverged(problem), colors))
                .toList();
    }

    /** The runs on a problem that loss curves are of. */
    private RunGroup runs(Problem problem) {
        List<RunRow> rows =
                input.learningRates().withoutSweeps(input.rows()).stream()
                        .filter(row -> row.dataset().equals(problem.dataset()))
                        .filter(row -> row.architecture().equals(problem.architecture()))
                        .toList();
        return RunGroup.of(rows).get(0);
    }

    private int diverged(Problem problem) {
        return input.diverged().getOrDefault(problem, 0);
    }

    private List<Figure> learningRates() {
        List<Figure> figures = new ArrayList<>();
        for (RunGroup group : RunGroup.of(input.rows())) {
            for (Problem problem : group.problems()) {
                new LearningRateFigure(group, problem, input.learningRates())
                        .draw(diverged(problem), colors)
                        .ifPresent(figures::add);
            }
        }
        return figures;
    }
}
