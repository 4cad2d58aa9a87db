// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import static io.github.caadam.experiments.results.RunStatus.DIVERGED;
import static io.github.caadam.experiments.results.RunStatus.FAILED;
import static io.github.caadam.experiments.results.RunStatus.INVALID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunRowBuilder;
import io.github.caadam.experiments.results.RunStatus;
import io.github.caadam.experiments.results.StudyRuns;
import io.github.caadam.experiments.statistics.NoTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImprovementTest {

    private final List<RunRow> rows = new ArrayList<>();

    /** Thirty runs around a mean, of which the last ones are lost. */
    private void add(String optimizer, double mean, int lost, RunStatus status) {
        add(optimizer, mean, 30, lost, status, "");
    }

    private void add(
            String optimizer, double mean, int runs, int lost, RunStatus status, String place) {
        for (int run = 0; run < runs; run++) {
            RunRowBuilder row =
                    new RunRowBuilder()
                            .by(optimizer, "none")
                            .run(run)
                            .result("rmse", mean + 0.001 * (run % 7), 0)
                            .took(1 + run % 3, 2)
                            .at(place);
            rows.add((run < runs - lost ? row : row.lost(status)).build());
        }
    }

    private Improvement improvement() {
        return Improvement.of(RunGroup.of(StudyRuns.ofRows(rows)).get(0)).get(0);
    }

    /** A mean that is better by a little, over 27 of 30 runs, where Adam lost none. */
    @ParameterizedTest
    @EnumSource(
            value = RunStatus.class,
            names = {"DIVERGED", "INVALID", "FAILED"})
    void losingThreeOfThirtyRunsDoesNotLookBetter(RunStatus status) {
        add("Adam", 0.5000, 0, status);
        add("Wild", 0.4988, 3, status);

        Improvement improvement = improvement();

        assertThat(improvement.byValue().welchP()).isLessThan(0.05);
        assertThat(improvement.gain()).isPositive();
        assertThat(improvement.decisiveP()).isGreaterThan(0.05);
        assertThat(improvement.withLost().probability()).isLessThan(improvement.probability());
        assertThat(improvement.decisiveTimeP()).isNaN();
        assertThat(improvement.notes()).anyMatch(note -> note.startsWith("runs were lost"));
        assertThat(RunGroup.of(StudyRuns.ofRows(rows)).get(0).best(improvement.problem()))
                .containsExactly(new Configuration("Adam", "none"));
    }

    @Test
    void whatIsBetterWithItsLostRunsIsSaidToBe() {
        add("Adam", 0.50, 0, DIVERGED);
        add("Wild", 0.40, 3, DIVERGED);

        // 27 of 30 are better than all of Adam's.
        assertThat(improvement().withLost().probability()).isCloseTo(0.9, within(1e-12));
        assertThat(improvement().decisiveP())
                .isEqualTo(improvement().withLost().p())
                .isLessThan(1e-4);
    }

    @Test
    void aBaselineThatLostRunsDoesNotMakeOthersWorse() {
        add("Adam", 0.4988, 3, INVALID);
        add("Tame", 0.5000, 0, INVALID);

        assertThat(improvement().byValue().welchP()).isLessThan(0.05);
        assertThat(improvement().decisiveP()).isGreaterThan(0.05);
    }

    @Test
    void aboveATenthLostThereIsNoVerdict() {
        add("Adam", 0.50, 0, FAILED);
        add("Wild", 0.40, 4, FAILED);

        assertThat(improvement().lostTooMany()).isTrue();
        assertThat(improvement().decisiveP()).isNaN();
        assertThat(improvement().holmP()).isNaN();
        assertThat(improvement().notes())
                .contains(
                        "more than 10 % of the runs of a side were lost, so that there is no"
                                + " verdict");
    }

    @Test
    void whatCannotBeTestedHasNoPWhereRunsWereLostEither() {
        for (String optimizer : List.of("Adam", "Other")) {
            for (int run = 0; run < 20; run++) {
                rows.add(new RunRowBuilder().by(optimizer, "none").run(run).build());
            }
        }
        rows.add(new RunRowBuilder().by("Other", "none").run(20).lost(DIVERGED).build());

        assertThat(improvement().decisiveP()).isNaN();
        assertThat(improvement().notes()).contains("no test: no differences but those of rounding");
    }

    @Test
    void timesOfUnlikePlacesAreNotTested() {
        add("Adam", 0.50, 10, 0, FAILED, "a machine");
        add("Other", 0.40, 10, 0, FAILED, "another machine");

        assertThat(improvement().byTime().welchP()).isNaN();
        assertThat(improvement().byTime().untested()).contains(NoTest.UNLIKE_PLACES);
        assertThat(improvement().decisiveTimeP()).isNaN();
        assertThat(improvement().byValue().welchP()).isLessThan(1e-4);
        assertThat(improvement().notes())
                .contains("times are not tested: the sides were made in unlike places");
    }

    @Test
    void whatIsAsUsualHasNoNote() {
        add("Adam", 0.50, 0, FAILED);
        for (int run = 0; run < 30; run++) {
            rows.add(
                    new RunRowBuilder()
                            .by("Other", "none")
                            .run(run)
                            .result("rmse", 0.5 + 0.001 * (run % 5), 0)
                            .took(1 + run % 4, 2)
                            .build());
        }

        assertThat(improvement().notes()).isEmpty();
        assertThat(improvement().decisiveP()).isEqualTo(improvement().byValue().welchP());
    }

    @Test
    void whatNeverFinishedIsCountedAndHasNoMean() {
        add("Adam", 0.5, 0, DIVERGED);
        add("Wild", 0.5, 30, DIVERGED);

        RunGroup group = RunGroup.of(StudyRuns.ofRows(rows)).get(0);

        assertThat(Improvement.of(group)).isEmpty();
        assertThat(group.counts().describe()).isEqualTo("60 runs: 30 finished, 30 diverged");
        assertThat(group.cells()).hasSize(2);
    }
}
