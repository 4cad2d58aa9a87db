package io.github.caadam.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.results.RunRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableWriterTest {

    @TempDir private Path directory;

    @Test
    void meansDeviationsAndImprovementAreThoseComputedByHand() throws IOException {
        List<RunRow> rows = new ArrayList<>();
        addRuns(rows, "64-32", "CaAdam", "depth", 0.8, 0.9, 1.0);
        addRuns(rows, "64-32", "Adam", "none", 1.0, 1.1, 1.2);

        assertThat(TableWriter.write(rows, directory)).hasSize(6).allMatch(Files::isRegularFile);

        // Means 0.9 and 1.1, deviations 0.1: t = 0.2/√(2·0.01/3) = 2.449, 4 degrees of freedom.
        String text = TableWriter.toText(rows);
        assertThat(text)
                .containsSubsequence("Adam", "1.100 ± 0.100", "CaAdam", "0.900 ± 0.100")
                .containsSubsequence("18.18", "2.45", "7.05e-02")
                .contains("n = 3 runs per network and optimizer")
                .contains("commit abcdef0123)");
        assertThat(Files.readString(directory.resolve("table1-rmse.csv")))
                .startsWith("architecture,optimizer,strategy,n,rmse,rmse_std,")
                .contains("64-32,Adam,none,3,1.1");
        assertThat(Files.readString(directory.resolve("table1-rmse.md")))
                .contains("| **64-32** | **CaAdam** |");
    }

    @Test
    void latexIsBalancedEscapedAndAlignsItsColumns() throws IOException {
        List<RunRow> rows = new ArrayList<>();
        addRuns(rows, "a_b&c", "Adam", "50%", 1, 2);
        addRuns(rows, "a_b&c", "Adam", "none", 1, 2);
        TableWriter.write(rows, directory);

        for (String name : List.of("table1-rmse.tex", "table3-significance.tex")) {
            String latex = Files.readString(directory.resolve(name));
            assertThat(latex).contains("a\\_b\\&c").contains("50\\%").doesNotContain("±");
            assertThat(count(latex, "\\begin{")).isEqualTo(count(latex, "\\end{"));
            assertThat(count(latex, "{") - count(latex, "\\{"))
                    .isEqualTo(count(latex, "}") - count(latex, "\\}"));
            long columns =
                    latex.lines()
                            .filter(line -> line.startsWith("\\begin{tabular}"))
                            .findFirst()
                            .orElseThrow()
                            .replaceAll(".*\\{([lr]+)}$", "$1")
                            .length();
            assertThat(latex.lines().filter(line -> line.endsWith("\\\\")))
                    .isNotEmpty()
                    .allMatch(line -> count(line, " & ") == columns - 1);
        }
    }

    @Test
    void withoutAdamTheComparisonSaysSo() {
        List<RunRow> rows = new ArrayList<>();
        addRuns(rows, "64-32", "CaAdam", "depth", 1, 2);

        assertThat(TableWriter.toText(rows)).contains("No Adam runs to compare with: 64-32.");
    }

    @Test
    void unequalNumbersOfRunsAreShown() {
        List<RunRow> rows = new ArrayList<>();
        addRuns(rows, "64-32", "Adam", "none", 1, 2, 3);
        addRuns(rows, "64-32", "AdamW", "none", 1);

        assertThat(TableWriter.toText(rows))
                .contains("n = 1–3 runs")
                .contains("1 vs 3")
                .contains("1.000 ± –");
    }

    @Test
    void twoProtocolsMakeTwoSetsOfTables() throws IOException {
        List<RunRow> rows = new ArrayList<>();
        addRuns(rows, "64-32", "Adam", "none", 1, 2);
        RunRow first = rows.get(0);
        rows.add(
                new RunRow(
                        first.dataset(),
                        first.architecture(),
                        first.optimizer(),
                        first.strategy(),
                        0,
                        first.metric(),
                        1,
                        1,
                        1,
                        1,
                        "",
                        "paper",
                        "",
                        "",
                        ""));

        assertThat(TableWriter.write(rows, directory))
                .hasSize(12)
                .contains(directory.resolve("table1-rmse-california-paper-rmse.csv"));
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    private static void addRuns(
            List<RunRow> rows,
            String architecture,
            String optimizer,
            String strategy,
            double... values) {
        for (int run = 0; run < values.length; run++) {
            rows.add(
                    new RunRow(
                            "california",
                            architecture,
                            optimizer,
                            strategy,
                            run,
                            "rmse",
                            values[run],
                            0,
                            1,
                            2,
                            "test",
                            "notebook",
                            "",
                            "",
                            "abcdef0123456789"));
        }
    }
}
