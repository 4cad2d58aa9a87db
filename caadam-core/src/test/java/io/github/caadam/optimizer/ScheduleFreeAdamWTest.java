// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.tracker.Tracker;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.caadam.LibraryOptimizer;
import io.github.caadam.OptimizerCases;
import io.github.caadam.internal.StateFile;
import io.github.caadam.scaling.ScalingStrategy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is {@link ScheduleFreeAdamW}'s own beside golden weights: those that are evaluated. */
class ScheduleFreeAdamWTest {

    private static final JsonObject GOLDEN =
            OptimizerCases.golden(LibraryOptimizer.SCHEDULEFREEADAMW).orElseThrow();

    @TempDir private Path directory;

    static Stream<String> cases() {
        return GOLDEN.getAsJsonObject("cases").keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void weightsToEvaluateAreThoseOfTheOrigin(String name) {
        JsonObject recorded = GOLDEN.getAsJsonObject("cases").getAsJsonObject(name);
        List<double[]> expected = Golden.stored(recorded, "evaluated");
        for (boolean fused : new boolean[] {false, true}) {
            List<double[]> found =
                    Golden.replay(
                            recorded.get("problem").getAsString(),
                            DataType.FLOAT64,
                            fused,
                            block -> create(block, recorded),
                            (block, optimizer) -> averages(block, (StatefulOptimizer) optimizer));
            for (int i = 0; i < Golden.STEPS.length; i++) {
                assertThat(
                                GoldenTrajectoriesTest.error(
                                        recorded.get("problem").getAsString(),
                                        Golden.STEPS[i],
                                        found.get(i),
                                        expected.get(i)))
                        .as("after step %d, fused: %s", Golden.STEPS[i], fused)
                        .isLessThanOrEqualTo(1e-10);
            }
        }
    }

    private static StatefulOptimizer create(Block block, JsonElement recorded) {
        Map<String, Object> description =
                OptimizerCases.defaults(LibraryOptimizer.SCHEDULEFREEADAMW);
        description.putAll(OptimizerCases.options(recorded));
        float scale = GOLDEN.get("rateScale").getAsFloat();
        return ScheduleFreeAdamW.builder()
                .optDescription(description)
                .optBlock(block)
                .optLearningRateTracker(
                        (Tracker) step -> scale * Golden.LEARNING_RATE.getNewValue(step))
                .build();
    }

    private static double[] averages(Block block, StatefulOptimizer optimizer) {
        return block.getParameters().values().stream()
                .map(p -> optimizer.averageOf(p.getId(), Device.cpu()).orElseThrow())
                .map(average -> average.toType(DataType.FLOAT64, true))
                .flatMapToDouble(values -> Arrays.stream(values.toDoubleArray()))
                .toArray();
    }

    @Test
    void aSavedFileNamesTheWeightsToEvaluateAndTheyAreApplied() throws IOException {
        Path file = directory.resolve("state.npz");
        try (GradientReplay replay = new GradientReplay();
                NDManager manager = NDManager.newBaseManager();
                ScheduleFreeAdamW optimizer =
                        ScheduleFreeAdamW.builder().optBlock(replay.block()).build()) {
            replay.step(optimizer, 0, 10);
            optimizer.save(file);
            double[] trained = Golden.weights(replay.block());
            double[] averages = averages(replay.block(), optimizer);
            optimizer.applyAverage();
            assertThat(Golden.weights(replay.block())).containsExactly(averages);
            assertThat(averages).isNotEqualTo(trained);

            Map<String, NDArray> saved = StateFile.read(file, manager, "a state").arrays();
            Parameter first = replay.block().getParameters().valueAt(0);
            float[] base = saved.get("01Linear_weight/base_weight").toFloatArray();
            float[] average = saved.get("01Linear_weight/evaluation_weight").toFloatArray();
            assertThat(average).containsExactly(first.getArray().toFloatArray());
            for (int i = 0; i < base.length; i++) {
                assertThat(trained[i]).isCloseTo(0.1 * base[i] + 0.9 * average[i], within(2e-7));
            }
            // Ten steps of one rate.
            assertThat(saved.get("networkNumbers/share").toDoubleArray()[0])
                    .isCloseTo(0.1, within(1e-15));
        }
    }

    /** An average that is asked for is of the weights that are trained, and is evaluated. */
    @Test
    void anAverageThatIsAskedForIsEvaluatedInstead() {
        try (GradientReplay replay = new GradientReplay();
                ScheduleFreeAdamW optimizer =
                        ScheduleFreeAdamW.builder()
                                .optBlock(replay.block())
                                .optWeightAverage(0)
                                .build()) {
            replay.step(optimizer, 0, 4);
            assertThat(averages(replay.block(), optimizer))
                    .containsExactly(Golden.weights(replay.block()));
        }
    }

    /** A factor is in no share, so that half the factor makes half of every step. */
    @Test
    void factorsLeaveTheSharesOfStepsAsTheyAre() {
        try (GradientReplay whole = new GradientReplay();
                GradientReplay half = new GradientReplay();
                ScheduleFreeAdamW one =
                        ScheduleFreeAdamW.builder().optBlock(whole.block()).build();
                ScheduleFreeAdamW other =
                        ScheduleFreeAdamW.builder()
                                .optBlock(half.block())
                                .optScaling(ScalingStrategy.none().overriding("", 0.5))
                                .build()) {
            double[] start = Golden.weights(whole.block());
            whole.step(one, 0, 8);
            half.step(other, 0, 8);
            double[] found = Golden.weights(half.block());
            double[] expected = Golden.weights(whole.block());
            for (int i = 0; i < start.length; i++) {
                assertThat(found[i]).isCloseTo((start[i] + expected[i]) / 2, within(5e-7));
            }
            assertThat(other.networkNumber("share")).isEqualTo(one.networkNumber("share"));
        }
    }
}
