// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report;

import io.github.caadam.experiments.report.Columns.Heading;
import java.util.List;
import java.util.regex.Pattern;

/** A table in Markdown. */
final class Markdown {

    /**
     * Stars, bars, backslashes and backquotes; the start of a tag, an entity or an image; the end
     * of a link's text; underscores and tildes but within words.
     */
    private static final Pattern INTERPRETED =
            Pattern.compile(
                    "[*|\\\\`]|<(?=[a-zA-Z/!?])|&(?=#|[a-zA-Z]+;)|!(?=\\[)|\\](?=[(\\[:])"
                            + "|(?<![a-zA-Z0-9])_|_(?![a-zA-Z0-9])|~(?=~)");

    private Markdown() {}

    static String of(ResultTable table) {
        StringBuilder text =
                new StringBuilder("**").append(escape(table.caption())).append("**\n\n");
        append(text, table.headings().stream().map(Heading::full).map(Markdown::escape).toList());
        append(text, table.headings().stream().map(h -> h.text() ? "---" : "---:").toList());
        for (ResultTable.Row row : table.rows()) {
            List<String> cells = row.cells().stream().map(Markdown::escape).toList();
            append(
                    text,
                    row.best() ? cells.stream().map(cell -> "**" + cell + "**").toList() : cells);
        }
        return text.toString();
    }

    /** Escapes what Markdown would interpret, and nothing where it would not. */
    private static String escape(String plain) {
        return INTERPRETED.matcher(plain).replaceAll("\\\\$0");
    }

    private static void append(StringBuilder text, List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
}
