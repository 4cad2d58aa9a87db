// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.caadam.experiments.results.PlannedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunSetTest {

    private static final Map<String, String> DIGESTS = Map.of("friedman1", "d");

    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "adam, {name: adam, learning-rate: 0.001}",
                "adam, adam",
                "adam, {name: adam, weight-decay: 0}"
            })
    void equalConfigurationsAreMergedWithANote(String optimizers) throws IOException {
        RunSet set = RunSet.of(study("mlp:4", optimizers), DIGESTS);

        assertThat(set.runs()).hasSize(2);
        assertThat(set.notes())
                .singleElement()
                .asString()
                .contains("names friedman1 mlp:4 Adam:none more than once");
    }

    @Test
    void modelAndDataThatAreNamedTwiceAreMerged() throws IOException {
        RunSet set = RunSet.of(study("mlp:4, mlp:4", "adam"), DIGESTS);
        Path twice =
                Files.writeString(
                        directory.resolve("twice.yaml"),
                        Files.readString(directory.resolve("s.yaml"))
                                .replace("dataset: friedman1", "datasets: [friedman1, friedman1]"));

        assertThat(set.runs()).hasSize(2);
        assertThat(RunSet.of(StudyReader.read(twice.toString()), DIGESTS).runs()).hasSize(2);
    }

    /** How connections are counted has no effect on what does not scale. */
    @Test
    void oneConfigurationUnderTwoNamesIsRefused() throws IOException {
        Study study = study("mlp:4", "adam, {name: adam, convention: reference}");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunSet.of(study, DIGESTS))
                .withMessageContaining("has one configuration under two names")
                .withMessageContaining("Adam:none and")
                .withMessageContaining("Adam:none convention=reference");
    }

    @Test
    void runThatIsTunedToWhatAnotherOneIsIsMadeOnceUnderBothLabels() throws IOException {
        Study study = StudyReader.read("california-size").only("mlp:64-32,adam");
        Map<TuningCase, Double> chosen = new HashMap<>();
        study.tuningCases().forEach(one -> chosen.put(one, 0.001));

        RunSet set = RunSet.of(study.withLearningRates(chosen), Map.of("california-housing", "d"));

        assertThat(set.runs()).hasSize(60);
        assertThat(set.runs().keySet().stream().map(PlannedRun::id).collect(Collectors.toSet()))
                .hasSize(30);
        assertThat(set.notes()).singleElement().asString().contains("was tuned to what");
    }

    private Study study(String models, String optimizers) throws IOException {
        return StudyReader.read(
                Files.writeString(
                                directory.resolve("s.yaml"),
                                "name: s\ndataset: friedman1\nmodels: ["
                                        + models.replaceAll("mlp:[0-9]+", "\"$0\"")
                                        + "]\noptimizers: ["
                                        + optimizers
                                        + "]\nprotocol: paper\nruns: 2\n")
                        .toString());
    }
}
