// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report;

import io.github.caadam.experiments.report.Columns.Heading;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A table in LaTeX, for {@code \input}; needs the package booktabs. As in the paper, the name of a
 * problem stands in its first row only, and columns that belong together have a common head.
 */
public final class Latex {

    private static final String LINE_END = " \\\\\n";

    private final ResultTable table;
    private final StringBuilder text = new StringBuilder();

    private Latex(ResultTable table) {
        this.table = table;
    }

    /**
     * Writes a table.
     *
     * @param table the table
     * @return the text
     */
    public static String of(ResultTable table) {
        return new Latex(table).write();
    }

    private String write() {
        String alignment =
                table.headings().stream()
                        .map(heading -> heading.text() ? "l" : "r")
                        .collect(Collectors.joining());
        text.append("\\begin{table}\n\\centering\n\\caption{")
                .append(LatexText.escape(table.caption()))
                .append("}\n\\label{tab:")
                .append(table.name())
                .append("}\n\\scriptsize\n\\setlength{\\tabcolsep}{3pt}\n\\begin{tabular}{")
                .append(alignment)
                .append("}\n\\toprule\n");
        writeGroups();
        append(
                table.headings().stream()
                        .map(heading -> LatexText.escape(heading.title()))
                        .toList());
        writeRows();
        return text.append("\\bottomrule\n\\end{tabular}\n\\end{table}\n").toString();
    }

    private void writeGroups() {
        List<Heading> headings = table.headings();
        if (headings.stream().allMatch(heading -> heading.group().isEmpty())) {
            return;
        }
        List<String> cells = new ArrayList<>();
        StringBuilder rules = new StringBuilder();
        int from = 0;
        while (from < headings.size()) {
            String group = headings.get(from).group();
            int to = from + 1;
            while (to < headings.size()
                    && !group.isEmpty()
                    && headings.get(to).group().equals(group)) {
                to++;
            }
            if (group.isEmpty()) {
                cells.add("");
            } else {
                cells.add("\\multicolumn{" + (to - from) + "}{c}{" + LatexText.escape(group) + "}");
                rules.append("\\cmidrule(lr){" + (from + 1) + "-" + to + "}");
            }
            from = to;
        }
        append(cells);
        text.append(rules).append('\n');
    }

    private void writeRows() {
        Optional<List<String>> above = Optional.empty();
        for (ResultTable.Row row : table.rows()) {
            List<String> problem = row.cells().subList(0, problemColumns());
            boolean first = !above.equals(Optional.of(problem));
            if (first) {
                text.append("\\midrule\n");
            }
            above = Optional.of(problem);
            List<String> cells = new ArrayList<>();
            for (int c = 0; c < row.cells().size(); c++) {
                String cell = LatexText.escape(row.cells().get(c));
                if (c < problem.size()) {
                    cells.add(first ? cell : "");
                } else {
                    cells.add(row.best() ? "\\textbf{" + cell + "}" : cell);
                }
            }
            append(cells);
        }
    }

    /**
     * All columns of text before the first number but those of optimizer and strategy, where there
     * are such.
     */
    private int problemColumns() {
        return (int) Math.max(0, table.headings().stream().takeWhile(Heading::text).count() - 2);
    }

    private void append(List<String> cells) {
        text.append(String.join(" & ", cells)).append(LINE_END);
    }
}
