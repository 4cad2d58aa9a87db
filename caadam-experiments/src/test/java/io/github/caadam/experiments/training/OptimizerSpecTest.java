// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.caadam.experiments.control.FactorControl;
import io.github.caadam.structure.StructureConvention;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptimizerSpecTest {

    @Test
    void whatTheProtocolGivesIsNotPartOfTheLabel() {
        for (String name : OptimizerSpec.NAMES) {
            for (Protocol protocol : List.of(Protocol.PAPER, Protocol.NOTEBOOK)) {
                OptimizerSpec spec = OptimizerSpec.parse(name, protocol);

                assertThat(spec.label(protocol)).isEqualTo(spec.scaling().label());
            }
        }
    }

    @Test
    void everyOtherOptionIs() {
        OptimizerSpec spec =
                OptimizerSpec.parse("caadam:multiplicative", Protocol.NOTEBOOK)
                        .with(0.9, StructureConvention.PAPER, 0.005, 0.01);

        assertThat(spec.label(Protocol.NOTEBOOK))
                .isEqualTo("multiplicative lr=0.005 convention=paper gamma=0.9 decay=0.01");
    }

    @ParameterizedTest
    @CsvSource({"0.0005, none lr=0.0005", "0.01, none lr=0.01", "1e-9, none lr=1.0E-9"})
    void learningRatesArePrintedAsTheyAreWritten(double rate, String label) {
        assertThat(
                        OptimizerSpec.parse("adam", Protocol.PAPER)
                                .with(null, null, rate, null)
                                .label(Protocol.PAPER))
                .isEqualTo(label);
    }

    @Test
    void whatIsDoneToFactorsFollowsTheStrategy() {
        OptimizerSpec spec =
                OptimizerSpec.parse("caadam:additive", Protocol.NOTEBOOK)
                        .withFactors(FactorControl.parse("shuffled:5"));

        assertThat(spec.label(Protocol.NOTEBOOK)).isEqualTo("additive shuffled:5");
        assertThat(spec.fullName(Protocol.NOTEBOOK)).isEqualTo("caadam:additive shuffled:5");
        assertThat(spec.name()).isEqualTo("caadam:additive");
        assertThat(spec.with(null, StructureConvention.PAPER, null, null).label(Protocol.NOTEBOOK))
                .isEqualTo("additive shuffled:5 convention=paper");
    }

    @Test
    void whatHasNoFactorsTakesNoControl() {
        FactorControl reversed = FactorControl.parse("reversed");

        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> OptimizerSpec.parse("nadam", Protocol.PAPER).withFactors(reversed))
                .withMessage(
                        "Nadam has no factors that could be reversed; that takes caadam with a"
                                + " strategy.");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                OptimizerSpec.parse("caadam:gradient-concentration", Protocol.PAPER)
                                        .withFactors(reversed))
                .withMessageContaining("depend on the current gradient");
    }

    @Test
    void aConventionBringsItsOwnGamma() {
        OptimizerSpec spec =
                OptimizerSpec.parse("caadam:depth", Protocol.NOTEBOOK)
                        .with(null, StructureConvention.PAPER, null, null);

        assertThat(spec.label(Protocol.NOTEBOOK)).isEqualTo("depth convention=paper");
    }
}
