package io.github.caadam.experiments.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A table as it is printed, and the same numbers in full for machines.
 *
 * @param name the file name without extension
 * @param caption the caption
 * @param header the printed columns; the first three are text, the others numbers
 * @param rows the printed cells
 * @param best for each row, whether it is the best of its architecture
 * @param csvHeader the columns for machines
 * @param csvRows their cells
 */
record ResultTable(
        String name,
        String caption,
        List<String> header,
        List<List<String>> rows,
        List<Boolean> best,
        List<String> csvHeader,
        List<List<Object>> csvRows) {

    /** What is printed where there is no number. */
    static final String NO_VALUE = "–";

    private static final int TEXT_COLUMNS = 3;

    static String decimals(double value, int digits) {
        return Double.isNaN(value)
                ? NO_VALUE
                : String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    static String meanAndDeviation(double mean, double deviation, int digits) {
        return decimals(mean, digits) + " ± " + decimals(deviation, digits);
    }

    static String pValue(double p) {
        return Double.isNaN(p) ? NO_VALUE : String.format(Locale.ROOT, "%.2e", p);
    }

    String toText() {
        int[] widths = new int[header.size()];
        List<List<String>> lines = new ArrayList<>();
        lines.add(header);
        lines.addAll(rows);
        for (List<String> line : lines) {
            for (int c = 0; c < widths.length; c++) {
                widths[c] = Math.max(widths[c], line.get(c).length());
            }
        }
        StringBuilder text = new StringBuilder(caption).append("\n\n");
        for (List<String> line : lines) {
            StringBuilder padded = new StringBuilder();
            for (int c = 0; c < widths.length; c++) {
                String padding = " ".repeat(widths[c] - line.get(c).length());
                padded.append(c < TEXT_COLUMNS ? line.get(c) + padding : padding + line.get(c))
                        .append("  ");
            }
            text.append(padded.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    String toMarkdown() {
        StringBuilder text = new StringBuilder("**").append(caption).append("**\n\n");
        appendMarkdown(text, header);
        List<String> rule = new ArrayList<>();
        for (int c = 0; c < header.size(); c++) {
            rule.add(c < TEXT_COLUMNS ? "---" : "---:");
        }
        appendMarkdown(text, rule);
        for (int i = 0; i < rows.size(); i++) {
            List<String> cells =
                    rows.get(i).stream().map(cell -> cell.replaceAll("([*|])", "\\\\$1")).toList();
            appendMarkdown(
                    text,
                    best.get(i) ? cells.stream().map(cell -> "**" + cell + "**").toList() : cells);
        }
        return text.toString();
    }

    private static void appendMarkdown(StringBuilder text, List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    /** A table for {@code \input}; needs the package booktabs. */
    String toLatex() {
        StringBuilder text = new StringBuilder();
        text.append("\\begin{table}\n\\centering\n\\caption{")
                .append(escape(caption))
                .append("}\n\\label{tab:")
                .append(name)
                .append("}\n\\begin{tabular}{")
                .append("l".repeat(TEXT_COLUMNS))
                .append("r".repeat(header.size() - TEXT_COLUMNS))
                .append("}\n\\toprule\n");
        appendLatex(text, header, false);
        String architecture = "";
        for (int i = 0; i < rows.size(); i++) {
            if (!rows.get(i).get(0).equals(architecture)) {
                architecture = rows.get(i).get(0);
                text.append("\\midrule\n");
            }
            appendLatex(text, rows.get(i), best.get(i));
        }
        return text.append("\\bottomrule\n\\end{tabular}\n\\end{table}\n").toString();
    }

    private static void appendLatex(StringBuilder text, List<String> cells, boolean bold) {
        text.append(
                        String.join(
                                " & ",
                                cells.stream()
                                        .map(ResultTable::escape)
                                        .map(cell -> bold ? "\\textbf{" + cell + "}" : cell)
                                        .toList()))
                .append(" \\\\\n");
    }

    /** Escapes what LaTeX would interpret; ± and dashes become LaTeX's own. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            escaped.append(
                    switch (c) {
                        case '\\' -> "\\textbackslash{}";
                        case '~' -> "\\textasciitilde{}";
                        case '^' -> "\\textasciicircum{}";
                        case '&', '%', '$', '#', '_', '{', '}' -> "\\" + c;
                        case '±' -> "$\\pm$";
                        case '–' -> "--";
                        default -> String.valueOf(c);
                    });
        }
        return escaped.toString();
    }
}
