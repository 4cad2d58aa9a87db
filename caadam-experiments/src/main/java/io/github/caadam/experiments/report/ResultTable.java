// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report;

import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.report.Columns.Heading;
import io.github.caadam.experiments.statistics.EffectSize;
import io.github.caadam.experiments.statistics.Interval;
import io.github.caadam.experiments.statistics.Sample;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * A table as it is printed, and the same numbers in full for machines.
 *
 * @param name the file name without extension
 * @param caption the caption
 * @param headings the printed columns
 * @param rows the printed cells
 * @param csvHeader the columns for machines
 * @param csvRows their cells
 */
record ResultTable(
        String name,
        String caption,
        List<Heading> headings,
        List<Row> rows,
        List<String> csvHeader,
        List<List<Object>> csvRows) {

    /** What is printed where there is no number. */
    static final String NO_VALUE = "–";

    private static final int EFFECT_DIGITS = 2;

    /**
     * A printed row.
     *
     * @param cells its cells
     * @param best whether it is set off, as the best of its problem
     */
    record Row(List<String> cells, boolean best) {

        Row {
            cells = List.copyOf(cells);
        }
    }

    /**
     * Makes a table.
     *
     * @param name the file name without extension
     * @param caption the caption
     * @param about what the rows are about
     * @param best which rows are set off
     * @param printed the printed columns
     * @param full the columns for machines
     * @param <T> what a row is about
     */
    static <T> ResultTable of(
            String name,
            String caption,
            List<T> about,
            Predicate<T> best,
            Columns<T> printed,
            Columns<T> full) {
        return new ResultTable(
                name,
                caption,
                printed.headings(),
                about.stream()
                        .map(
                                one ->
                                        new Row(
                                                printed.row(one).stream()
                                                        .map(String::valueOf)
                                                        .toList(),
                                                best.test(one)))
                        .toList(),
                full.headings().stream().map(Heading::full).toList(),
                about.stream().map(full::row).toList());
    }

    static String decimals(double value, int digits) {
        return Double.isFinite(value)
                ? String.format(Locale.ROOT, "%." + digits + "f", value)
                : NO_VALUE;
    }

    static String valueAndInterval(double value, Interval interval, int digits) {
        String ends =
                Double.isNaN(interval.low())
                        ? NO_VALUE
                        : decimals(interval.low(), digits)
                                + ", "
                                + decimals(interval.high(), digits);
        return decimals(value, digits) + " [" + ends + "]";
    }

    static String meanAndDeviation(Sample sample, int digits) {
        return decimals(sample.mean(), digits)
                + " ± "
                + decimals(sample.standardDeviation(), digits);
    }

    static String effect(EffectSize effect) {
        return valueAndInterval(
                effect.g(), new Interval(effect.low(), effect.high()), EFFECT_DIGITS);
    }

    /** Returns the caption of a table of a group of runs. */
    static String caption(String title, String sentence, RunGroup group, String leftOut) {
        String description = group.describe() + (leftOut.isEmpty() ? "" : "; " + leftOut);
        return title + ": " + sentence + " (" + description + ").";
    }

    static String pValue(double p) {
        return Double.isNaN(p) ? NO_VALUE : String.format(Locale.ROOT, "%.2e", p);
    }
}
