// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.caadam.experiments.Suite;
import io.github.caadam.experiments.results.PlannedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunSetTest {

    private static final Map<String, DataFacts> FACTS =
            Map.of("friedman1", new DataFacts("d", Optional.empty()));

    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "adam, {name: adam, options: {learning-rate: 0.001}}",
                "adam, adam",
                "adam, {name: adam, options: {weight-decay: 0}}"
            })
    void equalConfigurationsAreMergedWithANote(String optimizers) throws IOException {
        RunSet set = RunSet.of(study("mlp:4", optimizers), FACTS);

        assertThat(set.runs()).hasSize(2);
        assertThat(set.notes())
                .singleElement()
                .asString()
                .contains("names friedman1 mlp:4 Adam:none more than once");
    }

    @Test
    void modelAndDataThatAreNamedTwiceAreMerged() throws IOException {
        RunSet set = RunSet.of(study("mlp:4, mlp:4", "adam"), FACTS);
        Path twice =
                Files.writeString(
                        directory.resolve("twice.yaml"),
                        Files.readString(directory.resolve("s.yaml"))
                                .replace("data: [friedman1]", "data: [friedman1, friedman1]"));

        assertThat(set.runs()).hasSize(2);
        assertThat(RunSet.of(Suite.study(twice.toString()), FACTS).runs()).hasSize(2);
    }

    @Test
    void oneConfigurationUnderTwoNamesIsRefused() throws IOException {
        Study study = study("mlp:4", "adam, {name: adam, label: mine}");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunSet.of(study, FACTS))
                .withMessageContaining("has one configuration under two names")
                .withMessageContaining("Adam:none and")
                .withMessageContaining("mine:none");
    }

    @Test
    void runThatIsTunedToWhatAnotherOneIsIsMadeOnceUnderBothLabels() throws IOException {
        Study study = Suite.study("california-size").only("mlp:64-32,adam");
        RunSet set =
                RunSet.of(
                        study.withChosen(StudyTest.at(0.001, study.tuningCases())),
                        Map.of("california-housing", new DataFacts("d", Optional.empty())));

        assertThat(set.runs()).hasSize(60);
        assertThat(set.runs().keySet().stream().map(PlannedRun::id).collect(Collectors.toSet()))
                .hasSize(30);
        assertThat(set.notes()).singleElement().asString().contains("was tuned to what");
    }

    private Study study(String models, String optimizers) throws IOException {
        return Suite.study(
                Files.writeString(
                                directory.resolve("s.yaml"),
                                "format: 1\nname: s\ndata: [friedman1]\nmodels: ["
                                        + models.replaceAll("mlp:[0-9]+", "\"$0\"")
                                        + "]\noptimizers: ["
                                        + optimizers
                                        + "]\nprotocol: {batch-size: 64, epochs: 5}\nseeds: 2\n")
                        .toString());
    }
}
