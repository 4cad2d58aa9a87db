// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report;

import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.report.Columns.Heading;
import io.github.caadam.experiments.statistics.EffectSize;
import io.github.caadam.experiments.statistics.Interval;
import io.github.caadam.experiments.statistics.Sample;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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
public record ResultTable(
        String name,
        String caption,
        List<Heading> headings,
        List<Row> rows,
        List<String> csvHeader,
        List<List<Object>> csvRows) {

    /** What is printed where there is no number. */
    public static final String NO_VALUE = "–";

    private static final int EFFECT_DIGITS = 2;
    private static final int LETTERS = 26;

    /**
     * A printed row.
     *
     * @param cells its cells
     * @param best whether it is set off, as the best of its problem
     */
    public record Row(List<String> cells, boolean best) {

        /** Copies the cells. */
        public Row {
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
     * @param notes what is to be known of a row, in words; printed below a letter in its last
     *     column, which is left out where no row has a note
     * @param printed the printed columns
     * @param full the columns for machines
     * @param <T> what a row is about
     * @return the table
     */
    public static <T> ResultTable of(
            String name,
            String caption,
            List<T> about,
            Predicate<T> best,
            Function<T, List<String>> notes,
            Columns<T> printed,
            Columns<T> full) {
        List<String> all = about.stream().map(notes).flatMap(List::stream).distinct().toList();
        if (!all.isEmpty()) {
            printed.text(
                    "Note",
                    one ->
                            notes.apply(one).stream()
                                    .map(note -> letter(all.indexOf(note)))
                                    .collect(Collectors.joining(" ")));
        }
        full.text("note", one -> String.join("; ", notes.apply(one)));
        return new ResultTable(
                name,
                caption + legend(all),
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

    private static String legend(List<String> notes) {
        return notes.isEmpty()
                ? ""
                : IntStream.range(0, notes.size())
                        .mapToObj(i -> letter(i) + ": " + notes.get(i))
                        .collect(Collectors.joining("; ", " Notes: ", "."));
    }

    /** Returns a to z, and numbers behind them. */
    private static String letter(int index) {
        return index < LETTERS ? String.valueOf((char) ('a' + index)) : "" + (index - LETTERS + 1);
    }

    /**
     * Prints a number.
     *
     * @param value the number
     * @param digits how many decimals
     * @return the number, or {@link #NO_VALUE} if it is not finite
     */
    public static String decimals(double value, int digits) {
        return !Double.isFinite(value)
                ? NO_VALUE
                : String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    /**
     * Prints a number with an interval.
     *
     * @param value the number
     * @param interval the interval
     * @param digits how many decimals
     * @return such as {@code 0.12 [0.10, 0.14]}
     */
    public static String valueAndInterval(double value, Interval interval, int digits) {
        String ends =
                Double.isNaN(interval.low())
                        ? NO_VALUE
                        : decimals(interval.low(), digits)
                                + ", "
                                + decimals(interval.high(), digits);
        return decimals(value, digits) + " [" + ends + "]";
    }

    /**
     * Prints what is known of a sample.
     *
     * @param sample the sample
     * @param digits how many decimals
     * @return such as {@code 0.12 ± 0.01}
     */
    public static String meanAndDeviation(Sample sample, int digits) {
        return decimals(sample.mean(), digits)
                + " ± "
                + decimals(sample.standardDeviation(), digits);
    }

    /**
     * Prints an effect size with its interval.
     *
     * @param effect the effect size
     * @return such as {@code 0.50 [0.10, 0.90]}
     */
    public static String effect(EffectSize effect) {
        return valueAndInterval(
                effect.g(), new Interval(effect.low(), effect.high()), EFFECT_DIGITS);
    }

    /**
     * Returns the caption of a table of a group of runs.
     *
     * @param title the title
     * @param sentence what the table shows
     * @param group the runs
     * @return title, sentence and what the runs are
     */
    public static String caption(String title, String sentence, RunGroup group) {
        return title + ": " + sentence + " (" + group.describe() + ").";
    }

    /**
     * Prints a p-value.
     *
     * @param p the p-value
     * @return such as {@code 1.20e-03}, or {@link #NO_VALUE} if it is NaN
     */
    public static String pValue(double p) {
        return Double.isNaN(p) ? NO_VALUE : String.format(Locale.ROOT, "%.2e", p);
    }
}
