// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.experiments.Suite;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.StructureConvention;
import io.github.caadam.structure.StructureInspector;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What studies do to the factors of a strategy, on the MLP 64-32 with 8 inputs: layers of 512 + 64,
 * 2,048 + 32 and 32 + 1 values, 2,689 in all. Its additive factors (γ = 0.95) are 1, 0.05, 1.95 in
 * the {@code PAPER} convention, 1.95 for weights and 1 + 0.95·512/480 = 2.01333 for biases in
 * {@code REFERENCE}.
 */
class FactorControlTest {

    private static final double EXACT = 1e-12;
    private static final double BIAS = 1 + 0.95 * 512 / 480;

    private static final ScalingStrategy ADDITIVE = ScalingStrategy.additive(0.95);

    @Test
    void averagedGivesEveryParameterTheMeanOverTheValues() {
        double paper = (576 * 1 + 2080 * 0.05 + 33 * 1.95) / 2689;
        double reference = (2592 * 1.95 + 97 * BIAS) / 2689;

        assertThat(factors(control("averaged", ADDITIVE), StructureConvention.PAPER))
                .containsExactly(sixTimes(paper), within(EXACT));
        assertThat(factors(control("averaged", ADDITIVE), StructureConvention.REFERENCE))
                .containsExactly(sixTimes(reference), within(EXACT));
    }

