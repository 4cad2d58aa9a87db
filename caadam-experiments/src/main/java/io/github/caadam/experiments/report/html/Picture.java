// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import io.github.caadam.experiments.analysis.Inference;
import io.github.caadam.experiments.analysis.Verdict;
import java.util.ArrayList;
import java.util.List;

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

    /**
     * Paints what is shown together.
     *
     * @param index what the page calls problems
     * @param inferences by one metric; several are shown as one map
     * @param id what the ids of its parts start with
     * @param several whether the page has more than one picture
     * @return the picture
     */
    static Picture of(PageIndex index, List<Inference> inferences, String id, boolean several) {
        List<PicturePainter> painters =
                inferences.stream().map(one -> new PicturePainter(index, one)).toList();
        PicturePainter first = painters.get(0);
        boolean few = painters.size() == 1 && first.isForest();
        List<Said> sentences = painters.stream().flatMap(one -> one.sentences().stream()).toList();
        return new Picture(
                id,
                first.title(painters.size() > 1),
                first.caption(few, painters.size() > 1),
                several,
                few ? first.panels() : List.of(),
                few ? List.of() : List.of(PicturePainter.map(painters)),
                tally(inferences),
                painters.stream().flatMap(one -> one.pooledSentences().stream()).toList(),
                sentences,
                sentences.size() > MOST_SENTENCES);
    }

    private static List<Tally> tally(List<Inference> inferences) {
        List<Tally> tally = new ArrayList<>();
        for (Verdict verdict : Verdict.values()) {
            int count =
                    (int)
                            inferences.stream()
                                    .flatMap(one -> one.problems().stream())
                                    .flatMap(family -> family.contrasts().stream())
                                    .filter(one -> one.verdict() == verdict)
                                    .count();
            if (count > 0) {
                tally.add(new Tally(Mark.of(verdict), count));
            }
        }
        return tally;
    }
}
