// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.caadam.experiments.Suite;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.experiments.training.CoordinateCheck.Changes;
import io.github.caadam.experiments.training.CoordinateCheck.Growth;
import io.github.caadam.plugin.OptimizerFactory;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CoordinateCheckTest {

    private final CoordinateCheck check = new CoordinateCheck(Suite.CATALOG);

    /** Descent changes weights in proportion to its rate, and small changes of them add up. */
    @Test
    void changesOfPlainDescentAreInProportionToTheRate() throws IOException {
        Changes small = check.of(at("sgd", 1e-3), Growth.WIDTH, 32);
        Changes large = check.of(at("sgd", 4e-3), Growth.WIDTH, 32);

        assertThat(small.layers()).hasSize(4);
        for (int i = 0; i < 4; i++) {
            assertThat(large.layers().get(i) / small.layers().get(i)).isCloseTo(4, within(0.2));
        }
    }

    /** Its steps are of one gradient each, not of the sum of all so far. */
    @Test
    void changesOfDescentOfSomebodyWhoKnowsDjlOnlyAreTheSame() throws IOException {
        Component theirs =
                Suite.CATALOG.resolve(
                        Kind.OPTIMIZER,
                        Component.Source.CLASS,
                        Descent.class.getName(),
                        Map.of(OptimizerFactory.LEARNING_RATE, 1e-2));

        List<Double> changes = check.of(theirs, Growth.WIDTH, 32).layers();

        List<Double> expected = check.of(at("sgd", 1e-2), Growth.WIDTH, 32).layers();
        for (int i = 0; i < 4; i++) {
            assertThat(changes.get(i)).isCloseTo(expected.get(i), withinPercentage(0.1));
        }
    }

    /** In standard parameterization, Yang et al. (2022), figure 5: Adam's outputs blow up. */
    @Test
    void changesOfAdamsOutputGrowWithTheWidthAndThoseOfItsFirstLayerDoNot() throws IOException {
        Changes narrow = check.of(at("adam", 1e-3), Growth.WIDTH, 32);
        Changes wide = check.of(at("adam", 1e-3), Growth.WIDTH, 512);

        assertThat(wide.last() / narrow.last()).isGreaterThan(2.5);
        assertThat(wide.first() / narrow.first()).isBetween(0.5, 1.2);
    }

    @Test
    void deepNetworksHaveAChangeForEachOfTheirLayers() throws IOException {
        Changes changes = check.of(at("adam", 1e-3), Growth.DEPTH, 4);

        assertThat(changes.layers()).hasSize(5).allMatch(change -> change > 0);
        assertThat(changes.first()).isEqualTo(changes.layers().get(0));
        assertThat(changes.middle())
                .isCloseTo(
                        (changes.layers().get(1)
                                        + changes.layers().get(2)
                                        + changes.layers().get(3))
                                / 3,
                        within(1e-12));
        assertThat(changes.last()).isEqualTo(changes.layers().get(4));
    }

    private static Component at(String optimizer, double rate) {
        return Suite.CATALOG.named(
                Kind.OPTIMIZER, optimizer, Map.of(OptimizerFactory.LEARNING_RATE, rate));
    }
}
