package io.github.caadam.experiments.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The columns of a table, each with what it makes of the object that a row is about.
 *
 * @param <T> what a row is about
 */
final class Columns<T> {

    private final List<Heading> headings = new ArrayList<>();
    private final List<Function<? super T, ?>> cells = new ArrayList<>();

    /**
     * The head of a column.
     *
     * @param group what it has in common with the columns beside it; may be empty
     * @param title its own title
     * @param text whether its cells are text rather than numbers
     */
    record Heading(String group, String title, boolean text) {

        /** Group and title in one. */
        String full() {
            return group.isEmpty() ? title : group + " " + title;
        }
    }

    /** Adds a column of text. */
    Columns<T> text(String title, Function<? super T, ?> cell) {
        return add(new Heading("", title, true), cell);
    }

    /** Adds a column of numbers. */
    Columns<T> number(String title, Function<? super T, ?> cell) {
        return number("", title, cell);
    }

    /** Adds a column of numbers to a group of columns. */
    Columns<T> number(String group, String title, Function<? super T, ?> cell) {
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
