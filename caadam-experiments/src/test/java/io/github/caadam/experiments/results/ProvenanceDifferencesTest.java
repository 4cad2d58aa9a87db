// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProvenanceDifferencesTest {

    private static Provenance provenance(RunRecordBuilder builder, int seeds) {
        return Provenance.of(
                "study",
                "",
                IntStream.range(0, seeds).mapToObj(seed -> builder.run(seed).build()).toList());
    }

    private static Provenance plain() {
        return provenance(new RunRecordBuilder(), 3);
    }

    @Test
    void whatWasMadeAlikeDoesNotDiffer() {
        assertThat(ProvenanceDifferences.of(plain(), plain())).isEmpty();
    }

    @Test
    void optionsAreNamedOneByOne() {
        assertThat(
                        ProvenanceDifferences.of(
                                plain(),
                                provenance(
                                        new RunRecordBuilder().learningRate(0.01).epochLimit(50),
                                        3)))
                .containsExactly(
                        "protocol.epochs: 1000 and 50",
                        "optimizer Adam:none.options.learning-rate: 0.001 and 0.01");
    }

    @Test
    void dataSeedsAndPlacesAreSaid() {
        Provenance other =
                provenance(
                        new RunRecordBuilder()
                                .on("houses", "64-32")
                                .at("another", "2026-01-01T00:00:00Z")
                                .commit("beef"),
                        2);

        List<String> differences = ProvenanceDifferences.of(plain(), other);

        assertThat(differences)
                .contains(
                        "seeds: 3 (0 to 2) and 2 (0 to 1)",
                        "commit: c0ffee and beef",
                        "cpu: test and another")
                .anyMatch(line -> line.startsWith("data, the first only: friedman1: "))
                .anyMatch(line -> line.startsWith("data, the second only: houses: "));
    }

    @Test
    void optimizersOfOneSideAreListed() {
        Provenance both =
                Provenance.of(
                        "study",
                        "",
                        List.of(
                                new RunRecordBuilder().build(),
                                new RunRecordBuilder().by("SGD", "none").build()));
        Provenance one = provenance(new RunRecordBuilder(), 1);

        assertThat(ProvenanceDifferences.of(both, one))
                .containsExactly(
                        "optimizers, the first only:"
                                + " {\"name\":\"SGD:none\",\"options\":{\"learning-rate\":0.001}}");
    }

    @Test
    void publishedStudiesSayHowTheirProtocolsDiffer() throws Exception {
        Path results = Path.of("../results");

        assertThat(
                        ProvenanceDifferences.of(
                                Provenance.find(
                                                results.resolve(
                                                        "california-notebook/provenance.json"))
                                        .orElseThrow(),
                                Provenance.find(results.resolve("california-paper/provenance.json"))
                                        .orElseThrow()))
                .contains(
                        "study: california-notebook and california-paper",
                        "protocol.batch-size: 128 and 64",
                        "protocol.initial-weights: \"shared\" and \"by-seed\"");
    }
}
