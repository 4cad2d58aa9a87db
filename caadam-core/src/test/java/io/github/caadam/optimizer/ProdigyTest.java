// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.tracker.Tracker;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.caadam.LibraryOptimizer;
import io.github.caadam.OptimizerCases;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is {@link Prodigy}'s own beside golden weights: its estimate. */
class ProdigyTest {

    private static final JsonObject GOLDEN =
            OptimizerCases.golden(LibraryOptimizer.PRODIGY).orElseThrow();

    static Stream<String> cases() {
        return GOLDEN.getAsJsonObject("cases").keySet().stream();
    }

    /** Numbers were written with 12 digits. */
    @ParameterizedTest
    @MethodSource("cases")
    void theEstimateIsThatOfTheOriginAfterEachStep(String name) {
        JsonElement recorded = GOLDEN.getAsJsonObject("cases").get(name);
        double[] expected = Golden.doubles(recorded.getAsJsonObject().get("d"));
        Map<String, Object> description = OptimizerCases.defaults(LibraryOptimizer.PRODIGY);
        description.putAll(OptimizerCases.options(recorded));
        float scale = GOLDEN.get("rateScale").getAsFloat();
        List<double[]> found =
                Golden.replay(
                        recorded.getAsJsonObject().get("problem").getAsString(),
                        DataType.FLOAT64,
                        true,
                        block -> create(block, description, scale),
                        (block, optimizer) ->
                                new double[] {((Prodigy) optimizer).networkNumber("d")});
        for (int i = 0; i < expected.length; i++) {
            assertThat(found.get(i)[0])
                    .as("after step %d", Golden.STEPS[i])
                    .isCloseTo(expected[i], within(1e-10 * expected[i]));
        }
    }

    private static Prodigy create(Block block, Map<String, Object> description, float scale) {
        return Prodigy.builder()
                .optDescription(description)
                .optBlock(block)
                .optLearningRateTracker(
                        (Tracker) step -> scale * Golden.LEARNING_RATE.getNewValue(step))
                .build();
    }

    /** ½‖θ−m‖², where each weight of m is 2 away: the estimate is per weight, from below. */
    @Test
    void findsItsRateByItself() {
        try (GradientReplay replay = new GradientReplay();
                Prodigy optimizer = Prodigy.builder().optBlock(replay.block()).build()) {
            Random random = new Random(7);
            List<float[]> minimum =
                    replay.weights().stream().map(values -> moved(values, random)).toList();
            for (int step = 0; step < 400; step++) {
                List<float[]> weights = replay.weights();
                List<Parameter> parameters = replay.block().getParameters().values();
                for (int i = 0; i < parameters.size(); i++) {
                    float[] gradient = weights.get(i);
                    for (int j = 0; j < gradient.length; j++) {
                        gradient[j] -= minimum.get(i)[j];
                    }
                    NDArray array = parameters.get(i).getArray();
                    try (NDArray given = array.getManager().create(gradient, array.getShape())) {
                        optimizer.update(parameters.get(i).getId(), array, given);
                    }
                }
            }
            assertThat(optimizer.networkNumber("d")).isBetween(0.02, 2.0);
            List<float[]> found = replay.weights();
            for (int i = 0; i < found.size(); i++) {
                assertThat(found.get(i)).containsExactly(minimum.get(i), within(0.05f));
            }
        }
    }

    private static float[] moved(float[] values, Random random) {
        float[] moved = values.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += random.nextBoolean() ? 2 : -2;
        }
        return moved;
    }

    @Test
    void parametersWithFactorZeroStayAndAreLeftOutOfTheEstimate() {
        try (GradientReplay whole = new GradientReplay();
                GradientReplay part = new GradientReplay();
                Prodigy scaled =
                        Prodigy.builder()
                                .optBlock(whole.block())
                                .optFactorOverride("^01", 0)
                                .optD0(0.01f)
                                .build();
                Prodigy frozen = Prodigy.builder().optBlock(part.block()).optD0(0.01f).build()) {
            part.block()
                    .getParameters()
                    .forEach(p -> p.getValue().freeze(p.getKey().startsWith("01")));
            whole.step(scaled, 0, 30);
            part.step(frozen, 0, 30);
            assertThat(scaled.networkNumber("d")).isGreaterThan(0.01f);
            assertThat(scaled.networkNumber("d"))
                    .isCloseTo(frozen.networkNumber("d"), within(1e-6));
            for (int i = 0; i < whole.weights().size(); i++) {
                assertThat(whole.weights().get(i))
                        .containsExactly(part.weights().get(i), within(1e-5f));
            }
        }
    }

    /** Of half a rate: d₀ is a half, which a gradient of zero does not change. */
    @Test
    void theDecayIsThatOfTheEstimatedRateAndLeavesExclusionsAlone() {
        try (GradientReplay replay = new GradientReplay();
                Prodigy optimizer =
                        Prodigy.builder()
                                .optBlock(replay.block())
                                .optD0(0.5f)
                                .optDecoupledWeightDecay(0.5f)
                                .build()) {
            List<float[]> before = replay.weights();
            for (Parameter parameter : replay.block().getParameters().values()) {
                NDArray weight = parameter.getArray();
                optimizer.update(parameter.getId(), weight, weight.zerosLike());
            }
            assertThat(optimizer.networkNumber("d")).isEqualTo(0.5);
            List<String> paths = replay.block().getParameters().keys();
            for (int i = 0; i < paths.size(); i++) {
                float kept = paths.get(i).endsWith("_bias") ? 1 : 0.75f;
                float[] expected = before.get(i).clone();
                for (int j = 0; j < expected.length; j++) {
                    expected[j] *= kept;
                }
                assertThat(replay.weights().get(i)).containsExactly(expected, within(1e-7f));
            }
        }
    }
}
