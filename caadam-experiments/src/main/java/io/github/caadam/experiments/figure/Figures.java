// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.FileNames;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.analysis.ReportForm;
import io.github.caadam.experiments.analysis.RunGroup;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Makes the figures of finished runs, each as PNG and SVG, and what it shows as CSV: {@code
 * loss-PROBLEM}, the training loss by epoch, with what it shows in {@code loss-curves.csv}; {@code
 * effects-GROUP}, the effect sizes against the baseline; {@code learning-rate-PROBLEM}, where an
 * optimizer was run at several learning rates; and what plug-ins add ({@link FurtherFigures}).
 */
public final class Figures {

    private final List<RunGroup> groups;
    private final ReportForm form;
    private final Map<Configuration, Color> colors;

    private Figures(FigureInput input) {
        groups = RunGroup.of(input.study());
        form = ReportForm.of(input.study());
        colors = Charts.colors(form);
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
        List<LossCurve> curves = LossFigure.select(input.curves(), figures.form);
        List<String> notes = new ArrayList<>(input.missing());
        List<Figure> all = new ArrayList<>(figures.losses(curves));
        all.addAll(figures.effects(notes));
        all.addAll(figures.learningRates());
        all.addAll(figures.further());
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
        return groups.stream()
                .filter(group -> group.problems().contains(problem))
                .findFirst()
                .orElseThrow()
                .only(problem);
    }

    private List<Figure> effects(List<String> notes) {
        List<Figure> figures = new ArrayList<>();
        for (RunGroup group : groups) {
            Optional<Figure> effects = EffectFigure.of(group).draw();
            effects.ifPresent(figures::add);
            if (effects.isEmpty()) {
                notes.add(
                        "No effect sizes for "
                                + group.name()
                                + ": that takes two runs of "
                                + group.baseline().label()
                                + " and of another optimizer.");
            }
        }
        return figures;
    }

    private List<Figure> learningRates() {
        List<Figure> figures = new ArrayList<>();
        for (RunGroup group : groups) {
            for (Problem problem : group.problems()) {
                new LearningRateFigure(group, problem)
                        .draw(runsOn(problem).describe(), colors)
                        .ifPresent(figures::add);
            }
        }
        return figures;
    }

    private List<Figure> further() {
        List<Figure> figures = new ArrayList<>();
        for (RunGroup group : groups) {
            ServiceLoader.load(FurtherFigures.class).forEach(one -> figures.addAll(one.of(group)));
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
