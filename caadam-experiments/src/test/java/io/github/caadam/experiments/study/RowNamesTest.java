// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.Suite;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowNamesTest {

    private static final String REFERENCE =
            Yaml.PROTOCOL
                    + "seeds: 2\n"
                    + "optimizer-defaults: {learning-rate: 0.001, convention: reference}\n";

    @TempDir private Path directory;

    private List<Configuration> rows(String... optimizers) {
        return Yaml.study(directory, "\"mlp:4\"", REFERENCE, optimizers).optimizers();
    }

    private Configuration row(String options) {
        List<Configuration> rows = rows(options, "\"caadam:fan-in\"");
        assertThat(rows).hasSize(2);
        return rows.get(0);
    }

    @Test
    void whatTheStudyGivesAllIsNotPartOfTheLabel() {
        for (String name : Suite.optimizers()) {
            if (name.contains("relative-step")) {
                continue; // They refuse the learning rate that the study gives all.
            }
            Configuration row = row("\"" + name + "\"");

            assertThat(row.strategy())
                    .isEqualTo(name.contains(":") ? name.substring(name.indexOf(':') + 1) : "none");
            assertThat(row.name()).isEqualTo(name);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "adam | learning-rate: 0.0005 | none lr=0.0005",
                "adam | learning-rate: 0.01 | none lr=0.01",
                "adam | learning-rate: 1e-9 | none lr=1.0E-9",
                "adam | learning-rate: 0.001 | none",
                "sgd | 'learning-rate: 0.0005, momentum: 0.9' | none lr=0.0005 momentum=0.9",
                "adam | beta1: 0.8 | none beta1=0.8",
                "adam | amsgrad: true | none amsgrad=true",
                "adamw | weight-decay: 0.004 | none",
                "adamw | weight-decay: 0.01 | none decay=0.01",
                "caadam:depth | convention: paper | depth convention=paper",
                "caadam:depth | 'convention: paper, gamma: 0.95' | depth convention=paper",
                "caadam:depth | 'convention: paper, gamma: 1' | depth convention=paper gamma=1.0",
                "caadam:additive | 'factors: \"shuffled:5\", convention: paper'"
                        + " | additive shuffled:5 convention=paper",
                "caadam:multiplicative"
                        + " | 'weight-decay: 0.01, gamma: 0.9, convention: paper, learning-rate:"
                        + " 0.005' | multiplicative lr=0.005 convention=paper gamma=0.9 decay=0.01"
            })
    void everyOtherOptionIs(String name, String options, String strategy) {
        Configuration row = row("{name: \"" + name + "\", options: {" + options + "}}");

        assertThat(row.strategy()).isEqualTo(strategy);
    }

    @Test
    void aLabelStandsForAllButTheGrid() {
        List<Configuration> rows =
                rows(
                        "{name: adam, label: ours, options: {beta1: 0.8},"
                                + " grid: {learning-rate: [0.001, 0.01], amsgrad: [false, true]}}",
                        "\"caadam:depth\"");

        assertThat(rows.subList(0, 4))
                .extracting(Configuration::label)
                .containsExactly(
                        "ours:none lr=0.001 amsgrad=false",
                        "ours:none lr=0.001 amsgrad=true",
                        "ours:none lr=0.01 amsgrad=false",
                        "ours:none lr=0.01 amsgrad=true");
        assertThat(rows.get(3).name()).isEqualTo("ours lr=0.01 amsgrad=true");
        assertThat(rows.get(3).component().options().asMap()).containsEntry("beta1", 0.8);
    }

    @Test
    void optionsOfAGridMayBeCoupled() {
        List<Configuration> rows =
                rows(
                        "{name: adam, grid: {\"beta1, weight-decay\": [[0.9, 0], [0.8, 0.01]]}}",
                        "\"caadam:depth\"");

        assertThat(rows.subList(0, 2))
                .extracting(Configuration::strategy)
                .containsExactly("none", "none beta1=0.8 decay=0.01");
    }

    @Test
    void whatIsTunedIsNamedAsSuch() {
        Study study =
                Yaml.study(
                        directory,
                        "\"mlp:4\"",
                        REFERENCE + "tuning: {seeds: 2}\n",
                        "{name: adam, tune: {\"learning-rate\": [0.1, 0.01], amsgrad: [true,"
                                + " false]}}",
                        "{name: \"caadam:depth\", label: deep, tune: {gamma: [1, 2]}}",
                        "{name: \"caadam:additive\", options: {factors: averaged},"
                                + " tune: {as: adam}}");

        assertThat(study.optimizers())
                .extracting(Configuration::label)
                .containsExactly(
                        "Adam:none tuned", "deep:none", "CaAdam:additive averaged tuned-as=adam");
        assertThat(study.tuningStudy().orElseThrow().optimizers())
                .extracting(Configuration::label)
                .containsExactly(
                        "Adam:none lr=0.1 amsgrad=true",
                        "Adam:none lr=0.1",
                        "Adam:none lr=0.01 amsgrad=true",
                        "Adam:none lr=0.01",
                        "deep:none gamma=1.0",
                        "deep:none gamma=2.0");
    }
}
