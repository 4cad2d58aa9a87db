// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.FileNames;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.analysis.Sensitivity;
import io.github.caadam.experiments.results.StudyRuns;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes the figures of finished runs, each as PNG and SVG: {@code loss-PROBLEM}, the training loss
 * by epoch, with what it shows in {@code loss-curves.csv}; {@code effects-GROUP}, the effect sizes
 * against Adam, and {@code effects-fair-GROUP}, those against Adam at a fair learning rate, where
 * there are such runs; {@code learning-rate-PROBLEM}, where an optimizer was run at several
 * learning rates; {@code sensitivity-PROBLEM}, where runs drew their factors.
 */
public final class Figures {

    private final FigureInput input;
    private final Map<Configuration, Color> colors;

    private Figures(FigureInput input) {
        this.input = input;
        colors =
                Charts.colors(
                        input.study().rows().stream()
                                .map(row -> new Configuration(row.optimizer(), row.strategy()))
                                .flatMap(one -> Stream.of(one, one.withoutLearningRate()))
                                .distinct()
                                .toList());
    }

    /**
     * Writes all figures that the runs allow.
     *
     * @param input the runs
     * @param directory where to; created if missing
     * @return what was written
     * @throws IOException if a file cannot be written
     */
    public static Written write(FigureInput input, Path directory) throws IOException {
        Figures figures = new Figures(input);
        List<LossCurve> curves = LossFigure.select(input.curves());
        List<String> notes = new ArrayList<>(input.missing());
        List<Figure> all = new ArrayList<>(figures.losses(curves));
        all.addAll(figures.effects(notes));
        all.addAll(figures.learningRates());
        all.addAll(sensitivities(input.study()));
        Files.createDirectories(directory);
        FileNames names = new FileNames();
        List<Path> files = new ArrayList<>();
        for (Figure figure : all) {
            files.addAll(figure.named(names.unique(figure.name())).write(directory));
        }
        if (!curves.isEmpty()) {
            Path csv = directory.resolve(LossCurvesCsv.NAME);
            LossCurvesCsv.write(csv, curves);
            files.add(csv);
        }
        return new Written(files, notes);
    }

    private List<Figure> losses(List<LossCurve> curves) {
        return curves.stream()
                .map(LossCurve::problem)
                .distinct()
                .map(problem -> LossFigure.of(problem, curves, runsOn(problem), colors))
                .toList();
    }

    private RunGroup runsOn(Problem problem) {
        return RunGroup.of(
                        Stream.of(input.study().rows(), input.study().lost())
                                .flatMap(List::stream)
                                .filter(row -> row.dataset().equals(problem.dataset()))
                                .filter(row -> row.architecture().equals(problem.architecture()))
                                .toList())
                .get(0);
    }

    private List<Figure> effects(List<String> notes) {
        List<Figure> figures = new ArrayList<>();
        for (RunGroup group : RunGroup.of(input.study())) {
            Optional<Figure> overAdam = effects(group, EffectFigure.Baseline.DEFAULT_ADAM);
            overAdam.ifPresent(figures::add);
            effects(group, EffectFigure.Baseline.FAIR_ADAM).ifPresent(figures::add);
            if (overAdam.isEmpty()) {
                notes.add(
                        "No effect sizes for "
                                + group.name()
                                + ": that takes two runs of Adam and of another optimizer.");
            }
        }
        return figures;
    }

    private Optional<Figure> effects(RunGroup group, EffectFigure.Baseline baseline) {
        return new EffectFigure(group, baseline).draw(colors);
    }

    private List<Figure> learningRates() {
        List<Figure> figures = new ArrayList<>();
        for (RunGroup group : RunGroup.of(input.study())) {
            for (Problem problem : group.problems()) {
                new LearningRateFigure(group, problem)
                        .draw(runsOn(problem).describe(), colors)
                        .ifPresent(figures::add);
            }
        }
        return figures;
    }

    /** Returns the figures of runs that drew their factors. */
    static List<Figure> sensitivities(StudyRuns study) {
        List<Figure> figures = new ArrayList<>();
        for (RunGroup group : RunGroup.of(study)) {
            for (Sensitivity one : Sensitivity.of(group)) {
                figures.add(SensitivityFigure.of(group, one));
            }
        }
        return figures;
    }

    /**
     * What was written.
     *
     * @param files the images, and the losses that they show; none if the runs allow no figure
     * @param notes which figures could not be made and why, in sentences
     */
    public record Written(List<Path> files, List<String> notes) {

        /** Copies the lists. */
        public Written {
            files = List.copyOf(files);
            notes = List.copyOf(notes);
        }
    }
}
