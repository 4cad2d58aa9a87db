package io.github.caadam.experiments.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.structure.StructureConvention;
import java.util.List;
import org.junit.jupiter.api.Test;

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

    @Test
    void aConventionBringsItsOwnGamma() {
        OptimizerSpec spec =
                OptimizerSpec.parse("caadam:depth", Protocol.NOTEBOOK)
                        .with(null, StructureConvention.PAPER, null, null);

        assertThat(spec.label(Protocol.NOTEBOOK)).isEqualTo("depth convention=paper");
    }
}
