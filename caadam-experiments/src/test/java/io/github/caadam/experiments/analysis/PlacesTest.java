// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunRowBuilder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacesTest {

    private static final String EPYC = "device cpu, processor AMD EPYC, threads 1";
    private static final String XEON = "device cpu, processor Intel Xeon, threads 1";

    /** Runs from index 0, a place each. */
    private static List<RunRow> runs(String... places) {
        List<RunRow> runs = new ArrayList<>();
        for (String place : places) {
            runs.add(new RunRowBuilder().run(runs.size()).at(place).build());
        }
        return runs;
    }

    @Test
    void sidesOfOnePlaceAreAlikeWhateverTheirNumber() {
        assertThat(Places.areAlike(runs(EPYC, EPYC, EPYC), runs(EPYC))).isTrue();
        assertThat(Places.areAlike(runs(""), runs(""))).isTrue();
    }

    @Test
    void sidesOfSeveralPlacesAreAlikeWhereBlocksOfSeedsWereDealtOut() {
        assertThat(Places.areAlike(runs(EPYC, XEON), runs(EPYC, XEON))).isTrue();
        assertThat(Places.areAlike(runs(EPYC, XEON), runs(XEON, EPYC))).isFalse();
    }

    @Test
    void sidesOfDifferentPlacesAreUnlike() {
        assertThat(Places.areAlike(runs(EPYC), runs(XEON))).isFalse();
        assertThat(Places.areAlike(runs(EPYC, EPYC), runs(EPYC, XEON))).isFalse();
        assertThat(Places.areAlike(runs(EPYC), runs(""))).isFalse();
    }

    @Test
    void whatPlacesHaveInCommonIsNotRepeated() {
        List<RunRow> runs = runs(EPYC, XEON, XEON);
        Places places = Places.of(runs);

        assertThat(places.areSeveral()).isTrue();
        assertThat(places.describe())
                .isEqualTo(
                        "made in 2 places: 1: processor AMD EPYC (1 run), 2: processor Intel Xeon"
                                + " (2 runs)");
        assertThat(places.numbers(runs)).isEqualTo("1, 2");
        assertThat(places.numbers(runs.subList(1, 3))).isEqualTo("2");
    }

    @Test
    void unknownPlacesAreNamedSo() {
        assertThat(Places.of(runs("", EPYC)).describe())
                .startsWith("made in 2 places: 1: unknown (1 run), 2: device cpu,");
    }
}
