// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.caadam.Networks;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import io.github.caadam.structure.StructureConvention;
import io.github.caadam.structure.StructureInspector;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The factors of the six MLPs of the paper's California Housing experiments. PAPER values follow
 * from Eq. 15 by hand; REFERENCE values were printed by the published package {@code caadam} 0.1.1
 * on Keras 3.
 */
class FactorTableTest {

    private static final double FOUR_DECIMALS = 0.5e-4;

    @ParameterizedTest(name = "PAPER additive {0}")
    @CsvSource({
        "64-32, 1.0 0.05 1.95",
        "128-64-32, 1.3234 0.05 0.9269 1.95",
        "128-128-64, 1.7493 0.05 0.7109 1.95",
        "256-128-64-32, 1.0 0.05 0.81 1.0 1.95",
        "128-128-128-128-128, 1.8976 1 1 1 1 1.95",
        "1024-256-64-16, 1.0 0.05 0.9694 1.8329 1.95"
    })
    void paperConventionGivesEachLayerItsFactorAndItsBiasTheSame(String units, String expected) {
        List<Double> factors =
                factors(units, StructureConvention.PAPER, ScalingStrategy.additive(0.95));

        double[] layers = Stream.of(expected.split(" ")).mapToDouble(Double::parseDouble).toArray();
        assertThat(factors).hasSize(2 * layers.length);
        for (int layer = 0; layer < layers.length; layer++) {
            assertThat(factors.get(2 * layer)).isCloseTo(layers[layer], within(FOUR_DECIMALS));
            assertThat(factors.get(2 * layer + 1)).isEqualTo(factors.get(2 * layer));
        }
    }

    @ParameterizedTest(name = "REFERENCE {0}")
    @CsvSource({
        "64-32, 1.95, 2.0133, 5.0, 5.5663",
        "128-64-32, 1.95, 1.9702, 5.0, 5.1742",
        "128-128-64, 1.95, 1.9634, 5.0, 5.1146",
        "256-128-64-32, 1.95, 1.9651, 5.0, 5.1294",
        "128-128-128-128-128, 1.95, 1.9575, 5.0, 5.0638",
        "1024-256-64-16, 1.95, 1.9519, 5.0, 5.0158"
    })
    void referenceConventionGivesEveryWeightTheFactorOfTheLast(
            String units,
            double additiveWeight,
            double additiveBias,
            double multiplicativeWeight,
            double multiplicativeBias) {
        assertAlternates(
                factors(units, StructureConvention.REFERENCE, ScalingStrategy.additive(0.95)),
                additiveWeight,
                additiveBias);
        assertAlternates(
                factors(units, StructureConvention.REFERENCE, ScalingStrategy.multiplicative(5.0)),
                multiplicativeWeight,
                multiplicativeBias);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        // PAPER: d is the layer, d_m = 3; REFERENCE: d is the variable, d_m = 6. γ = 1.
        "PAPER, 1.5874 1.5874 1.2599 1.2599 1 1",
        "REFERENCE, 1.7818 1.5874 1.4142 1.2599 1.1225 1"
    })
    void depthScalingFallsToOneAtTheOutput(StructureConvention convention, String expected) {
        List<Double> factors = factors("64-32", convention, ScalingStrategy.depth(1.0));

        double[] values = Stream.of(expected.split(" ")).mapToDouble(Double::parseDouble).toArray();
        assertThat(factors).hasSize(values.length);
        for (int i = 0; i < values.length; i++) {
            assertThat(factors.get(i)).isCloseTo(values[i], within(FOUR_DECIMALS));
        }
    }

    private static void assertAlternates(List<Double> factors, double weight, double bias) {
        assertThat(factors).isNotEmpty();
        for (int i = 0; i < factors.size(); i++) {
            assertThat(factors.get(i)).isCloseTo(i % 2 == 0 ? weight : bias, within(FOUR_DECIMALS));
        }
    }

    private static List<Double> factors(
            String units, StructureConvention convention, ScalingStrategy scaling) {
        int[] layers =
                IntStream.concat(
                                Stream.of(units.split("-")).mapToInt(Integer::parseInt),
                                IntStream.of(1))
                        .toArray();
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = Networks.initialized(manager, Networks.mlp(layers), new Shape(1, 8));
            NetworkStructure network = StructureInspector.inspect(block, convention);
            return network.parameters().stream()
                    .map((ParameterStructure p) -> scaling.factor(p, network))
                    .toList();
        }
    }
}
