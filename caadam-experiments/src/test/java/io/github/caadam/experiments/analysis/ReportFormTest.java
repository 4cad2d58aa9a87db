// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunRowBuilder;
import io.github.caadam.experiments.results.RunStatus;
import io.github.caadam.experiments.results.StudyRuns;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportFormTest {

    private final List<RunRow> rows = new ArrayList<>();

    private void add(String optimizer, String strategy) {
        rows.add(row(optimizer, strategy).build());
    }

    private static RunRowBuilder row(String optimizer, String strategy) {
        return new RunRowBuilder().of("own", "", "").by(optimizer, strategy);
    }

    private ReportForm form() {
        return ReportForm.of(StudyRuns.ofRows(rows));
    }

    private ReportForm comparedWith(String label) {
        StudyRuns runs = StudyRuns.ofRows(rows);
        return ReportForm.of(runs.comparedBy(runs.compare().withBaseline(label)));
    }

    @Test
    void baselineIsTheOneThatTheStudyNames() {
        add("SGD", "none");
        add("Ours", "none beta=0.9");

        assertThat(comparedWith("Ours beta=0.9").baseline())
                .isEqualTo(new Configuration("Ours", "none beta=0.9"));
    }

    @Test
    void aBaselineWithoutRunsKeepsItsLabel() {
        add("SGD", "none");

        assertThat(comparedWith("Left out").baseline().label()).isEqualTo("Left out");
    }

    @Test
    void elseItIsTheFirstWithoutOptions() {
        add("Ours", "none beta=0.9");
        add("CaAdam", "depth");
        add("SGD", "none");
        add("RMSProp", "none");

        assertThat(form().baseline()).isEqualTo(new Configuration("SGD", "none"));
    }

    @Test
    void elseItIsTheFirst() {
        add("Ours", "none beta=0.9");
        add("Ours", "none beta=0.5");

        assertThat(form().baseline()).isEqualTo(new Configuration("Ours", "none beta=0.9"));
    }

    @Test
    void configurationsStandInTheOrderOfTheStudyAlsoWhereTheFirstRunWasLost() {
        rows.add(row("Zebra", "none").lost(RunStatus.DIVERGED).build());
        add("Ape", "none");
        rows.add(row("Zebra", "none").run(1).build());
        rows.add(row("Ape", "none").run(1).build());

        assertThat(RunGroup.of(StudyRuns.ofRows(rows)).get(0).configurations())
                .extracting(Configuration::optimizer)
                .containsExactly("Zebra", "Ape");
    }

    @Test
    void theBaselineIsBlackAndColoursAreThoseOfAllFigures() {
        add("First", "none beta=0.9");
        add("SGD", "none");
        add("SGD", "none lr=0.1");

        assertThat(form().colors())
                .containsEntry(new Configuration("SGD", "none"), "#000000")
                .containsEntry(new Configuration("First", "none beta=0.9"), "#56b4e9")
                .hasSize(3);
    }

    @Test
    void ofTooManyTheBaselineAndTheFirstAreShown() {
        for (int i = 0; i < 20; i++) {
            add("Optimizer", "none beta=" + i);
        }
        add("SGD", "none");
        List<Configuration> all = List.copyOf(form().colors().keySet());

        assertThat(form().shown(all, 21)).isEqualTo(all);
        assertThat(form().shown(all, 20))
                .hasSize(7)
                .startsWith(all.get(0))
                .endsWith(new Configuration("SGD", "none"));
    }

    @Test
    void studiesOfThePaperHaveItsTitlesAndItsOrder() {
        rows.add(new RunRowBuilder().of("quickstart", "", "").by("CaAdam", "depth").build());
        rows.add(new RunRowBuilder().of("quickstart", "", "").by("Adam", "none").build());
        RunGroup group = RunGroup.of(StudyRuns.ofRows(rows)).get(0);

        assertThat(group.configurations())
                .extracting(Configuration::label)
                .containsExactly("Adam", "CaAdam depth");
        assertThat(group.form().heading(TableKind.MEANS, group.measure()))
                .isEqualTo(new TableTitle("Table I", "table1"));
        assertThat(group.measure().unit()).isEqualTo("standard deviations of the target");
    }

    @Test
    void aStudyOfItsOwnOnTheDataOfThePaperIsNone() {
        add("CaAdam", "depth");
        add("Adam", "none");
        RunGroup group = RunGroup.of(StudyRuns.ofRows(rows)).get(0);

        assertThat(group.form().publication()).isEmpty();
        assertThat(group.form().heading(TableKind.CONTRASTS, group.measure()))
                .isEqualTo(new TableTitle("Differences from Adam", "differences"));
        assertThat(group.measure().unit()).isEmpty();
    }
}
