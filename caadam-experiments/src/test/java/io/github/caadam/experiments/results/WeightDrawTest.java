// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class WeightDrawTest {

    private static final Path RESULTS = Path.of("../results");

    @Test
    void runsOfACsvFileHaveTheDrawsOfTheProvenanceBesideIt() throws IOException {
        StudyRuns six = StudyRuns.read(RESULTS.resolve("initial-weights/runs.csv"));

        assertThat(six.draws().keySet())
                .containsExactlyInAnyOrder(
                        "notebook-weights-1",
                        "notebook-weights-2",
                        "notebook-weights-3",
                        "notebook-weights-4",
                        "notebook-weights-5",
                        "notebook-weights-6");
        assertThat(six.draws().get("notebook-weights-2").seed()).isEqualTo(2);
        assertThat(six.draws().values().stream().map(WeightDraw::protocol).distinct()).hasSize(1);
        // The first draw, of which the paper's runs are.
        WeightDraw first =
                StudyRuns.read(RESULTS.resolve("california-notebook")).draws().get("notebook");
        assertThat(first.seed()).isZero();
        assertThat(first.protocol()).isEqualTo(six.draws().get("notebook-weights-2").protocol());
    }

    @Test
    void storesHaveTheDrawsOfTheirPlan() throws IOException {
        assertThat(StudyRuns.read(RESULTS.resolve("images-cpu")).draws())
                .containsOnlyKeys("notebook-images");
    }

    @Test
    void runsThatDrawTheirOwnWeightsHaveNone() throws IOException {
        assertThat(StudyRuns.read(RESULTS.resolve("california-paper")).draws()).isEmpty();
        assertThat(WeightDraw.of(new ObjectMapper().readTree("{\"weights-seed\": 3}"))).isEmpty();
    }
}
