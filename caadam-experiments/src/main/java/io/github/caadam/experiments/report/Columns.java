// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Counts;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.results.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The columns of a table, each with what it makes of the object that a row is about.
 *
 * @param <T> what a row is about
 */
public final class Columns<T> {

    private final List<Heading> headings = new ArrayList<>();
    private final List<Function<? super T, ?>> cells = new ArrayList<>();

    /**
     * The head of a column.
     *
     * @param group what it has in common with the columns beside it; may be empty
     * @param title its own title
     * @param text whether its cells are text rather than numbers
     */
    public record Heading(String group, String title, boolean text) {

        /**
         * Returns group and title in one.
         *
         * @return the text
         */
        public String full() {
            return group.isEmpty() ? title : group + " " + title;
        }
    }

    /**
     * Adds a column of text.
     *
     * @param title its title
     * @param cell what it holds
     * @return these columns
     */
    public Columns<T> text(String title, Function<? super T, ?> cell) {
        return add(new Heading("", title, true), cell);
    }

    /**
     * Adds the columns that say what a row is about.
     *
     * @param dataset whether the data set is one of them, as there may be several
     * @param titled whether they are named as in print, with capitals
     * @param problem the problem that a row is about
     * @param configuration the configuration that it is about
     * @return these columns
     */
    public Columns<T> keys(
            boolean dataset,
            boolean titled,
            Function<? super T, Problem> problem,
            Function<? super T, Configuration> configuration) {
        if (dataset) {
            text(titled ? "Dataset" : "dataset", one -> problem.apply(one).dataset());
        }
        return text(
                        titled ? "Architecture" : "architecture",
                        one -> problem.apply(one).architecture())
                .text(
                        titled ? "Optimizer" : "optimizer",
                        one -> configuration.apply(one).optimizer())
                .text(titled ? "Strategy" : "strategy", one -> configuration.apply(one).strategy());
    }

    /**
     * Adds a column for each status of the planned runs but the finished ones, which are n.
     *
     * @param prefix what the titles start with, such as {@code baseline_}; may be empty
     * @param counts the counts of a row
     * @return these columns
     */
    public Columns<T> counts(String prefix, Function<? super T, Counts> counts) {
        number(prefix + "planned", one -> counts.apply(one).planned());
        for (RunStatus status : RunStatus.values()) {
            if (status != RunStatus.FINISHED) {
                number(prefix + status.label(), one -> counts.apply(one).of(status));
            }
        }
        return this;
    }

    /**
     * Adds a column of text to a group of columns.
     *
     * @param group what it has in common with the columns beside it
     * @param title its title
     * @param cell what it holds
     * @return these columns
     */
    public Columns<T> text(String group, String title, Function<? super T, ?> cell) {
        return add(new Heading(group, title, true), cell);
    }

    /**
     * Adds a column of numbers.
     *
     * @param title its title
     * @param cell what it holds
     * @return these columns
     */
    public Columns<T> number(String title, Function<? super T, ?> cell) {
        return number("", title, cell);
    }

    /**
     * Adds a column of numbers to a group of columns.
     *
     * @param group what it has in common with the columns beside it
     * @param title its title
     * @param cell what it holds
     * @return these columns
     */
    public Columns<T> number(String group, String title, Function<? super T, ?> cell) {
        return add(new Heading(group, title, false), cell);
    }

    private Columns<T> add(Heading heading, Function<? super T, ?> cell) {
        headings.add(heading);
        cells.add(cell);
        return this;
    }

    List<Heading> headings() {
        return List.copyOf(headings);
    }

    /** Returns the cells of a row. */
    List<Object> row(T about) {
        List<Object> row = new ArrayList<>();
        cells.forEach(cell -> row.add(cell.apply(about)));
        return row;
    }
}
