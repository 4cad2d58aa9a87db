package io.github.caadam.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.RealData;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunsCsv;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;

/** The authors' own runs must give the tables that the paper printed, with pooled p-values. */
class PaperTablesTest {

    private static final List<String> KEY = List.of("architecture", "optimizer", "strategy");

    /** Our full-precision column of each printed one, and how many decimals the paper prints. */
    private static final Map<String, String> SIGNIFICANCE_COLUMNS =
            Map.of(
                    "rmse_improvement_percent", "rmse_improvement_percent",
                    "rmse_t", "rmse_pooled_t",
                    "rmse_p", "rmse_pooled_p",
                    "time_improvement_percent", "time_improvement_percent",
                    "time_t", "time_pooled_t",
                    "time_p", "time_pooled_p");

    @Test
    void authorsRunsGiveThePublishedCaliforniaTables() throws IOException {
        Path paper = RealData.paper();
        List<RunRow> runs =
                RunsCsv.read(paper.resolve("authors-runs.csv")).stream()
                        .filter(row -> row.dataset().equals("california"))
                        .toList();
        PaperTables tables = new PaperTables(RunGroup.of(runs).get(0), "");

        List<String> differences = new ArrayList<>();
        int cells =
                compare(tables.means(), paper.resolve("table1-california-rmse.csv"), differences);
        cells +=
                compare(
                        tables.significance(),
                        paper.resolve("table3-california-significance.csv"),
                        differences);

        System.out.printf(
                "Tables I and III: %d of %d printed numbers reproduced%n",
                cells - differences.size(), cells);
        // Table I prints 0.446 for 64-32 multiplicative; its own Table III implies 0.456.
        assertThat(differences)
                .containsExactly(
                        "64-32 CaAdam multiplicative rmse: printed 0.446, runs give 0.456");
        assertThat(cells).isEqualTo(42 * 6 + 36 * 6);
    }

    private static int compare(ResultTable table, Path printedFile, List<String> differences)
            throws IOException {
        Map<List<String>, Map<String, Object>> ours =
                table.csvRows().stream()
                        .collect(
                                Collectors.toMap(
                                        row ->
                                                row.subList(0, 3).stream()
                                                        .map(String::valueOf)
                                                        .toList(),
                                        row -> asMap(table.csvHeader(), row)));
        int cells = 0;
        try (Reader reader = Files.newBufferedReader(printedFile);
                CSVParser parser =
                        CSVFormat.RFC4180
                                .builder()
                                .setHeader()
                                .setSkipHeaderRecord(true)
                                .get()
                                .parse(reader)) {
            for (CSVRecord printed : parser) {
                List<String> key = KEY.stream().map(printed::get).toList();
                for (String column : parser.getHeaderNames().subList(3, 9)) {
                    Object value =
                            ours.get(key).get(SIGNIFICANCE_COLUMNS.getOrDefault(column, column));
                    String expected = printed.get(column);
                    String actual = print((double) value, expected);
                    cells++;
                    if (!actual.equals(expected)) {
                        differences.add(
                                String.join(" ", key)
                                        + " "
                                        + column
                                        + ": printed "
                                        + expected
                                        + ", runs give "
                                        + actual);
                    }
                }
            }
        }
        return cells;
    }

    /** Prints a value as the printed cell is printed. */
    private static String print(double value, String printed) {
        if (printed.contains("e")) {
            return ResultTable.pValue(value);
        }
        String text = ResultTable.decimals(value, printed.length() - printed.indexOf('.') - 1);
        return text.equals("-0.00") ? "0.00" : text;
    }

    private static Map<String, Object> asMap(List<String> header, List<Object> row) {
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i < header.size(); i++) {
            map.put(header.get(i), row.get(i));
        }
        return map;
    }
}
