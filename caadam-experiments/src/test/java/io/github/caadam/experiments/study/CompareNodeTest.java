// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.caadam.experiments.Suite;
import io.github.caadam.experiments.metric.Measure;
import io.github.caadam.experiments.results.CompareSettings;
import io.github.caadam.experiments.results.Effort;
import io.github.caadam.experiments.results.PlannedRun;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompareNodeTest {

    private static final String[] OPTIMIZERS = {
        "{name: adam, label: Base}",
        "{name: adam, options: {learning-rate: 0.01}}",
        "{name: \"caadam:depth\", options: {gamma: 0.5}}"
    };

    @TempDir private Path directory;

    private Study study(String further) {
        return Yaml.study(
                directory, "\"mlp:4\"", Yaml.PROTOCOL + "seeds: 1\n" + further, OPTIMIZERS);
    }

    @Test
    void everythingThatIsSaidIsKept() {
        Study study =
                study(
                        """
                        compare:
                          baseline: Base
                          metric: mae
                          also: [rmse, {name: r2, label: explained}]
                          margin: 0.5
                          targets: {validation-loss: [0.3, 0.25]}
                          against: [epochs, seconds]
                          published: paper
                        titles: {means: Table 1, effects: Table 2}
                        """);

        assertThat(study.compare())
                .isEqualTo(
                        new CompareSettings(
                                "Base",
                                "mae",
                                List.of("rmse", "explained"),
                                0.5,
                                Map.of("validation-loss", List.of(0.3, 0.25)),
                                List.of(Effort.EPOCHS, Effort.SECONDS),
                                "paper",
                                Map.of("means", "Table 1", "effects", "Table 2")));
        assertThat(study.measures().named())
                .extracting(Measure::label)
                .containsExactly("mae", "rmse", "explained");
        RunSpec run = study.runSpecs().get(0);
        assertThat(RunSpec.fromJson(run.toJson(), Suite.CATALOG)).isEqualTo(run);
        PlannedRun planned = run.planned(DataFacts.of(Suite.friedman()));
        assertThat(planned.metric()).isEqualTo("mae");
        assertThat(planned.secondaryMetric()).isEqualTo("rmse");
        assertThat(planned.unit()).isEqualTo("standard deviations of the target");
        assertThat(planned.lowerIsBetter()).isTrue();
        assertThat(planned.also())
                .containsExactly(
                        new PlannedRun.Further("rmse", "standard deviations of the target", true),
                        new PlannedRun.Further("explained", "", false));
    }

    @Test
    void metricsDetermineNoRun() {
        String plain = study("").runSpecs().get(0).id("d");

        assertThat(study("compare: {metric: r2}\n").runSpecs().get(0).id("d")).isEqualTo(plain);
        PlannedRun planned =
                study("compare: {metric: r2}\n")
                        .runSpecs()
                        .get(0)
                        .planned(DataFacts.of(Suite.friedman()));
        assertThat(planned.metric()).isEqualTo("r2");
        assertThat(planned.secondaryMetric()).isEqualTo("rmse");
        assertThat(planned.unit()).isEmpty();
        assertThat(planned.lowerIsBetter()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "Base, Base",
        "adam lr=0.01, Adam lr=0.01",
        "Adam lr=0.01, Adam lr=0.01",
        "caadam:depth, CaAdam depth gamma=0.5",
        "CaAdam depth gamma=0.5, CaAdam depth gamma=0.5"
    })
    void aBaselineIsNamedAsTablesOrFiltersNameIt(String given, String printed) {
        assertThat(study("compare: {baseline: \"" + given + "\"}\n").compare().baseline())
                .isEqualTo(printed);
    }

    @Test
    void aBaselineThatIsWrittenTwiceIsOneRow() {
        Study study =
                Yaml.study(
                        directory,
                        "\"mlp:4\"",
                        Yaml.PROTOCOL + "seeds: 2\ncompare: {baseline: Base}\n",
                        "{name: adam, label: Base}",
                        "{name: adam, label: Base, options: {learning-rate: 0.001}}");

        assertThat(study.compare().baseline()).isEqualTo("Base");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "compare: {baseline: adam} | several rows are called adam; there are Base, adam",
                "compare: {metric: best} | There is no metric \"best\"; there are accuracy",
                "compare: {also: [mae]} | \"also\" goes with \"metric\", the one to compare by.",
                "compare: {metric: mae, also: [mae]} | the metric mae stands there twice.",
                "compare: {margin: large} | \"margin\" must be a number",
                "compare: {targets: {rmse: 1}} | \"rmse\" must be a list, found 1.",
                "compare: {targets: {rsme: [1]}} | 11:21: \"targets\" can have validation-loss,"
                        + " rmse, accuracy, found rsme; did you mean \"rmse\"?",
                "compare: {metric: mae, targets: {rmse: [1]}} | \"targets\" can have"
                        + " validation-loss, mae, found rmse.",
                "compare: {against: [epochs, second]} | 11:29: \"against\" can have epochs,"
                        + " seconds, found second; did you mean \"seconds\"?",
                "titles: {mean: T} | \"mean\" is no key of \"titles\"",
            })
    void whatIsUnclearIsRefused(String further, String fault) {
        assertThatThrownBy(() -> study(further + "\n")).hasMessageContaining(fault);
    }
}
