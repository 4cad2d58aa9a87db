// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.tracker.Tracker;
import com.google.gson.JsonObject;
import io.github.caadam.LibraryOptimizer;
import io.github.caadam.Networks;
import io.github.caadam.OptimizerCases;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import io.github.caadam.structure.StructureConvention;
import io.github.caadam.structure.StructureInspector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Muon moves and what AdamW does, and how far PyTorch's bfloat16 is away. */
class MuonTest {

    private final NDManager manager = NDManager.newBaseManager("PyTorch");

    @TempDir private Path directory;

    @AfterEach
    void close() {
        manager.close();
    }

    private static List<String> matrices(Block block, UnaryOperator<Muon.Builder> options) {
        NetworkStructure network =
                StructureInspector.inspectWhole(block, StructureConvention.PAPER);
        try (Muon muon = options.apply(Muon.builder().optBlock(block)).build()) {
            return network.parameters().stream()
                    .filter(parameter -> muon.isMatrix(parameter, network))
                    .map(ParameterStructure::path)
                    .toList();
        }
    }

    private Block convolutional() {
        Block block =
                new SequentialBlock()
                        .add(convolution())
                        .add(BatchNorm.builder().build())
                        .add(convolution())
                        .add(BatchNorm.builder().build())
                        .add(convolution())
                        .add(Blocks.batchFlattenBlock())
                        .add(Linear.builder().setUnits(5).build())
                        .add(Activation.reluBlock())
                        .add(Linear.builder().setUnits(2).build());
        return Networks.initialized(manager, block, new Shape(1, 3, 8, 8));
    }

    private static Block convolution() {
        return Conv2d.builder().setKernelShape(new Shape(2, 2)).setFilters(4).build();
    }

    @Test
    void itMovesHiddenWeightsButForTheFirstAndTheLastLayer() {
        assertThat(matrices(convolutional(), builder -> builder))
                .containsExactly("03Conv2d_weight", "05Conv2d_weight", "07Linear_weight");
        Block shallow = Networks.initialized(manager, Networks.mlp(4, 1), new Shape(1, 3));
        assertThat(matrices(shallow, builder -> builder)).isEmpty();
    }

    @Test
    void whatAdamMovesCanBeNamed() {
        Block block = convolutional();
        assertThat(matrices(block, builder -> builder.optAdamParameters()))
                .containsExactly(
                        "01Conv2d_weight",
                        "03Conv2d_weight",
                        "05Conv2d_weight",
                        "07Linear_weight",
                        "09Linear_weight");
        assertThat(matrices(block, builder -> builder.optAdamParameters("Conv2d", "^09")))
                .containsExactly("07Linear_weight");
    }

    /** A layer of one input has a weight of one column, which is a look-up's. */
    @Test
    void layersOfOneInputAreAdams() {
        Block block = Networks.initialized(manager, Networks.mlp(4, 1, 4, 1), new Shape(1, 3));
        assertThat(matrices(block, builder -> builder)).containsExactly("03Linear_weight");
    }

    @Test
    void whatIsFrozenChangesNoRule() {
        Block block = convolutional();
        List<String> before = matrices(block, builder -> builder);
        block.getParameters().get("01Conv2d_weight").freeze(true);
        block.getParameters().get("09Linear_weight").freeze(true);

        assertThat(matrices(block, builder -> builder)).isEqualTo(before);
    }

    @Test
    void aParameterKeepsItsRuleAndStateWhileOthersAreFrozenAndUnfrozen() throws IOException {
        Block block = convolutional();
        Path file = directory.resolve("muon.npz");
        try (Muon muon = Muon.builder().optBlock(block).build()) {
            block.getParameters().get("01Conv2d_weight").freeze(true);
            step(muon, block);
            muon.save(file);
            Map<String, NDArray> saved = SavedArrays.read(file, manager);
            assertThat(saved)
                    .containsKeys("03Conv2d_weight/momentum", "09Linear_weight/second_moment")
                    .doesNotContainKeys("03Conv2d_weight/second_moment");
            block.getParameters().get("01Conv2d_weight").freeze(false);
            step(muon, block);
            muon.save(file);
            assertThat(SavedArrays.read(file, manager))
                    .containsKeys("03Conv2d_weight/momentum", "01Conv2d_weight/second_moment");
            assertThatNoException().isThrownBy(() -> muon.load(file));
        }
    }

    private static void step(StatefulOptimizer optimizer, Block block) {
        for (Parameter parameter : block.getParameters().values()) {
            if (parameter.requiresGradient()) {
                NDArray weight = parameter.getArray();
                try (NDArray gradient = weight.add(0.25f)) {
                    optimizer.update(parameter.getId(), weight, gradient);
                }
            }
        }
    }

