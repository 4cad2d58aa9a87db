// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import java.util.List;

/**
 * A table as the template {@code table.mustache} shows it.
 *
 * @param id the id of the element
 * @param caption the caption
 * @param columns the columns
 * @param rows the rows
 * @param tall whether it scrolls within a limited height
 */
record HtmlTable(String id, String caption, List<Column> columns, List<Row> rows, boolean tall) {

    /**
     * A column.
     *
     * @param title its header
     * @param numeric whether it holds numbers, which sort as such
     */
    record Column(String title, boolean numeric) {

        static Column text(String title) {
            return new Column(title, false);
        }

        static Column number(String title) {
            return new Column(title, true);
        }
    }

    /**
     * A row.
     *
     * @param best whether it is the best of its problem
     * @param cells its cells, one per column
     */
    record Row(boolean best, List<Cell> cells) {

        static Row of(Cell... cells) {
            return new Row(false, List.of(cells));
        }
    }

    /**
     * A cell.
     *
     * @param tag {@code th} for what names the row, else {@code td}
     * @param text what it shows
     * @param css its classes, empty for none
     * @param sort what it sorts by, empty if that is the text
     * @param swatch the class with the colour to show, empty for none
     */
    record Cell(String tag, String text, String css, String sort, String swatch) {

        static Cell header(String text) {
            return new Cell("th", text, "", "", "");
        }

        static Cell text(String text) {
            return new Cell("td", text, "", "", "");
        }

        /** A text that may take several lines. */
        static Cell prose(String text) {
            return new Cell("td", text, "wrap", "", "");
        }

        static Cell configuration(String label, String swatch) {
            return new Cell("td", label, "", "", swatch);
        }

        /** A number as it is printed, which sorts by its full value. */
        static Cell number(String text, double value) {
            return new Cell("td", text, "number", Double.toString(value), "");
        }

        static Cell number(int value) {
            return new Cell("td", Integer.toString(value), "number", "", "");
        }

        boolean header() {
            return tag.equals("th");
        }

        boolean styled() {
            return !css.isEmpty();
        }

        boolean sorted() {
            return !sort.isEmpty();
        }

        boolean swatched() {
            return !swatch.isEmpty();
        }
    }
}
