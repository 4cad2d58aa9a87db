// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report;

import io.github.caadam.experiments.report.Columns.Heading;
import java.util.ArrayList;
import java.util.List;

/** A table as aligned text. */
public final class PlainText {

    private PlainText() {}

    /**
     * Writes a table.
     *
     * @param table the table
     * @return the text
     */
    public static String of(ResultTable table) {
        List<Heading> headings = table.headings();
        List<List<String>> lines = new ArrayList<>();
        lines.add(headings.stream().map(Heading::full).toList());
        table.rows().forEach(row -> lines.add(row.cells()));
        int[] widths = new int[headings.size()];
        for (List<String> line : lines) {
            for (int c = 0; c < widths.length; c++) {
                widths[c] = Math.max(widths[c], line.get(c).length());
            }
        }
        StringBuilder text = new StringBuilder(table.caption()).append("\n\n");
        for (List<String> line : lines) {
            StringBuilder padded = new StringBuilder();
            for (int c = 0; c < widths.length; c++) {
                String padding = " ".repeat(widths[c] - line.get(c).length());
                padded.append(
                                headings.get(c).text()
                                        ? line.get(c) + padding
                                        : padding + line.get(c))
                        .append("  ");
            }
            text.append(padded.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
