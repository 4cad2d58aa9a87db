// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.RealData;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.report.PlainText;
import io.github.caadam.experiments.report.ResultTable;
import io.github.caadam.experiments.report.StudyTables;
import io.github.caadam.experiments.results.StudyRuns;
import java.io.IOException;
import java.io.Reader;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;

/** The authors' own runs must give the tables that the paper printed, with pooled p-values. */
class PaperTablesTest {

    private static final List<String> KEYS =
            List.of("dataset", "architecture", "optimizer", "strategy");

    /** Table I prints 0.446 for 64-32 multiplicative; its own Table III implies 0.456. */
    private static final String SLIP_OF_TABLE_1 =
            "64-32 CaAdam multiplicative rmse: printed 0.446, runs give 0.456";

    private static final String SLIP_OF_TABLE_4 =
            "fashion-mnist CaAdam multiplicative time_p: printed 1.00e-06, runs give 1.35e-06";

    @Test
    void authorsRunsGiveThePublishedTables() throws IOException {
        Path paper = RealData.paper();
        Printed printed = new Printed();
        for (RunGroup group : RunGroup.of(StudyRuns.read(paper.resolve("authors-runs.csv")))) {
            StudyTables tables = new StudyTables(group, "");
            boolean regression = group.metric().equals("rmse");
            printed.compare(
                    tables.means(),
                    paper.resolve(
                            regression
                                    ? "table1-california-rmse.csv"
                                    : "table2-image-accuracy.csv"));
            printed.compare(
                    tables.contrasts(),
                    paper.resolve(
                            regression
                                    ? "table3-california-significance.csv"
                                    : "table4-image-significance.csv"));
        }

        System.out.printf(
                "Tables I to IV: %d of %d printed numbers reproduced%n",
                printed.cells - printed.differences.size(), printed.cells);
        assertThat(printed.differences).containsExactly(SLIP_OF_TABLE_1, SLIP_OF_TABLE_4);
        assertThat(printed.cells).isEqualTo(42 * 6 + 21 * 6 + 36 * 6 + 18 * 6);
    }

    /** What the project keeps of the authors' runs: five configurations, for everyone to check. */
    @Test
    void anExcerptOfTheAuthorsRunsGivesThePublishedNumbers() throws IOException {
        List<RunGroup> groups = RunGroup.of(StudyRuns.read(excerpt()));
        StudyTables california = new StudyTables(groups.get(0), "");
        StudyTables images = new StudyTables(groups.get(1), "");

        assertThat(PlainText.of(california.means()))
                .containsPattern(
                        "64-32 +Adam +none +30 +0.466 ± 0.003 +5.16 ± 2.16 +170.43 ± 81.35")
                .containsPattern("64-32 +CaAdam +multiplicative +30 +0.456 ± 0.003 +3.61 ± 1.66");
        assertThat(PlainText.of(california.contrasts()))
                .containsPattern(
                        "64-32 +Adamax +none +30 +-1.24 .* -8.60 +6.04e-12 .* -3.69 +4.96e-04")
                .containsPattern("64-32 +CaAdam +multiplicative +30 +2.07 .* 13.30 +2.89e-19");
        assertThat(PlainText.of(images.means()))
                .containsPattern(
                        "cifar10 +ResNet20 +CaAdam +additive +30 +0.821 ± 0.006 +66.62 ± 4.18");
        assertThat(PlainText.of(images.contrasts()))
                .containsPattern(
                        "cifar10 +ResNet20 +CaAdam +additive +30 +2.84 .* 12.70 +2.16e-18");
    }

    private static Path excerpt() {
        try {
            return Path.of(
                    PaperTablesTest.class.getResource("/golden/authors-runs-excerpt.csv").toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** Printed numbers, compared one by one. */
    private static final class Printed {

        private final List<String> differences = new ArrayList<>();
        private int cells;

        void compare(ResultTable table, Path printedFile) throws IOException {
            try (Reader reader = Files.newBufferedReader(printedFile);
                    CSVParser parser =
                            CSVFormat.RFC4180
                                    .builder()
                                    .setHeader()
                                    .setSkipHeaderRecord(true)
                                    .get()
                                    .parse(reader)) {
                List<String> keys =
                        parser.getHeaderNames().stream().filter(KEYS::contains).toList();
                Map<List<String>, Map<String, Object>> ours = byKey(table, keys);
                for (CSVRecord row : parser) {
                    List<String> key = keys.stream().map(row::get).toList();
                    for (String column : parser.getHeaderNames()) {
                        if (!keys.contains(column)) {
                            compare(key, column, ours.get(key), row.get(column));
                        }
                    }
                }
            }
        }

        private static Map<List<String>, Map<String, Object>> byKey(
                ResultTable table, List<String> keys) {
            Map<List<String>, Map<String, Object>> byKey = new HashMap<>();
            for (List<Object> row : table.csvRows()) {
                Map<String, Object> cells = new HashMap<>();
                for (int i = 0; i < row.size(); i++) {
                    cells.put(table.csvHeader().get(i), row.get(i));
                }
                byKey.put(keys.stream().map(cells::get).map(String::valueOf).toList(), cells);
            }
            return byKey;
        }

        private void compare(
                List<String> key, String column, Map<String, Object> ours, String expected) {
            // Ours name the test, which is the paper's pooled one here.
            Object value =
                    ours.getOrDefault(
                            column, ours.get(column.replaceFirst("_([tp])$", "_pooled_$1")));
            String actual = print((double) value, expected);
            cells++;
            if (!actual.equals(expected)) {
                differences.add(
                        String.join(" ", key.stream().filter(part -> !part.equals("none")).toList())
                                + " "
                                + column
                                + ": printed "
                                + expected
                                + ", runs give "
                                + actual);
            }
        }

        /** Prints a value as the printed cell is printed. */
        private static String print(double value, String printed) {
            if (printed.contains("e")) {
                return ResultTable.pValue(value);
            }
            String text = ResultTable.decimals(value, printed.length() - printed.indexOf('.') - 1);
            return text.equals("-0.00") ? "0.00" : text;
        }
    }
}
