// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import static io.github.caadam.experiments.paper.Agreement.Verdict.AGREES;
import static io.github.caadam.experiments.paper.Agreement.Verdict.DIFFERS;
import static io.github.caadam.experiments.paper.Agreement.Verdict.UNDECIDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunRowBuilder;
import io.github.caadam.experiments.results.RunStatus;
import io.github.caadam.experiments.results.StudyRuns;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Against the published 0.466 ± 0.003 of Adam and −1.24 % (p = 6e-12) of Adamax on 64-32. */
class AgreementTest {

    private final List<RunRow> rows = new ArrayList<>();

    @Test
    void aMeanAgreesWhereItsIntervalContainsTheirs() {
        // Means 0.467 and 0.470, deviations 0.001: intervals of ±4.303·0.001/√3 = 0.0025.
        add("64-32", "Adam", 0.466, 0.467, 0.468);
        add("64-32", "AdamW", 0.469, 0.470, 0.471);

        List<Agreement> agreements = agreements();

        assertThat(agreements).extracting(Agreement::mean).containsExactly(AGREES, DIFFERS);
        assertThat(agreements.get(1).difference()).isCloseTo(0.004, within(1e-12));
        assertThat(agreements.get(1).isClose(true)).isTrue();
        assertThat(agreements.get(1).isClose(false)).isTrue();
        assertThat(agreements.get(0).sign()).isEmpty();
        // All have 2 epochs, the paper 170.
        assertThat(agreements.get(0).meanOfEpochs()).isEqualTo(DIFFERS);
    }

    @Test
    void whatRoundingMayHaveChangedDoesNotDiffer() {
        // The interval ends at 0.4656 − 0.00025, the printed 0.466 may be 0.4655.
        add("64-32", "Adam", 0.4655, 0.4656, 0.4657);

        assertThat(agreements().get(0).mean()).isEqualTo(AGREES);
    }

    @Test
    void signAndSignificanceAreThoseOfTheImprovement() {
        add("64-32", "Adam", 0.466, 0.467, 0.468);
        add("64-32", "Adamax", 0.480, 0.481, 0.482);
        add("128-64-32", "Adam", 0.459, 0.460, 0.461);
        add("128-64-32", "Adamax", 0.458, 0.459, 0.461);

        List<Agreement> agreements = agreements();

        assertThat(agreements.get(1).sign()).contains(AGREES);
        assertThat(agreements.get(1).significance()).contains(AGREES);
        assertThat(agreements.get(3).sign()).contains(DIFFERS);
        assertThat(agreements.get(3).significance()).contains(DIFFERS);
    }

    @Test
    void aSingleRunDecidesNothing() {
        add("64-32", "Adam", 0.466);
        add("64-32", "Adamax", 0.480);

        Agreement adamax = agreements().get(1);

        assertThat(adamax.mean()).isEqualTo(UNDECIDED);
        assertThat(adamax.significance()).contains(UNDECIDED);
        assertThat(adamax.differenceP()).isNaN();
    }

    @Test
    void whereAdamLostTooManyRunsNoSignIsDecided() {
        add("64-32", "Adam", 0.466, 0.467);
        add("64-32", "Adamax", 0.480, 0.481);
        rows.add(
                new RunRowBuilder()
                        .on("california-housing", "64-32")
                        .by("Adam", "none")
                        .run(2)
                        .lost(RunStatus.DIVERGED)
                        .build());

        assertThat(agreements().get(1).sign()).contains(UNDECIDED);
    }

    @Test
    void whereTooManyRunsWereLostNoDifferenceIsTested() {
        add("64-32", "Adam", 0.466, 0.467, 0.468);
        assertThat(agreements().get(0).differenceP()).isBetween(0.0, 1.0);

        rows.add(
                new RunRowBuilder()
                        .on("california-housing", "64-32")
                        .by("Adam", "none")
                        .run(3)
                        .lost(RunStatus.DIVERGED)
                        .build());

        assertThat(agreements().get(0).mean()).isEqualTo(UNDECIDED);
        assertThat(agreements().get(0).differenceP()).isNaN();
    }

    @Test
    void withoutAdamOnlyMeansAreCompared() {
        add("64-32", "Adamax", 0.480, 0.481);

        assertThat(agreements().get(0).sign()).isEmpty();
    }

    @Test
    void whatThePaperDoesNotHaveIsLeftOut() {
        add("32-16", "Adam", 0.480, 0.481);

        assertThat(agreements()).isEmpty();
    }

    private List<Agreement> agreements() {
        return Agreement.of(RunGroup.of(StudyRuns.ofRows(rows)).get(0));
    }

    private void add(String architecture, String optimizer, double... values) {
        rows.addAll(
                new RunRowBuilder()
                        .on("california-housing", architecture)
                        .by(optimizer, "none")
                        .runsWith(values));
    }
}
