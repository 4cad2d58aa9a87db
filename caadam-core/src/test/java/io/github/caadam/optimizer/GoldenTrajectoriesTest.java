// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.optimizer.Optimizer;
import com.google.gson.JsonObject;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import io.github.caadam.structure.StructureConvention;
import io.github.caadam.structure.StructureInspector;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Our optimizers over 60 steps of fixed gradients, against the weights that other software left
 * after steps 1, 2, 10, 50 and 60: Keras 3, the published {@code caadam} package, PyTorch, and the
 * rules written out in NumPy. Made by scripts/golden. {@link GoldenOptimizersTest} has the others.
 *
 * <p>An error is relative to the largest of the weight itself, the weight that it started from, and
 * the sum of the learning rates so far. These are the magnitudes whose rounding it carries: a
 * weight that happens to cross zero keeps the rounding of where it came from.
 */
class GoldenTrajectoriesTest {

    /**
     * Of our float32 weights from any trajectory. Each step rounds a weight by up to 6e-8 (2⁻²⁴),
     * and what it adds by some such units of its own; over 60 steps they add up like a random walk.
     * Keras' and PyTorch's float32 weights are up to 8e-7 away from their own float64 ones.
     */
    private static final double TOLERANCE = 1e-6;

    /**
     * With a decay. It moves a weight by 4e-6 or 1e-6 of itself, a few dozen or a handful of units
     * in the last place, with a rounding of its own, which has the same sign for many steps. Keras'
     * and PyTorch's float32 weights are up to 2.2e-6 away from their own float64 ones.
     */
    private static final double TOLERANCE_WITH_DECAY = 3e-6;

    /** With a decay, of float32 weights from float32 weights: the sum of the errors of both. */
    private static final double TOLERANCE_WITH_DECAY_ON_BOTH_SIDES = 4e-6;

    /**
     * Of the float32 weights of Keras, and of the package, after steps 1, 2 and 10. They compute
     * {@code 1 − β₂ᵗ} from a float32 power, whose last bit is 1.5e-5 of the result at step 2, 3e-6
     * at step 10; half of that gets into a step. They are up to 2.3e-6 away from their float64
     * ones.
     */
    private static final double TOLERANCE_OF_FIRST_STEPS_OF_KERAS = 4e-6;

    /**
     * Of the float32 weights of Keras, and of the package, with the default β₂ of 0.999 as a
     * double: they update the second moment with 0.001 but correct it with {@code 1 − 0.999f},
     * which is 1.3e-5 smaller, and so make every step 6.4e-6 too short. They are up to 8.4e-6 away
     * from their float64 ones.
     */
    private static final double TOLERANCE_OF_DOUBLE_BETAS_OF_KERAS = 1e-5;

    /** Of Nadam, which subtracts two quotients where Keras has one; both sides round. */
    private static final double TOLERANCE_OF_TWO_QUOTIENTS = 1.2e-6;

    /** Of libraries in float64 from NumPy: both were written with 12 significant digits. */
    private static final double DOUBLE_PRECISION = 1e-10;

    private static final Map<String, JsonObject> FILES =
            Map.of(
                    "keras", Golden.read("keras-optimizers"),
                    "torch", Golden.read("torch-optimizers"),
                    "caadam", Golden.read("caadam-package"),
                    "numpy", Golden.read("numpy-float64"));

