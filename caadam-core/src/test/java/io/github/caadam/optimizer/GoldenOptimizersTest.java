// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.training.tracker.Tracker;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.caadam.LibraryOptimizer;
import io.github.caadam.OptimizerCases;
import io.github.caadam.internal.StateFile;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every optimizer that has a golden file, over 60 steps of fixed gradients on two networks, against
 * what its origin left in double precision after steps 1, 2, 10, 50 and 60. A file is made by a
 * script in scripts/golden, and names the origin and its version. What an error is relative to says
 * {@link GoldenTrajectoriesTest}, which has the older optimizers.
 */
class GoldenOptimizersTest {

    /**
     * Of our weights in double precision. What both compute is written with 12 digits; a decay is
     * rounded to single precision, which is 1e-13 of a weight in each step.
     */
    private static final double DOUBLE_PRECISION = 1e-10;

    /** Step by step, Adam's kernel takes its rate in single precision. */
    private static final double DOUBLE_PRECISION_OF_ADAM = 1e-7;

    /**
     * Of our weights in single precision: each step rounds a weight by up to 6e-8, and the kernels
     * of some processors, such as of AMD's, round square roots to a neighbour of the nearest.
     */
    private static final double SINGLE_PRECISION = 3e-6;

    /** Of Adafactor, whose steps are up to a quarter of a weight's size here. */
    private static final double SINGLE_PRECISION_OF_LARGE_STEPS = 1e-5;

    /** Where what is rounded is the same for many steps: a decay, and a step of Lion. */
    private static final double SINGLE_PRECISION_OF_LIKE_STEPS = 4e-6;

    /** Where the length of all steps is found from how far single-precision weights have come. */
    private static final double SINGLE_PRECISION_OF_ESTIMATES = 2e-4;

    /** Where in the first steps that is little more than weights are rounded by. */
    private static final double SINGLE_PRECISION_OF_ESTIMATES_FROM_ROUNDINGS = 5e-3;

    /**
     * A case of a golden file.
     *
     * @param optimizer the optimizer
     * @param name the name of the case
     * @param options the options, by the keys of descriptions
     * @param golden the file
     */
    record Recorded(
            LibraryOptimizer optimizer,
            String name,
            Map<String, Object> options,
            JsonObject golden) {

        private JsonObject recorded() {
            return golden.getAsJsonObject("cases").getAsJsonObject(name);
        }

        private String problem() {
            return recorded().get("problem").getAsString();
        }

        private List<double[]> weights() {
            return Golden.stored(recorded(), "float64");
        }

        private StatefulOptimizer create(Block block) {
            float scale = golden.get("rateScale").getAsFloat();
            Map<String, Object> description = OptimizerCases.defaults(optimizer);
            description.putAll(options);
            return optimizer.create(
                    block,
                    builder ->
                            builder.optDescription(description)
                                    .optLearningRateTracker(
                                            (Tracker)
                                                    step ->
                                                            scale
                                                                    * Golden.LEARNING_RATE
                                                                            .getNewValue(step)));
        }

        private double singlePrecision() {
            if (optimizer == LibraryOptimizer.PRODIGY) {
                return options.containsKey("d0")
                        ? SINGLE_PRECISION_OF_ESTIMATES
                        : SINGLE_PRECISION_OF_ESTIMATES_FROM_ROUNDINGS;
            }
            return optimizer == LibraryOptimizer.LION || options.containsKey("decoupledWeightDecay")
                    ? SINGLE_PRECISION_OF_LIKE_STEPS
                    : SINGLE_PRECISION;
        }

        @Override
        public String toString() {
            return optimizer + " " + name;
        }
    }

    static Stream<Recorded> recorded() {
        return Stream.of(LibraryOptimizer.values()).flatMap(GoldenOptimizersTest::of);
    }