    /** Hand-computed: one step of Adam moves each value by α·S·g/(|g|+ε). */
    @Test
    void caAdamStepsAllLayersByTheMeanFactor() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = mlp(manager);
            var optimizer =
                    CaAdam.builder()
                            .setBlock(block)
                            .setScaling(control("averaged", ADDITIVE))
                            .optLearningRateTracker(Tracker.fixed(0.01f))
                            .build();
            try (optimizer) {
                for (var parameter : block.getParameters().values()) {
                    NDArray weight = parameter.getArray();
                    NDArray before = weight.duplicate();
                    optimizer.update(parameter.getId(), weight, weight.onesLike());
                    // 0.01 · 744.35/2689; float32 weights of up to 0.4 are apart by 3e-8.
                    assertThat(before.sub(weight).mean().getFloat())
                            .isCloseTo(0.0027681f, within(1e-6f));
                }
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @CsvSource({
        // A Python program that follows the documentation of Random and Collections.shuffle.
        "5, 0.05 1 1.95",
        "6, 1.95 1 0.05",
        "7, 1 1.95 0.05"
    })
    void shuffledPermutesLayersWhereFactorsBelongToLayers(int seed, String expected) {
        double[] factors =
                factors(control("shuffled:" + seed, ADDITIVE), StructureConvention.PAPER);

        double[] layers = numbers(expected);
        assertThat(factors).hasSize(2 * layers.length);
        for (int layer = 0; layer < layers.length; layer++) {
            assertThat(factors[2 * layer]).isCloseTo(layers[layer], within(EXACT));
            assertThat(factors[2 * layer + 1]).isEqualTo(factors[2 * layer]);
        }
    }

    /**
     * The same program permutes 0…5 to 1, 3, 4, 0, 2, 5 with seed 5; even ones are weights, odd
     * ones biases.
     */
    @Test
    void shuffledPermutesParametersWhereFactorsBelongToVariables() {
        assertThat(factors(control("shuffled:5", ADDITIVE), StructureConvention.REFERENCE))
                .containsExactly(new double[] {BIAS, BIAS, 1.95, 1.95, 1.95, BIAS}, within(EXACT));
    }

    @Test
    void shuffledMovesAFactorWheneverTwoDiffer() {
        // Multiplicative on 64-32: 1, 5, 5, of which every third permutation is the original.
        ScalingStrategy strategy = ScalingStrategy.multiplicative(5);
        double[] original = factors(strategy, StructureConvention.PAPER);

        for (int seed = 0; seed < 50; seed++) {
            assertThat(factors(control("shuffled:" + seed, strategy), StructureConvention.PAPER))
                    .isNotEqualTo(original)
                    .containsExactlyInAnyOrder(original);
        }
        assertThat(
                        factors(
                                control("shuffled:1", ScalingStrategy.none()),
                                StructureConvention.PAPER))
                .containsOnly(1.0);
    }

    @Test
    void reversedGivesTheFirstLayerTheLastOnesFactor() {
        assertThat(factors(control("reversed", ADDITIVE), StructureConvention.PAPER))
                .containsExactly(new double[] {1.95, 1.95, 0.05, 0.05, 1.0, 1.0}, within(EXACT));
        // 2^(5/6), …, 2^(1/6), 1 turned round.
        assertThat(
                        factors(
                                control("reversed", ScalingStrategy.depth(1)),
                                StructureConvention.REFERENCE))
                .containsExactly(
                        new double[] {1.0, 1.12246, 1.25992, 1.41421, 1.58740, 1.78180},
                        within(5e-6));
    }

    @Test
    void factorsOfWeightsAndOfVectorsComeApart() {
        assertThat(factors(control("weights-only", ADDITIVE), StructureConvention.PAPER))
                .containsExactly(new double[] {1.0, 1.0, 0.05, 1.0, 1.95, 1.0}, within(EXACT));
        assertThat(factors(control("vectors-only", ADDITIVE), StructureConvention.PAPER))
                .containsExactly(new double[] {1.0, 1.0, 1.0, 0.05, 1.0, 1.95}, within(EXACT));
        assertThat(factors(control("vectors-only", ADDITIVE), StructureConvention.REFERENCE))
                .containsExactly(new double[] {1.0, BIAS, 1.0, BIAS, 1.0, BIAS}, within(EXACT));
    }

    @Test
    void normalisationMovesWithTheLayerThatItFollows() {
        // c = 32 and 8: additive 0.05 and 1.95, as the median is the mean of both.
        var block =
                new SequentialBlock()
                        .add(Linear.builder().setUnits(8).build())
                        .add(BatchNorm.builder().build())
                        .add(Linear.builder().setUnits(1).build());
        try (NDManager manager = NDManager.newBaseManager()) {
            block.initialize(manager, DataType.FLOAT32, new Shape(2, 4));
            NetworkStructure network = StructureInspector.inspect(block, StructureConvention.PAPER);

            assertThat(factors(control("reversed", ADDITIVE), network))
                    .containsExactly(
                            new double[] {1.95, 1.95, 1.95, 1.95, 0.05, 0.05}, within(EXACT));
            assertThat(factors(control("weights-only", ADDITIVE), network))
                    .containsExactly(new double[] {0.05, 1.0, 1.0, 1.0, 1.95, 1.0}, within(EXACT));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"averaged", "shuffled:1", "reversed"})
    void factorsThatFollowGradientsAreNotMovedOverTheNetwork(String control) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> control(control, ScalingStrategy.gradientConcentration(1)))
                .withMessageContaining("gradientConcentration(gamma=1.0) depend on the current");
    }

    @Test
    void factorsThatFollowGradientsMayBeThoseOfWeightsOnly() {
        NetworkStructure network = structure(StructureConvention.PAPER);
        ScalingStrategy weights = control("weights-only", ScalingStrategy.gradientConcentration(2));
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray gradient = manager.create(new float[] {2, -2});

            assertThat(weights.isGradientAware()).isTrue();
            // κ = 1, so S = π/2.
            assertThat(weights.factor(network.parameters().get(0), network, gradient))
                    .isCloseTo(Math.PI / 2, within(1e-6));
            assertThat(weights.factor(network.parameters().get(1), network, gradient)).isEqualTo(1);
        }
    }

    @Test
    void controlsAreReadInTheFormThatTheyAreWritten() {
        for (String text :
                List.of(
                        "",
                        "averaged",
                        "shuffled:12",
                        "reversed",
                        "weights-only",
                        "vectors-only")) {
            assertThat(FactorControl.parse(text).label()).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mean", "shuffled", "shuffled:x", "shuffled:-1", "averaged:1", "none"})
    void unknownControlsListTheValidOnes(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FactorControl.parse(text))
                .withMessage(
                        "Unknown factors \""
                                + text
                                + "\"; valid are: averaged, shuffled:SEED, reversed, weights-only,"
                                + " vectors-only, with a whole number as SEED.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"averaged", "reversed", "weights-only", "vectors-only"})
    void descriptionsNameTheControlAndTheStrategyThatItIsOf(String control) {
        assertThat(control(control, ADDITIVE).describe())
                .isEqualTo(Map.of("strategy", control, "of", ADDITIVE.describe()));
    }

    @Test
    void descriptionOfAShuffleHasItsSeed() {
        assertThat(control("shuffled:7", ADDITIVE).describe())
                .isEqualTo(Map.of("strategy", "shuffled", "of", ADDITIVE.describe(), "seed", 7));
    }

    @Test
    void libraryDoesNotRebuildControls() {
        Map<String, Object> description = control("averaged", ADDITIVE).describe();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScalingStrategy.fromDescription(description))
                .withMessageContaining("Unknown strategy \"averaged\"");
    }

    @Test
    void equalControlsOfEqualStrategiesAreEqualAndSayWhatTheyAre() {
        assertThat(control("shuffled:3", ADDITIVE))
                .isEqualTo(control("shuffled:3", ScalingStrategy.additive(0.95)))
                .isNotEqualTo(control("shuffled:5", ADDITIVE))
                .hasToString("additive(gamma=0.95) shuffled(seed=3)");
        assertThat(control("averaged", ADDITIVE))
                .isNotEqualTo(control("reversed", ADDITIVE))
                .hasToString("additive(gamma=0.95) averaged");
        assertThat(control("reversed", ADDITIVE)).hasToString("additive(gamma=0.95) reversed");
        assertThat(control("weights-only", ADDITIVE))
                .isNotEqualTo(control("vectors-only", ADDITIVE))
                .hasToString("additive(gamma=0.95) on weights only");
        assertThat(control("vectors-only", ADDITIVE))
                .hasToString("additive(gamma=0.95) on vectors only");
    }

    private static ScalingStrategy control(String form, ScalingStrategy strategy) {
        return FactorControl.parse(form).applyTo(strategy);
    }

    private static double[] factors(ScalingStrategy scaling, StructureConvention convention) {
        return factors(scaling, structure(convention));
    }

    private static double[] factors(ScalingStrategy scaling, NetworkStructure network) {
        return network.parameters().stream()
                .mapToDouble(parameter -> scaling.factor(parameter, network))
                .toArray();
    }

    private static NetworkStructure structure(StructureConvention convention) {
        try (NDManager manager = NDManager.newBaseManager()) {
            return StructureInspector.inspect(mlp(manager), convention);
        }
    }

    private static Block mlp(NDManager manager) {
        Block block = Suite.block("mlp:64-32", new Shape(8), 1, 0);
        block.initialize(manager, DataType.FLOAT32, new Shape(1, 8));
        return block;
    }

    private static double[] sixTimes(double value) {
        return DoubleStream.generate(() -> value).limit(6).toArray();
    }

    private static double[] numbers(String text) {
        return List.of(text.split(" ")).stream().mapToDouble(Double::parseDouble).toArray();
    }
}
