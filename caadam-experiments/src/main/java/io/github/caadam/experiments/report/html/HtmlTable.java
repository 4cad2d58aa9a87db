// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import io.github.caadam.experiments.analysis.Verdict;
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
public record HtmlTable(
        String id, String caption, List<Column> columns, List<Row> rows, boolean tall) {

    /**
     * A column.
     *
     * @param title its header
     * @param numeric whether it holds numbers, which sort as such
     */
    public record Column(String title, boolean numeric) {

        /**
         * Makes a column of text.
         *
         * @param title its header
         * @return the column
         */
        public static Column text(String title) {
            return new Column(title, false);
        }

        /**
         * Makes a column of numbers.
         *
         * @param title its header
         * @return the column
         */
        public static Column number(String title) {
            return new Column(title, true);
        }
    }

    /**
     * A row.
     *
     * @param best whether it is the best of its problem
     * @param cells its cells, one per column
     */
    public record Row(boolean best, List<Cell> cells) {

        /**
         * Makes a row that is not the best.
         *
         * @param cells its cells, one per column
         * @return the row
         */
        public static Row of(Cell... cells) {
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
     * @param shape the shape that marks a verdict, empty for none
     */
    public record Cell(
            String tag, String text, String css, String sort, String swatch, String shape) {

        /**
         * Makes a cell that names the row.
         *
         * @param text what it shows
         * @return the cell
         */
        public static Cell header(String text) {
            return new Cell("th", text, "", "", "", "");
        }

        /**
         * Makes a cell of text.
         *
         * @param text what it shows
         * @return the cell
         */
        public static Cell text(String text) {
            return new Cell("td", text, "", "", "", "");
        }

        /**
         * Makes a cell of text that may take several lines.
         *
         * @param text what it shows
         * @return the cell
         */
        public static Cell prose(String text) {
            return new Cell("td", text, "wrap", "", "", "");
        }

        /**
         * Makes a cell that names a configuration.
         *
         * @param label its label
         * @param swatch the class with its colour
         * @return the cell
         */
        public static Cell configuration(String label, String swatch) {
            return new Cell("td", label, "", "", swatch, "");
        }

        /**
         * Makes a cell of a number, which sorts by its full value.
         *
         * @param text the number as it is printed
         * @param value the number
         * @return the cell
         */
        public static Cell number(String text, double value) {
            return new Cell("td", text, "number", Double.toString(value), "", "");
        }

        /**
         * Makes a cell of a whole number.
         *
         * @param value the number
         * @return the cell
         */
        public static Cell number(int value) {
            return new Cell("td", Integer.toString(value), "number", "", "", "");
        }

        /**
         * Makes a cell of a verdict.
         *
         * @param verdict the verdict
         * @return the cell
         */
        public static Cell verdict(Verdict verdict) {
            Mark mark = Mark.of(verdict);
            return new Cell("td", mark.word(), mark.css(), "", "", mark.shape());
        }

        boolean marked() {
            return !shape.isEmpty();
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