    private static Stream<Recorded> of(LibraryOptimizer optimizer) {
        return OptimizerCases.golden(optimizer).stream()
                .flatMap(
                        golden -> {
                            Map<String, JsonElement> cases =
                                    golden.getAsJsonObject("cases").asMap();
                            assertThat(cases.values())
                                    .extracting(one -> problem(one))
                                    .as("networks of %s", optimizer)
                                    .contains("tensors", "mlp");
                            return cases.entrySet().stream()
                                    .map(
                                            entry ->
                                                    new Recorded(
                                                            optimizer,
                                                            entry.getKey(),
                                                            OptimizerCases.options(
                                                                    entry.getValue()),
                                                            golden));
                        });
    }

    private static String problem(JsonElement one) {
        return one.getAsJsonObject().get("problem").getAsString();
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void doublesFollowTheOrigin(Recorded recorded) {
        boolean hasAdam = recorded.optimizer() == LibraryOptimizer.MUON;
        requireFollowed(
                recorded,
                DataType.FLOAT64,
                hasAdam ? DOUBLE_PRECISION_OF_ADAM : DOUBLE_PRECISION,
                DOUBLE_PRECISION);
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void singlesFollowTheOriginUpToTheirRounding(Recorded recorded) {
        double tolerance =
                recorded.optimizer() == LibraryOptimizer.ADAFACTOR
                        ? SINGLE_PRECISION_OF_LARGE_STEPS
                        : recorded.singlePrecision();
        requireFollowed(recorded, DataType.FLOAT32, tolerance, tolerance);
    }

    private static void requireFollowed(
            Recorded recorded, DataType type, double eagerTolerance, double fusedTolerance) {
        for (boolean fused : new boolean[] {false, true}) {
            List<double[]> found =
                    Golden.replay(
                            recorded.problem(),
                            type,
                            fused,
                            recorded::create,
                            (block, optimizer) -> Golden.weights(block));
            for (int i = 0; i < Golden.STEPS.length; i++) {
                int step = Golden.STEPS[i];
                assertThat(
                                GoldenTrajectoriesTest.error(
                                        recorded.problem(),
                                        step,
                                        found.get(i),
                                        recorded.weights().get(i)))
                        .as("after step %d, fused: %s", step, fused)
                        .isLessThanOrEqualTo(fused ? fusedTolerance : eagerTolerance);
            }
        }
    }

    /** Otherwise a trajectory could be followed with another's options. */
    @ParameterizedTest
    @MethodSource("recorded")
    void aTrajectoryIsFarFromTheOthers(Recorded recorded) {
        of(recorded.optimizer())
                .filter(other -> other.problem().equals(recorded.problem()))
                .filter(other -> !other.options().equals(recorded.options()))
                .forEach(
                        other -> {
                            double largest = 0;
                            for (int i = 0; i < Golden.STEPS.length; i++) {
                                largest =
                                        Math.max(
                                                largest,
                                                GoldenTrajectoriesTest.error(
                                                        recorded.problem(),
                                                        Golden.STEPS[i],
                                                        recorded.weights().get(i),
                                                        other.weights().get(i)));
                            }
                            assertThat(largest).as("%s", other).isGreaterThan(5e-6);
                        });
    }

    static Stream<LibraryOptimizer> withGoldenFile() {
        return Stream.of(LibraryOptimizer.values())
                .filter(optimizer -> OptimizerCases.golden(optimizer).isPresent());
    }

    @ParameterizedTest
    @MethodSource("withGoldenFile")
    void defaultsAreThoseOfTheOrigin(LibraryOptimizer optimizer) {
        JsonObject golden = OptimizerCases.golden(optimizer).orElseThrow();
        Map<String, Object> found = StateFile.asRead(OptimizerCases.defaults(optimizer));

        assertThat(found).containsAllEntriesOf(OptimizerCases.defaultsOfOrigin(golden));
        float rate = golden.get("learningRate").getAsFloat();
        assertThat(weightsAfterAStep(block -> optimizer.create(block, builder -> {})))
                .containsExactly(
                        weightsAfterAStep(block -> optimizer.create(block, Tracker.fixed(rate))));
    }

    private static double[] weightsAfterAStep(Function<Block, StatefulOptimizer> optimizers) {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = optimizers.apply(replay.block())) {
            replay.step(optimizer, 0, 1);
            return Golden.weights(replay.block());
        }
    }
}
