// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Contrast;
import io.github.caadam.experiments.analysis.Family;
import io.github.caadam.experiments.analysis.Inference;
import io.github.caadam.experiments.analysis.Measure;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.report.html.Picture.Band;
import io.github.caadam.experiments.report.html.Picture.Bar;
import io.github.caadam.experiments.report.html.Picture.Cell;
import io.github.caadam.experiments.report.html.Picture.Head;
import io.github.caadam.experiments.report.html.Picture.HeatMap;
import io.github.caadam.experiments.report.html.Picture.Line;
import io.github.caadam.experiments.report.html.Picture.Panel;
import io.github.caadam.experiments.report.html.Picture.Said;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Paints the parts of a {@link Picture} that are of one inference, on its own scale. */
final class PicturePainter {

    /** More contrasts than these are drawn as a map. */
    static final int MOST_LINES = 18;

    /** The same on a single problem, of which a map would be one column. */
    private static final int MOST_LINES_OF_ONE = 40;

    private final PageIndex index;
    private final Inference inference;
    private final RunGroup group;
    private final Measure measure;
    private final Scale scale;
    private final Sentences words;

    PicturePainter(PageIndex index, Inference inference) {
        this.index = index;
        this.inference = inference;
        group = inference.group();
        measure = group.measure();
        scale = Scale.of(inference);
        words = new Sentences(index, inference, scale.digits());
    }

    /** How many contrasts an inference has. */
    static int lines(Inference inference) {
        return inference.families().stream().mapToInt(one -> one.contrasts().size()).sum();
    }

    boolean isForest() {
        int most = inference.families().size() == 1 ? MOST_LINES_OF_ONE : MOST_LINES;
        return lines(inference) <= most;
    }

    List<Said> pooledSentences() {
        return inference.pooled().map(Family::contrasts).orElse(List.of()).stream()
                .map(words::say)
                .toList();
    }

    List<Said> sentences() {
        return inference.problems().stream()
                .flatMap(family -> family.contrasts().stream())
                .map(words::say)
                .toList();
    }

    /** The metric, the baseline, and on what, unless it is one picture of all. */
    String title(boolean ofAll) {
        String metric = measure.title();
        String title =
                metric.substring(0, 1).toUpperCase(Locale.ROOT)
                        + metric.substring(1)
                        + " beside "
                        + group.baseline().label();
        if (ofAll || (index.isOneGroup() && group.datasets().size() > 1)) {
            return title;
        }
        boolean protocols = index.haveSeveralProtocols() && !group.protocol().isEmpty();
        return title
                + " on "
                + String.join(", ", group.datasets())
                + (protocols && !inference.isOverDraws() ? " (" + group.protocol() + ")" : "")
                + (inference.isOverDraws() ? ", " + inference.weights() : "");
    }

    String caption(boolean forest, boolean ofAll) {
        String unit = measure.unit().isEmpty() || ofAll ? "" : " in " + measure.unit();
        return "By how much the mean "
                + measure.title()
                + unit
                + " is "
                + (group.lowerIsBetter() ? "lower" : "higher")
                + " than that of "
                + group.baseline().label()
                + ", with the 95 % interval: right of the dashed line is better"
                + inference
                        .margin()
                        .map(
                                margin ->
                                        ", in the band the gain is within the margin of ±"
                                                + Numbers.shortest(margin))
                        .orElse("")
                + (forest
                        ? "; n: finished runs of both"
                        : "; the stronger its colour, the larger a gain"
                                + (ofAll ? " among those on the same data" : ""))
                + (inference.weights().isEmpty() || inference.isOverDraws()
                        ? ""
                        : "; " + inference.weights())
                + ".";
    }

    List<Panel> panels() {
        return inference.families().stream()
                .map(
                        family ->
                                new Panel(
                                        heading(family, false),
                                        family.contrasts().stream().map(this::bar).toList(),
                                        scale.ticks()))
                .toList();
    }

    private String heading(Family family, boolean amongOthers) {
        int problems = inference.problems().size();
        return family.problem()
                .map(problem -> index.label(group, problem))
                .orElseGet(
                        () ->
                                (problems == 2 ? "Both problems" : "All " + problems + " problems")
                                        + (amongOthers
                                                ? " of " + String.join(", ", group.datasets())
                                                : ""));
    }

    private Bar bar(Contrast one) {
        double low = one.gain().interval().low();
        double high = one.gain().interval().high();
        double gain = one.gain().gain();
        // Without a test there may be no interval.
        double from = Double.isNaN(low) ? gain : low;
        double to = Double.isNaN(high) ? gain : high;
        return new Bar(
                one.configuration().label(),
                index.css(one.configuration()),
                Mark.of(one.verdict()),
                Double.isFinite(gain),
                Numbers.signed(gain, scale.digits()),
                Numbers.interval(low, high, scale.digits()),
                one.counts().ofPlanned() + " vs " + one.baselineCounts().ofPlanned(),
                scale.at(gain),
                scale.at(from),
                scale.at(to),
                from < scale.low(),
                to > scale.high(),
                scale.at(0),
                inference
                        .margin()
                        .map(margin -> new Band(scale.at(-margin), scale.width(-margin, margin)))
                        .stream()
                        .toList(),
                scale.strength(gain));
    }

    /** A side of a map: a family of one of the inferences. */
    private record Column(PicturePainter painter, Family family, boolean amongOthers) {

        Head head() {
            return new Head(painter.heading(family, amongOthers), "");
        }

        Cell cell(Configuration configuration) {
            Optional<Contrast> contrast =
                    family.contrasts().stream()
                            .filter(one -> one.configuration().equals(configuration))
                            .findFirst();
            return new Cell(contrast.map(painter::bar).stream().toList());
        }
    }

    /** All problems and configurations of some inferences of a study. */
    static HeatMap map(List<PicturePainter> painters) {
        List<Column> problems = new ArrayList<>();
        Set<Configuration> compared = new TreeSet<>(painters.get(0).group.form().order());
        for (PicturePainter one : painters) {
            List<Family> families = new ArrayList<>(one.inference.pooled().stream().toList());
            families.addAll(one.inference.problems());
            for (Family family : families) {
                problems.add(new Column(one, family, painters.size() > 1));
                family.contrasts().forEach(contrast -> compared.add(contrast.configuration()));
            }
        }
        PageIndex index = painters.get(0).index;
        List<Head> configurations =
                compared.stream().map(one -> new Head(one.label(), index.css(one))).toList();
        List<Line> rows = new ArrayList<>();
        // The longer side goes down, as pages do.
        if (compared.size() > problems.size()) {
            int row = 0;
            for (Configuration one : compared) {
                rows.add(
                        new Line(
                                configurations.get(row++),
                                false,
                                problems.stream().map(problem -> problem.cell(one)).toList()));
            }
            return new HeatMap("Optimizer", problems.stream().map(Column::head).toList(), rows);
        }
        for (Column problem : problems) {
            rows.add(
                    new Line(
                            problem.head(),
                            problem.family().problem().isEmpty(),
                            compared.stream().map(problem::cell).toList()));
        }
        return new HeatMap("Problem", configurations, rows);
    }
}
