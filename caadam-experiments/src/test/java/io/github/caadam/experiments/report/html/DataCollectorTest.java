// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.StudyRuns;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DataCollectorTest {

    private static PageData collect(int networks) {
        List<RunRow> rows = new ArrayList<>();
        List<RunRecord> records = new ArrayList<>();
        for (int network = 0; network < networks; network++) {
            for (int seed = 0; seed < 6; seed++) {
                RunRecord record = Studies.run("n" + network, "SGD", "none", seed, 0.5);
                records.add(record);
                rows.add(record.toRow(record.planned(), "s", ""));
            }
        }
        StudyRuns runs =
                new StudyRuns(
                        rows,
                        records,
                        List.of(),
                        StudyRuns.ofRows(rows).compare(),
                        Map.of(),
                        Map.of());
        PageIndex index = new PageIndex(RunGroup.of(runs));
        ReportInput input = new ReportInput(runs, Optional.empty(), List.of(), Optional.empty());
        return new DataCollector(index, new Histories(input)).collect(List.of(), List.of());
    }

    @Test
    void aSmallPageHasFiveCurvesOfEachConfiguration() {
        assertThat(collect(2).curves()).hasSize(10);
    }

    @Test
    void theMoreConfigurationsTheFewerCurvesOfEach() {
        assertThat(collect(1000).curves()).hasSize(1000);
    }

    @Test
    void allRunsAreThereWhateverTheirCurves() {
        PageData data = collect(1000);

        assertThat(data.runs().cells()).hasSize(1000);
        assertThat(data.runs().run()).hasSize(6000);
        assertThat(data.runs().commits()).hasSize(1);
    }
}
