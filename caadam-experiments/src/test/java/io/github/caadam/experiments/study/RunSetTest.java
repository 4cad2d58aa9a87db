// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.caadam.experiments.Suite;
import io.github.caadam.experiments.results.PlannedRun;
import io.github.caadam.experiments.results.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
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
    void whereNothingWasChosenTheRunsAreLostAndAskWhatNoOtherRunAsks() throws IOException {
        Study study =
                Yaml.study(
                        directory,
                        "mlp:4",
                        "tuning: {seeds: 1}\n" + Yaml.PROTOCOL + "seeds: 2\n",
                        "{name: adam, tune: {learning-rate: [0.01, 0.1]}}",
                        "{name: adam, options: {learning-rate: 0.01}}",
                        "{name: adam, label: ours, tune: {learning-rate: [0.01, 0.2]}}");
        Map<TuningCase, String> reasons = new HashMap<>();
        study.tuningCases().forEach(about -> reasons.put(about, "all diverged"));

        RunSet set = RunSet.of(study.withoutChoice(reasons), FACTS);

        assertThat(set.planned()).extracting(PlannedRun::id).hasSize(6).doesNotHaveDuplicates();
        assertThat(set.planned().stream().limit(3))
                .extracting(run -> run.question().lacksChoice())
                .containsExactly(true, false, true);
        assertThat(set.runs()).hasSize(2);
        assertThat(set.lost()).hasSize(4).containsValue("all diverged");
        JsonNode asked = set.planned().iterator().next().question().part(Question.OPTIMIZER);
        assertThat(asked.get("options").has("epsilon")).isTrue();
        assertThat(asked.get("options").has("learning-rate")).isFalse();
        assertThat(asked.get("tried").toString())
                .isEqualTo("[{\"learning-rate\":0.01},{\"learning-rate\":0.1}]");
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
