// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.report.Latex;
import io.github.caadam.experiments.report.PlainText;
import io.github.caadam.experiments.report.ResultTable;
import io.github.caadam.experiments.results.DrawnRuns;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunRowBuilder;
import io.github.caadam.experiments.results.StudyRuns;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SensitivityTablesTest {

    @Test
    void tablesHaveGainsFitsAndCoefficientsOfEveryNetwork() {
        List<RunRow> rows = new ArrayList<>();
        rows.addAll(DrawnRuns.linear("64-32"));
        rows.addAll(DrawnRuns.linear("32-16"));

        List<ResultTable> tables = SensitivityTables.of(group(rows), "-x");

        assertThat(tables)
                .extracting(ResultTable::name)
                .containsExactly(
                        "sensitivity-x", "sensitivity-fits-x", "sensitivity-coefficients-x");
        assertThat(tables)
                .allSatisfy(table -> assertThat(table.caption()).contains("80 runs, all finished"));
        // Three choices, two errors, two errors with six terms; for each of two networks.
        assertThat(tables).extracting(table -> table.rows().size()).containsExactly(6, 4, 24);
        assertThat(tables)
                .allSatisfy(table -> assertThat(table.csvRows()).hasSameSizeAs(table.rows()));
        assertThat(tables.get(2).csvRows())
                .filteredOn(row -> row.contains("64-32") && row.contains("test"))
                .extracting(row -> row.get(5))
                .containsExactly(
                        "1",
                        "01Linear_weight",
                        "biases",
                        "01Linear_weight²/2",
                        "01Linear_weight·biases",
                        "biases²/2");
    }

    /** The test error is 0.5 + 0.04·(log₂ of the weight's factor), linear and without noise. */
    @Test
    void printsChosenFactorsAndGains() {
        List<RunRow> rows = DrawnRuns.linear("64-32");

        List<ResultTable> tables = SensitivityTables.of(group(rows), "");

        // The radius is 2 and so the gain 0.08, 16 %, at 2⁻² for the weight; on the diagonal √2
        // less.
        assertThat(PlainText.of(tables.get(0)))
                .contains("radius 2.00")
                .containsPattern(
                        "by layer, by test error +01Linear_weight 0.25, biases 1.00 +0.0800"
                                + " \\[0.0800, 0.0800] +16.0 +0.0800")
                .containsPattern(
                        "one for all, by validation error +01Linear_weight 0.38, biases 0.38"
                                + " +0.0566 ");
        assertThat(PlainText.of(tables.get(1)))
                .containsPattern("test +0.5000 \\[0.5000, 0.5000] +– +0.0000 +– +1.00 +1.00");
        assertThat(Latex.of(tables.get(0))).contains("01Linear\\_weight 0.25");
    }

    @Test
    void studiesThatDrawNoFactorsHaveNoSuchTables() {
        assertThat(SensitivityTables.of(group(new RunRowBuilder().runsWith(1, 2)), "")).isEmpty();
    }

    private static RunGroup group(List<RunRow> rows) {
        return RunGroup.of(StudyRuns.ofRows(rows)).get(0);
    }
}
