// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report;

import io.github.caadam.experiments.report.Columns.Heading;
import java.util.List;

/** A table in Markdown. */
final class Markdown {

    private Markdown() {}

    static String of(ResultTable table) {
        StringBuilder text = new StringBuilder("**").append(table.caption()).append("**\n\n");
        append(text, table.headings().stream().map(Heading::full).toList());
        append(text, table.headings().stream().map(h -> h.text() ? "---" : "---:").toList());
        for (ResultTable.Row row : table.rows()) {
            List<String> cells =
                    row.cells().stream().map(cell -> cell.replaceAll("([*|])", "\\\\$1")).toList();
            append(
                    text,
                    row.best() ? cells.stream().map(cell -> "**" + cell + "**").toList() : cells);
        }
        return text.toString();
    }

    private static void append(StringBuilder text, List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
}
