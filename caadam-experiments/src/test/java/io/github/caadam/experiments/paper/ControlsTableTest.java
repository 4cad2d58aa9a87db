// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.report.Latex;
import io.github.caadam.experiments.report.PlainText;
import io.github.caadam.experiments.report.ResultTable;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunRowBuilder;
import io.github.caadam.experiments.results.StudyRuns;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers come from SciPy and statsmodels: scripts/golden/scipy_controls.py. */
class ControlsTableTest {

    /** That of EffectSizeTest, for the ends of g's interval, and more than enough for all else. */
    private static final double TOLERANCE = 1e-6;

    @ParameterizedTest
    @ValueSource(strings = {"adam", "fair"})
    void comparisonsAreThoseOfSciPy(String over) throws IOException {
        List<JsonNode> golden = golden();
        List<Map<String, Object>> table = cells(table(rows(golden)));

        assertThat(table).hasSameSizeAs(golden);
        int compared = 0;
        for (JsonNode expected : golden) {
            Map<String, Object> found = find(table, expected);
            JsonNode comparison = expected.get(over);
            if (comparison.isNull()) {
                assertThat(found.get(over + "_welch_p")).isEqualTo("");
                continue;
            }
            compared++;
            assertNumber(found, over + "_difference", comparison.get("difference"));
            assertNumber(found, over + "_hedges_g", comparison.get("g"));
            assertNumber(found, over + "_hedges_g_low", comparison.get("gLow"));
            assertNumber(found, over + "_hedges_g_high", comparison.get("gHigh"));
            assertNumber(found, over + "_welch_p", comparison.get("p"));
            assertNumber(found, over + "_holm_p", comparison.get("holm"));
        }
        assertThat(compared).isEqualTo(over.equals("adam") ? 2 * 7 : 2 * 4);
    }

    @Test
    void theFairAdamIsTheAveragedOneOfTheSameStrategyAndOptions() throws IOException {
        List<Map<String, Object>> table = cells(table(rows(golden())));

        assertThat(table)
                .filteredOn(row -> row.get("strategy").toString().startsWith("depth weights-only"))
                .hasSize(2)
                .allSatisfy(
                        row ->
                                assertThat(row)
                                        .containsEntry("fair_optimizer", "CaAdam")
                                        .containsEntry(
                                                "fair_strategy",
                                                "depth averaged convention=paper gamma=1.0"));
        assertThat(table)
                .filteredOn(row -> row.get("strategy").equals("none lr=0.005"))
                .hasSize(2)
                .allSatisfy(row -> assertThat(row).containsEntry("fair_strategy", ""));
    }

    @Test
    void adamAtItsOwnBestLearningRateIsTheFairOneWhereThereIsNoAverage() {
        List<RunRow> rows = new ArrayList<>();
        add(rows, "64-32", "Adam", "none", 5, 6);
        add(rows, "64-32", "Adam", "none tuned", 3, 4);
        add(rows, "64-32", "CaAdam", "network-size", 2, 4);

        List<Map<String, Object>> table = cells(table(rows));

        assertThat(table)
                .extracting(
                        row -> row.get("strategy"),
                        row -> row.get("adam_difference"),
                        row -> row.get("fair_strategy"),
                        row -> row.get("fair_difference"))
                .containsExactly(
                        tuple("none", "", "none tuned", -2.0),
                        tuple("none tuned", 2.0, "", ""),
                        tuple("network-size", 2.5, "none tuned", 0.5));
    }

    @Test
    void printsBothComparisonsInALine() {
        List<RunRow> rows = new ArrayList<>();
        add(rows, "64-32", "Adam", "none", 1.0, 1.1, 1.2);
        add(rows, "64-32", "CaAdam", "depth", 0.8, 0.9, 1.0);
        add(rows, "64-32", "CaAdam", "depth averaged", 0.9, 1.0, 1.1);

        String text = PlainText.of(table(rows));

        // As by hand: 0.2/√(2·0.01/3) = 2.449 and half of that, with 4 degrees of freedom.
        assertThat(text)
                .containsPattern(
                        "CaAdam +depth +3 +0.9000 ± 0.1000 +\\+0.2000 .*7.05e-02 .* averaged"
                                + " +\\+0.1000 .*2.88e-01 ")
                .containsPattern("Adam +none +3 +1.1000 ± 0.1000 +–  +–")
                .contains("beside Adam at a fair learning rate");
        assertThat(Latex.of(table(rows)))
                .contains("\\multicolumn{4}{c}{Over default Adam}")
                .contains("\\multicolumn{5}{c}{Over fair Adam}")
                .contains("& CaAdam & depth & 3");
    }

    @Test
    void studiesWithoutAFairAdamHaveNoSuchTable() {
        List<RunRow> rows = new ArrayList<>();
        add(rows, "64-32", "Adam", "none", 1.0, 1.1);
        add(rows, "64-32", "CaAdam", "depth", 0.8, 0.9);

        assertThat(ControlsTable.of(RunGroup.of(StudyRuns.ofRows(rows)).get(0), "")).isEmpty();
    }

    private static ResultTable table(List<RunRow> rows) {
        return ControlsTable.of(RunGroup.of(StudyRuns.ofRows(rows)).get(0), "").orElseThrow();
    }

    private static List<Map<String, Object>> cells(ResultTable table) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (List<Object> values : table.csvRows()) {
            Map<String, Object> row = new LinkedHashMap<>();
            for (int i = 0; i < values.size(); i++) {
                row.put(table.csvHeader().get(i), values.get(i));
            }
            rows.add(row);
        }
        return rows;
    }

    private static Map<String, Object> find(List<Map<String, Object>> table, JsonNode expected) {
        return table.stream()
                .filter(
                        row ->
                                List.of("architecture", "optimizer", "strategy").stream()
                                        .allMatch(
                                                key ->
                                                        row.get(key)
                                                                .equals(
                                                                        expected.get(key)
                                                                                .asText())))
                .findFirst()
                .orElseThrow();
    }

    private static void assertNumber(Map<String, Object> found, String column, JsonNode expected) {
        assertThat((double) found.get(column))
                .as(column)
                .isCloseTo(expected.asDouble(), within(TOLERANCE));
    }

    private static List<JsonNode> golden() throws IOException {
        try (InputStream in =
                ControlsTableTest.class.getResourceAsStream("/golden/scipy-controls.json")) {
            return StreamSupport.stream(
                            new ObjectMapper().readTree(in).get("rows").spliterator(), false)
                    .toList();
        }
    }

    private static List<RunRow> rows(List<JsonNode> golden) {
        List<RunRow> rows = new ArrayList<>();
        for (JsonNode node : golden) {
            add(
                    rows,
                    node.get("architecture").asText(),
                    node.get("optimizer").asText(),
                    node.get("strategy").asText(),
                    StreamSupport.stream(node.get("values").spliterator(), false)
                            .mapToDouble(JsonNode::asDouble)
                            .toArray());
        }
        return rows;
    }

    private static void add(
            List<RunRow> rows,
            String architecture,
            String optimizer,
            String strategy,
            double... values) {
        rows.addAll(
                new RunRowBuilder()
                        .on("california-housing", architecture)
                        .by(optimizer, strategy)
                        .runsWith(values));
    }
}
