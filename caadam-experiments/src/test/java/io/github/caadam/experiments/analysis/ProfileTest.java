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

class ProfileTest {

    private final List<RunRow> rows = new ArrayList<>();

    private void add(String architecture, String optimizer, double... values) {
        rows.addAll(
                new RunRowBuilder()
                        .on("data", architecture)
                        .by(optimizer, "none")
                        .runsWith(values));
    }

    private List<Profile> profiles() {
        return Profile.of(RunGroup.of(StudyRuns.ofRows(rows)).get(0));
    }

    @Test
    void areOverTheDistanceFromTheBestMean() {
        add("8", "A", 1, 3);
        add("8", "B", 2.5);
        add("16", "A", 7);
        add("16", "B", 3);

        List<Profile> profiles = profiles();

        assertThat(profiles.get(0).curve().excesses()).containsExactly(0, 4);
        assertThat(profiles.get(1).curve().excesses()).containsExactly(0, 0.5);
        assertThat(profiles.get(0).target()).isEmpty();
    }

    @Test
    void whatWasNotRunOnAllProblemsHasNone() {
        add("8", "A", 1);
        add("16", "A", 1);
        add("8", "B", 2);
        add("16", "B", 2);
        add("8", "C", 0);

        assertThat(profiles().stream().map(one -> one.configuration().optimizer()).toList())
                .containsExactly("A", "B");
    }

    @Test
    void whatLostTooManyRunsIsNotNear() {
        add("8", "A", 1);
        add("16", "A", 1);
        add("8", "B", 2);
        add("16", "B", 0);
        rows.add(
                new RunRowBuilder()
                        .on("data", "16")
                        .by("B", "none")
                        .run(1)
                        .lost(RunStatus.DIVERGED)
                        .build());

        assertThat(profiles().get(0).curve().excesses()).containsExactly(0, 0);
        assertThat(profiles().get(1).curve().excesses())
                .containsExactly(1, Double.POSITIVE_INFINITY);
    }

    @Test
    void oneProblemHasNone() {
        add("8", "A", 1);
        add("8", "B", 2);

        assertThat(profiles()).isEmpty();
    }
}
