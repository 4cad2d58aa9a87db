// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Contrast;
import io.github.caadam.experiments.analysis.Family;
import io.github.caadam.experiments.analysis.Inference;
import io.github.caadam.experiments.analysis.Measure;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.analysis.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the page opens with: the gain of each configuration over the baseline on each problem, with
 * its interval and its verdict. Few are drawn as a forest, a line each; many as a map of problems
 * and configurations. It is a table, so that it needs no script, and is read aloud as one.
 *
 * @param id what the ids of its parts start with
 * @param title what it shows
 * @param caption how it is read
 * @param several whether the page has more than one picture
 * @param forest the panels of a forest; none where it is a map
 * @param map the map; one at most
 * @param tally how many contrasts have which verdict
 * @param pooled sentences over all problems
 * @param sentences sentences of each problem
 * @param many whether they are so many that they are folded away
 */
record Picture(
        String id,
        String title,
        String caption,
        boolean several,
        List<Panel> forest,
        List<HeatMap> map,
        List<Tally> tally,
        List<Said> pooled,
        List<Said> sentences,
        boolean many) {

    /** More contrasts than these are drawn as a map. */
    static final int MOST_LINES = 18;

    /** More sentences than these are folded away. */
    private static final int MOST_SENTENCES = 12;

    /**
     * A part of a forest: a problem, or all of them.
     *
     * @param heading which
     * @param bars the configurations
     * @param ticks the axis
     */
    record Panel(String heading, List<Bar> bars, List<Scale.Tick> ticks) {}

    /**
     * A gain.
     *
     * @param name the configuration
     * @param swatch the class with its colour
     * @param mark the verdict
     * @param known whether there is a gain to be drawn
     * @param gain the gain in words
     * @param interval its interval in words
     * @param counts finished runs of both sides
     * @param at where the gain is, in percent of the axis
     * @param from where the interval starts
     * @param to where it ends
     * @param cutLow whether it starts beyond the axis
     * @param cutHigh whether it ends beyond it
     * @param zero where no gain is
     * @param margins the band of the margin, if there is one
     * @param strength how large the gain is, from 1 to 3
     */
    record Bar(
            String name,
            String swatch,
            Mark mark,
            boolean known,
            String gain,
            String interval,
            String counts,
            String at,
            String from,
            String to,
            boolean cutLow,
            boolean cutHigh,
            String zero,
            List<Band> margins,
            int strength) {}

    /**
     * The gains that are within the margin.
     *
     * @param from where they start, in percent of the axis
     * @param width how much of it they are
     */
    record Band(String from, String width) {}

    /**
     * Many gains.
     *
     * @param corner what the rows are
     * @param columns the columns
     * @param rows the rows
     */
    record HeatMap(String corner, List<Head> columns, List<Line> rows) {}

    /**
     * The head of a column or row.
     *
     * @param label what it is
     * @param swatch the class with its colour; empty for none
     */
    record Head(String label, String swatch) {

        boolean swatched() {
            return !swatch.isEmpty();
        }
    }

    /**
     * A row of a map.
     *
     * @param head what it is
     * @param all whether it is over all problems
     * @param cells its cells
     */
    record Line(Head head, boolean all, List<Cell> cells) {}

    /**
     * A cell of a map.
     *
     * @param bar the gain; none where there is none
     */
    record Cell(List<Bar> bar) {

        boolean blank() {
            return bar.isEmpty();
        }
    }

    /**
     * How often a verdict was come to.
     *
     * @param mark the verdict
     * @param count of how many contrasts
     */
    record Tally(Mark mark, int count) {}

    /**
     * A sentence about a contrast.
     *
     * @param mark its verdict
     * @param text the sentence
     */
    record Said(Mark mark, String text) {}

    static Picture of(PageIndex index, Inference inference, String id, boolean several) {
        return new Painter(index, inference).picture(id, several);
    }

    private record Painter(
            PageIndex index, Inference inference, RunGroup group, Measure measure, Scale scale) {

        Painter(PageIndex index, Inference inference) {
            this(
                    index,
                    inference,
                    inference.group(),
                    inference.group().measure(),
                    Scale.of(inference));
        }

        Picture picture(String id, boolean several) {
            int lines = inference.families().stream().mapToInt(one -> one.contrasts().size()).sum();
            boolean few = lines <= MOST_LINES;
            Sentences words = new Sentences(index, inference, scale.digits());
            List<Said> pooled =
                    inference.pooled().map(Family::contrasts).orElse(List.of()).stream()
                            .map(words::say)
                            .toList();
            List<Said> sentences =
                    inference.problems().stream()
                            .flatMap(family -> family.contrasts().stream())
                            .map(words::say)
                            .toList();
            return new Picture(
                    id,
                    title(),
                    caption(few),
                    several,
                    few ? inference.families().stream().map(this::panel).toList() : List.of(),
                    few ? List.of() : List.of(map()),
                    tally(),
                    pooled,
                    sentences,
                    sentences.size() > MOST_SENTENCES);
        }

        private String title() {
            String on =
                    index.isOneGroup() && group.datasets().size() > 1
                            ? ""
                            : " on " + String.join(", ", group.datasets());
            return measure.title() + " beside " + group.baseline().label() + on + draws();
        }

        private String draws() {
            boolean protocols = index.haveSeveralProtocols() && !group.protocol().isEmpty();
            return (protocols && !inference.isOverDraws() ? " (" + group.protocol() + ")" : "")
                    + (inference.isOverDraws() ? ", " + inference.weights() : "");
        }

        private String caption(boolean few) {
            String unit = measure.unit().isEmpty() ? "" : " in " + measure.unit();
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
                    + (few
                            ? "; n: finished runs of both"
                            : "; the stronger its colour, the larger a gain")
                    + (inference.weights().isEmpty() || inference.isOverDraws()
                            ? ""
                            : "; " + inference.weights())
                    + ".";
        }

        private List<Tally> tally() {
            List<Tally> tally = new ArrayList<>();
            for (Verdict verdict : Verdict.values()) {
                int count =
                        (int)
                                inference.problems().stream()
                                        .flatMap(family -> family.contrasts().stream())
                                        .filter(one -> one.verdict() == verdict)
                                        .count();
                if (count > 0) {
                    tally.add(new Tally(Mark.of(verdict), count));
                }
            }
            return tally;
        }

        private Panel panel(Family family) {
            return new Panel(
                    heading(family),
                    family.contrasts().stream().map(this::bar).toList(),
                    scale.ticks());
        }

        private String heading(Family family) {
            return family.problem()
                    .map(problem -> index.label(group, problem))
                    .orElse(
                            inference.problems().size() == 2
                                    ? "Both problems"
                                    : "All " + inference.problems().size() + " problems");
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
                            .map(
                                    margin ->
                                            new Band(
                                                    scale.at(-margin),
                                                    scale.width(-margin, margin)))
                            .stream()
                            .toList(),
                    scale.strength(gain));
        }

        private HeatMap map() {
            List<Family> families = new ArrayList<>(inference.pooled().stream().toList());
            families.addAll(inference.problems());
            Set<Configuration> compared = new TreeSet<>(group.form().order());
            families.stream()
                    .flatMap(family -> family.contrasts().stream())
                    .map(Contrast::configuration)
                    .forEach(compared::add);
            List<Line> rows = new ArrayList<>();
            // The longer side goes down, as pages do.
            if (compared.size() > families.size()) {
                for (Configuration configuration : compared) {
                    rows.add(
                            new Line(
                                    head(configuration),
                                    false,
                                    families.stream()
                                            .map(family -> cell(family, configuration))
                                            .toList()));
                }
                List<Head> heads =
                        families.stream().map(family -> new Head(heading(family), "")).toList();
                return new HeatMap("Optimizer", heads, rows);
            }
            for (Family family : families) {
                rows.add(
                        new Line(
                                new Head(heading(family), ""),
                                family.problem().isEmpty(),
                                compared.stream()
                                        .map(configuration -> cell(family, configuration))
                                        .toList()));
            }
            return new HeatMap("Problem", compared.stream().map(this::head).toList(), rows);
        }

        private Head head(Configuration configuration) {
            return new Head(configuration.label(), index.css(configuration));
        }

        private Cell cell(Family family, Configuration configuration) {
            Optional<Contrast> contrast =
                    family.contrasts().stream()
                            .filter(one -> one.configuration().equals(configuration))
                            .findFirst();
            return new Cell(contrast.map(this::bar).stream().toList());
        }
    }
}