    /** A step of a rate of 1 is all that a weight of zeros is. */
    @Test
    void aStepIsNearlyOrthogonalAndAdjustedToTheShape() {
        Map<Muon.Adjustment, Double> factors = new LinkedHashMap<>();
        factors.put(Muon.Adjustment.NONE, 1.0);
        factors.put(Muon.Adjustment.ORIGINAL, Math.sqrt(8 / 3.0));
        factors.put(Muon.Adjustment.MATCH_RMS_ADAMW, 0.2 * Math.sqrt(8));
        factors.forEach(
                (adjustment, factor) -> {
                    Block block =
                            Networks.initialized(manager, Networks.mlp(3, 8, 1), new Shape(1, 2));
                    Parameter hidden = block.getParameters().valueAt(2);
                    NDArray weight = hidden.getArray();
                    weight.set(new float[24]);
                    try (Muon muon =
                            Muon.builder()
                                    .optBlock(block)
                                    .optAdjustment(adjustment)
                                    .optLearningRateTracker(Tracker.fixed(1))
                                    .build()) {
                        NDArray gradient =
                                manager.randomNormal(0, 1, weight.getShape(), DataType.FLOAT32);
                        muon.update(hidden.getId(), weight, gradient);
                        NDArray step = weight.div((float) -(double) factor);
                        double[] gram = doubles(step.transpose().matMul(step));
                        for (int i = 0; i < gram.length; i++) {
                            // Singular values come out between 0.7 and 1.2.
                            assertThat(gram[i]).isCloseTo(i % 4 == 0 ? 1 : 0, within(0.6));
                        }
                        // Downhill, in every direction.
                        assertThat(step.mul(gradient).sum().getFloat()).isPositive();
                    }
                });
    }

    private static double[] doubles(NDArray array) {
        return array.toType(DataType.FLOAT64, true).toDoubleArray();
    }

    /** Adam's kernel takes its rate in single precision; Muon's operations do not. */
    @Test
    void matricesFollowTheOriginToTenDigits() {
        JsonObject golden = OptimizerCases.golden(LibraryOptimizer.MUON).orElseThrow();
        JsonObject recorded = golden.getAsJsonObject("cases").getAsJsonObject("mlp-plain");
        double[] expected = Golden.stored(recorded, "float64").get(4);
        for (boolean fused : new boolean[] {false, true}) {
            List<double[]> found = replay(fused);
            int[] sizes = {48, 6, 30, 5, 5, 1};
            int from = 0;
            for (int i = 0; i < sizes.length; i++) {
                int to = from + sizes[i];
                if (i % 2 == 0) {
                    assertThat(Arrays.copyOfRange(found.get(4), from, to))
                            .containsExactly(Arrays.copyOfRange(expected, from, to), within(1e-11));
                }
                from = to;
            }
        }
    }

    private static List<double[]> replay(boolean fused) {
        return Golden.replay(
                "mlp",
                DataType.FLOAT64,
                fused,
                block ->
                        Muon.builder()
                                .optBlock(block)
                                .optAdamParameters()
                                .optDecoupledWeightDecay(0)
                                .optLearningRateTracker(Golden.LEARNING_RATE)
                                .build(),
                (block, optimizer) -> Golden.weights(block));
    }

    /** PyTorch's own numbers, iterated in bfloat16: of the way of 60 steps, a part in a hundred. */
    @Test
    void pytorchItselfIsAsFarAwayAsBfloat16Is() {
        JsonObject golden = OptimizerCases.golden(LibraryOptimizer.MUON).orElseThrow();
        JsonObject recorded = golden.getAsJsonObject("cases").getAsJsonObject("mlp-plain");
        List<Double> rounded = new ArrayList<>();
        recorded.getAsJsonArray("bfloat16")
                .forEach(
                        array -> array.getAsJsonArray().forEach(v -> rounded.add(v.getAsDouble())));
        double[] found = replay(false).get(4);
        double largest = 0;
        for (int i = 0; i < found.length; i++) {
            largest = Math.max(largest, Math.abs(found[i] - rounded.get(i)));
        }
        assertThat(largest).isBetween(1e-6, 1e-3);
    }

    static List<String> kerasCases() {
        return List.copyOf(Golden.read("muon-keras").getAsJsonObject("cases").keySet());
    }

    /** Keras adds 1e-7 to the norm that a momentum is divided by. */
    @ParameterizedTest
    @MethodSource("kerasCases")
    void kerasIsFollowedToItsEpsilon(String name) {
        JsonObject recorded =
                Golden.read("muon-keras").getAsJsonObject("cases").getAsJsonObject(name);
        String problem = recorded.get("problem").getAsString();
        Map<String, Object> description = OptimizerCases.defaults(LibraryOptimizer.MUON);
        description.putAll(OptimizerCases.options(recorded));
        List<double[]> expected = Golden.stored(recorded, "float64");
        for (boolean fused : new boolean[] {false, true}) {
            List<double[]> found =
                    Golden.replay(
                            problem,
                            DataType.FLOAT64,
                            fused,
                            block ->
                                    Muon.builder()
                                            .optBlock(block)
                                            .optDescription(description)
                                            .optLearningRateTracker(Golden.LEARNING_RATE)
                                            .build(),
                            (block, optimizer) -> Golden.weights(block));
            for (int i = 0; i < Golden.STEPS.length; i++) {
                assertThat(
                                GoldenTrajectoriesTest.error(
                                        problem, Golden.STEPS[i], found.get(i), expected.get(i)))
                        .as("after step %d, fused: %s", Golden.STEPS[i], fused)
                        .isLessThanOrEqualTo(1e-7);
            }
        }
    }

    @Test
    void itNeedsTheNetworkAndThreeCoefficients() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Muon.builder().build())
                .withMessageContaining("Muon needs the network, to know which rule")
                .withMessageContaining("call optBlock(model.getBlock())");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Muon.builder().optCoefficients(1, 2))
                .withMessageContaining("three coefficients, found [1.0, 2.0]");
    }
}
