// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report;

import static io.github.caadam.experiments.results.RunStatus.DIVERGED;
import static io.github.caadam.experiments.results.RunStatus.FAILED;
import static io.github.caadam.experiments.results.RunStatus.INVALID;
import static io.github.caadam.experiments.results.RunStatus.MISSING;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunRowBuilder;
import io.github.caadam.experiments.results.RunStatus;
import io.github.caadam.experiments.results.StudyRuns;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LostRunsTableTest {

    private final List<RunRow> rows = new ArrayList<>();

    private void add(String optimizer, int finished, RunStatus... others) {
        for (int run = 0; run < finished + others.length; run++) {
            RunRowBuilder row =
                    new RunRowBuilder()
                            .by(optimizer, "none")
                            .run(run)
                            .result("rmse", 0.5 + 0.01 * (run % 5), 0);
            rows.add((run < finished ? row : row.lost(others[run - finished])).build());
        }
    }

    private StudyRuns study() {
        return StudyRuns.ofRows(rows);
    }

    private static String cell(ResultTable table, int row, String column) {
        return table.csvRows().get(row).get(table.csvHeader().indexOf(column)).toString();
    }

    @Test
    void thereIsNoneWhereAllRunsHaveAResult() {
        add("Adam", 3);

        assertThat(LostRunsTable.of(study())).isEmpty();
    }

    @Test
    void everyStatusHasItsColumn() {
        add("Adam", 5);
        add("Wild", 1, DIVERGED, INVALID, FAILED, MISSING);

        ResultTable table = LostRunsTable.of(study()).orElseThrow();

        assertThat(table.rows()).hasSize(1);
        assertThat(PlainText.of(table))
                .containsPattern("64-32 +Wild +none +5 +1 +1 +1 +1 +1 +0.5000 ± – ");
    }

    /** 27 finished and 3 lost against 30: each lost one loses all its pairs. */
    @Test
    void finishedOnesAloneStandBesideAllThatWereMade() {
        add("Adam", 30);
        add("Wild", 27, DIVERGED, DIVERGED, DIVERGED);

        ResultTable table = LostRunsTable.of(study()).orElseThrow();

        double better = Double.parseDouble(cell(table, 0, "probability_of_improvement_with_lost"));
        assertThat(better).isBetween(0.40, 0.47);
        assertThat(Double.parseDouble(cell(table, 0, "fisher_p"))).isBetween(0.2372, 0.2374);
        assertThat(cell(table, 0, "finished")).isEqualTo("27");
        assertThat(cell(table, 0, "diverged")).isEqualTo("3");
    }

    @Test
    void whatNeverFinishedIsInIt() {
        add("Adam", 2);
        add("Wild", 0, DIVERGED, DIVERGED);

        assertThat(new TableWriter(study()).toText())
                .containsPattern("64-32 +Wild +none +2 +0 +2 +0 +0 +0 +– +0.00 ")
                .contains("4 runs: 2 finished, 2 diverged");
    }

    @Test
    void aProblemWithoutAnyFinishedRunIsInIt() {
        add("Adam", 2);
        rows.add(
                new RunRowBuilder().on("elsewhere", "8-4").by("Adam", "none").lost(FAILED).build());

        assertThat(PlainText.of(LostRunsTable.of(study()).orElseThrow()))
                .containsPattern("elsewhere +8-4 +Adam +none +1 +0 +0 +0 +1 +0 +– ");
    }
}