    static Stream<Trajectory> trajectories() {
        return Stream.of(
                keras("adam", block -> adam(block).build()),
                keras("adam-double", block -> adam(block).build()),
                keras(
                        "adam-betas",
                        block ->
                                adam(block)
                                        .optBeta1(0.8f)
                                        .optBeta2(0.99f)
                                        .optEpsilon(1e-5f)
                                        .build()),
                keras("adam-amsgrad", block -> adam(block).optAmsgrad(true).build()),
                keras("adamw", block -> decayed(adam(block), 0.004f).build()),
                keras("adamw-bias-excluded", block -> decayed(adam(block), 0.004f, "bias").build()),
                keras("adam-clipvalue", block -> adam(block).optClipGrad(0.5f).build()),
                keras("adam-clipnorm", block -> adam(block).optClipNorm(1).build()),
                keras("adam-globalclipnorm", block -> adam(block).optGlobalClipNorm(1).build()),
                keras("adamax", block -> adamax().build()),
                keras("adamax-double", block -> adamax().build()),
                keras(
                        "adamax-betas",
                        block -> adamax().optBeta1(0.8f).optBeta2(0.99f).optEpsilon(1e-5f).build()),
                keras(
                        "adamax-decay-clipvalue",
                        block -> decayed(adamax(), 0.004f).optClipGrad(0.5f).build()),
                keras("nadam", block -> nadam().build()),
                keras("nadam-double", block -> nadam().build()),
                keras(
                        "nadam-betas",
                        block -> nadam().optBeta1(0.8f).optBeta2(0.99f).optEpsilon(1e-5f).build()),
                keras(
                        "nadam-decay-clipnorm",
                        block -> decayed(nadam(), 0.004f).optClipNorm(1).build()),
                keras(
                        "nadam-decay-globalclipnorm",
                        block ->
                                decayed(nadam(), 0.004f)
                                        .optBlock(block)
                                        .optGlobalClipNorm(100)
                                        .build()),
                torch("torch-adam", block -> torchAdam(block).build()),
                torch("torch-amsgrad", block -> torchAdam(block).optAmsgrad(true).build()),
                torch("torch-adamw", block -> decayed(torchAdam(block), 0.01f).build()),
                torch("torch-adamax", block -> adamax().optEpsilon(1e-16f).build()),
                torch("torch-nadam", block -> decayed(nadam(), 0.01f).optEpsilon(1e-8f).build()),
                caadam("caadam-default-double", block -> additive(block, 0.9).build()),
                caadam("caadam-additive", block -> additive(block, 0.95).build()),
                caadam("caadam-multiplicative", block -> multiplicative(block).build()),
                caadam("caadam-depth", block -> depth(block).build()),
                caadam(
                        "caadam-additive-amsgrad",
                        block -> additive(block, 0.95).optAmsgrad(true).build()),
                caadam(
                        "caadam-multiplicative-amsgrad",
                        block -> multiplicative(block).optAmsgrad(true).build()),
                caadam("caadam-depth-amsgrad", block -> depth(block).optAmsgrad(true).build()),
                caadam(
                        "caadam-additive-decay",
                        block -> decayed(additive(block, 0.95), 0.004f).build()));
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void everyRecordedTrajectoryIsFollowed(String library) {
        assertThat(trajectories().filter(t -> t.library().equals(library)).map(Trajectory::name))
                .containsExactlyInAnyOrderElementsOf(names(library));
    }

    /** A recorded trajectory, and our optimizer that has to follow it. */
    record Trajectory(String library, String name, Function<Block, Optimizer> optimizer) {

        JsonObject recorded() {
            return recording(library, name);
        }

        String problem() {
            return recorded().get("problem").getAsString();
        }

        double tolerance() {
            return hasDecay() ? TOLERANCE_WITH_DECAY : TOLERANCE;
        }

        double toleranceOfSinglePrecision(int step) {
            if (hasDecay()) {
                return TOLERANCE_WITH_DECAY_ON_BOTH_SIDES;
            }
            if (library.equals("torch")) {
                return TOLERANCE;
            }
            if (name.endsWith("-double")) {
                return TOLERANCE_OF_DOUBLE_BETAS_OF_KERAS;
            }
            if (step < 50) {
                return TOLERANCE_OF_FIRST_STEPS_OF_KERAS;
            }
            return name.startsWith("nadam") ? TOLERANCE_OF_TWO_QUOTIENTS : TOLERANCE;
        }

        private boolean hasDecay() {
            return recorded().getAsJsonObject("options").has("decay");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource("trajectories")
    void followsTheTrajectory(Trajectory trajectory) {
        requireFollowed(trajectory, Golden.replay(trajectory.problem(), trajectory.optimizer()));
    }

    @ParameterizedTest
    @MethodSource("trajectories")
    void followsTheTrajectoryByFusedSteps(Trajectory trajectory) {
        requireFollowed(
                trajectory, Golden.replayFused(trajectory.problem(), trajectory.optimizer()));
    }

    private static void requireFollowed(Trajectory trajectory, List<double[]> weights) {
        List<double[]> doubles = Golden.stored(trajectory.recorded(), "float64");
        List<double[]> singles = Golden.stored(trajectory.recorded(), "float32");
        for (int i = 0; i < Golden.STEPS.length; i++) {
            int step = Golden.STEPS[i];
            assertThat(error(trajectory.problem(), step, weights.get(i), doubles.get(i)))
                    .as("error against float64 after step %d", step)
                    .isLessThanOrEqualTo(trajectory.tolerance());
            assertThat(error(trajectory.problem(), step, weights.get(i), singles.get(i)))
                    .as("error against float32 after step %d", step)
                    .isLessThanOrEqualTo(trajectory.toleranceOfSinglePrecision(step));
        }
    }

    static Stream<String> libraries() {
        return Stream.of("keras", "torch", "caadam");
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void libraryInDoublePrecisionComputesTheRuleAsWrittenOut(String library) {
        for (String name : names(library)) {
            JsonObject recorded = recording(library, name);
            List<double[]> theirs = Golden.stored(recorded, "float64");
            List<double[]> written = Golden.stored(recording("numpy", name), "float64");
            assertThat(theirs).hasSameSizeAs(written).hasSize(Golden.STEPS.length);
            for (int i = 0; i < Golden.STEPS.length; i++) {
                assertThat(
                                error(
                                        recorded.get("problem").getAsString(),
                                        Golden.STEPS[i],
                                        theirs.get(i),
                                        written.get(i)))
                        .as("%s after step %d", name, Golden.STEPS[i])
                        .isLessThanOrEqualTo(DOUBLE_PRECISION);
            }
        }
    }

    /** Otherwise a trajectory could be followed with another's options. */
    @ParameterizedTest
    @MethodSource("libraries")
    void trajectoriesAreFartherApartThanTheTolerance(String library) {
        for (String name : names(library)) {
            for (String other : names(library)) {
                if (name.equals(other) || name.endsWith("-double") || other.endsWith("-double")) {
                    continue;
                }
                JsonObject recorded = recording(library, name);
                List<double[]> weights = Golden.stored(recorded, "float64");
                List<double[]> others = Golden.stored(recording(library, other), "float64");
                double largest = 0;
                for (int i = 0; i < Golden.STEPS.length; i++) {
                    String problem = recorded.get("problem").getAsString();
                    largest =
                            Math.max(
                                    largest,
                                    error(problem, Golden.STEPS[i], weights.get(i), others.get(i)));
                }
                assertThat(largest).as("%s and %s", name, other).isGreaterThan(5e-5);
            }
        }
    }

    @Test
    void factorsAreThoseThatThePackageUses() {
        Map<String, ScalingStrategy> strategies =
                Map.of(
                        "caadam-default-double", ScalingStrategy.additive(0.9),
                        "caadam-additive", ScalingStrategy.additive(0.95),
                        "caadam-multiplicative", ScalingStrategy.multiplicative(5),
                        "caadam-depth", ScalingStrategy.depth(1));
        try (NDManager manager = NDManager.newBaseManager()) {
            NetworkStructure network =
                    StructureInspector.inspect(
                            Golden.block(manager, "mlp"), StructureConvention.REFERENCE);
            strategies.forEach(
                    (name, strategy) -> {
                        List<ParameterStructure> parameters = network.parameters();
                        for (int i = 0; i < parameters.size(); i++) {
                            double expected =
                                    recording("caadam", name)
                                            .getAsJsonArray("factors")
                                            .get(i)
                                            .getAsDouble();
                            // Both in double precision.
                            assertThat(strategy.factor(parameters.get(i), network))
                                    .as("%s of %s", name, parameters.get(i).path())
                                    .isCloseTo(expected, within(1e-14 * expected));
                        }
                    });
        }
    }

    /** The largest error over all weights, relative as the class comment says. */
    static double error(String problem, int step, double[] actual, double[] expected) {
        double[] initial = Golden.initialWeights(problem);
        assertThat(actual).hasSameSizeAs(expected).hasSameSizeAs(initial);
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            double scale =
                    Math.max(
                            Golden.path(step),
                            Math.max(Math.abs(expected[i]), Math.abs(initial[i])));
            double error = Math.abs(actual[i] - expected[i]) / scale;
            // Not Math.max alone: NaN is an error too, the largest.
            largest = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(largest, error);
        }
        return largest;
    }

    private static JsonObject recording(String library, String name) {
        return FILES.get(library).getAsJsonObject("cases").getAsJsonObject(name);
    }

    private static List<String> names(String library) {
        return List.copyOf(FILES.get(library).getAsJsonObject("cases").keySet());
    }

    private static Trajectory keras(String name, Function<Block, Optimizer> optimizer) {
        return new Trajectory("keras", name, optimizer);
    }

    private static Trajectory torch(String name, Function<Block, Optimizer> optimizer) {
        return new Trajectory("torch", name, optimizer);
    }

    private static Trajectory caadam(String name, Function<Block, Optimizer> optimizer) {
        return new Trajectory("caadam", name, optimizer);
    }

    /** Decays all parameters but those excluded, as Keras and PyTorch do. */
    private static <B extends StatefulOptimizer.Builder<B>> B decayed(
            B builder, float decay, String... excluded) {
        return builder.optDecoupledWeightDecay(decay).optDecayExclusions(excluded);
    }

    private static Adamax.Builder adamax() {
        return Adamax.builder().optEpsilon(1e-7f).optLearningRateTracker(Golden.LEARNING_RATE);
    }

    private static Nadam.Builder nadam() {
        return Nadam.builder().optEpsilon(1e-7f).optLearningRateTracker(Golden.LEARNING_RATE);
    }

    /** Keras' Adam. */
    private static CaAdam.Builder adam(Block block) {
        return CaAdam.builder()
                .setBlock(block)
                .setScaling(ScalingStrategy.none())
                .optEpsilon(1e-7f)
                .optLearningRateTracker(Golden.LEARNING_RATE);
    }

    private static CaAdam.Builder torchAdam(Block block) {
        return adam(block).optEpsilon(1e-8f).optEpsilonPlacement(EpsilonPlacement.BIAS_CORRECTED);
    }

    private static CaAdam.Builder reference(Block block) {
        return adam(block).optConvention(StructureConvention.REFERENCE);
    }

    private static CaAdam.Builder additive(Block block, double gamma) {
        return reference(block).setScaling(ScalingStrategy.additive(gamma));
    }

    private static CaAdam.Builder multiplicative(Block block) {
        return reference(block).setScaling(ScalingStrategy.multiplicative(5));
    }

    private static CaAdam.Builder depth(Block block) {
        return reference(block).setScaling(ScalingStrategy.depth(1));
    }
}
