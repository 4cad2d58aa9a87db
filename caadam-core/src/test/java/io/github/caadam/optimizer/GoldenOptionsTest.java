// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import com.google.gson.JsonObject;
import io.github.caadam.LibraryOptimizer;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Accumulated gradients against Keras, and averages of weights against PyTorch, over 60 batches of
 * fixed gradients, step by step and fused. Made by scripts/golden/gradient_accumulation.py and
 * weight_average.py. What is compared, and how, is as in {@link GoldenTrajectoriesTest}.
 */
class GoldenOptionsTest {

    /**
     * Of our float32 values from the library's float64 ones. There are 15 to 60 steps, each of
     * which rounds a weight by up to 6e-8 and its step by some such units; a decay has its own
     * roundings, to the same side for many steps.
     */
    private static final double TOLERANCE = 2e-6;

    /** Of the library's float32 values; Keras' first steps are short by 4e-6, as said there. */
    private static final double TOLERANCE_OF_SINGLES = 5e-6;

    private static final JsonObject ACCUMULATED = cases("keras-accumulation");
    private static final JsonObject AVERAGED = cases("torch-average");

    private static JsonObject cases(String file) {
        return Golden.read(file).getAsJsonObject("cases");
    }

    static Stream<String> accumulated() {
        return ACCUMULATED.keySet().stream();
    }

    static Stream<String> averaged() {
        return AVERAGED.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("accumulated")
    void accumulatedGradientsMakeTheStepsOfKeras(String name) {
        JsonObject recorded = ACCUMULATED.getAsJsonObject(name);
        for (boolean fused : new boolean[] {false, true}) {
            requireClose(recorded, "float", fused, (block, optimizer) -> Golden.weights(block));
        }
    }

    @ParameterizedTest
    @MethodSource("averaged")
    void averagesAreThoseOfPyTorch(String name) {
        JsonObject recorded = AVERAGED.getAsJsonObject(name);
        for (boolean fused : new boolean[] {false, true}) {
            requireClose(recorded, "float", fused, (block, optimizer) -> Golden.weights(block));
            requireClose(recorded, "average", fused, GoldenOptionsTest::averages);
        }
    }

    private static void requireClose(
            JsonObject recorded,
            String what,
            boolean fused,
            BiFunction<Block, Optimizer, double[]> reader) {
        JsonObject options = recorded.getAsJsonObject("options");
        List<double[]> found =
                Golden.replay("tensors", fused, block -> create(options, block), reader);
        List<double[]> doubles = Golden.stored(recorded, what + "64");
        List<double[]> singles = Golden.stored(recorded, what + "32");
        for (int i = 0; i < Golden.STEPS.length; i++) {
            int batch = Golden.STEPS[i];
            assertThat(GoldenTrajectoriesTest.error("tensors", batch, found.get(i), doubles.get(i)))
                    .as("%s64 after batch %d, fused: %s", what, batch, fused)
                    .isLessThanOrEqualTo(TOLERANCE);
            assertThat(GoldenTrajectoriesTest.error("tensors", batch, found.get(i), singles.get(i)))
                    .as("%s32 after batch %d, fused: %s", what, batch, fused)
                    .isLessThanOrEqualTo(TOLERANCE_OF_SINGLES);
        }
    }

    /** The optimizer of a script's options: Keras', or PyTorch's where an epsilon is named. */
    private static StatefulOptimizer create(JsonObject options, Block block) {
        LibraryOptimizer line =
                switch (options.get("rule").getAsString()) {
                    case "adam" -> LibraryOptimizer.CAADAM;
                    case "adamax" -> LibraryOptimizer.ADAMAX;
                    case "nadam" -> LibraryOptimizer.NADAM;
                    default -> LibraryOptimizer.LION;
                };
        int batches = options.has("accumulation") ? options.get("accumulation").getAsInt() : 1;
        return line.create(
                block,
                builder -> {
                    if (builder instanceof CaAdam.Builder adam) {
                        adam.optEpsilon(number(options, "epsilon", 1e-7f));
                        if (options.has("epsilon")) {
                            adam.optEpsilonPlacement(EpsilonPlacement.BIAS_CORRECTED);
                        }
                    } else if (builder instanceof Adamax.Builder adamax) {
                        adamax.optEpsilon(1e-7f);
                    } else if (builder instanceof Nadam.Builder nadam) {
                        nadam.optEpsilon(1e-7f);
                    }
                    builder.optGradientAccumulationSteps(batches)
                            .optWeightAverage(number(options, "average", -1))
                            .optDecoupledWeightDecay(number(options, "decay", 0))
                            .optClipNorm(number(options, "clipnorm", -1))
                            .optGlobalClipNorm(number(options, "globalclipnorm", -1))
                            // The rate of the batch that makes the step.
                            .optLearningRateTracker(
                                    (Tracker)
                                            step ->
                                                    Golden.LEARNING_RATE.getNewValue(
                                                            batches * step));
                    if (options.has("decay")) {
                        builder.optDecayExclusions();
                    }
                    builder.optClipGrad(number(options, "clipvalue", -1));
                });
    }

    private static float number(JsonObject options, String name, float ifMissing) {
        return options.has(name) ? options.get(name).getAsFloat() : ifMissing;
    }

    /** The averages, or the weights before there is one. */
    private static double[] averages(Block block, Optimizer optimizer) {
        return block.getParameters().values().stream()
                .map(
                        p ->
                                ((StatefulOptimizer) optimizer)
                                        .averageOf(p.getId(), Device.cpu())
                                        .orElse(p.getArray()))
                .map(NDArray::toFloatArray)
                .flatMapToDouble(
                        values -> IntStream.range(0, values.length).mapToDouble(i -> values[i]))
                .toArray();
    }
}
