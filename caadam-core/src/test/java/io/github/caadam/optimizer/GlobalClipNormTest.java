// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.Networks;
import io.github.caadam.rule.Step;
import io.github.caadam.rule.UpdateRule;
import io.github.caadam.scaling.ScalingStrategy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clipping by the norm of all gradients, in updates that come one by one. {@link
 * GoldenTrajectoriesTest} and {@link GoldenTrainingTest} hold it against Keras in all executions.
 */
class GlobalClipNormTest {

    @TempDir private Path directory;

    /** Subtracts the gradient, so that a step shows what became of it. */
    private record Descent() implements UpdateRule {

        @Override
        public String name() {
            return "descent";
        }

        @Override
        public void update(Step s) {
            s.addInPlace(s.weights(), s.gradients(), s.number(n -> -n.rate()));
        }
    }

    private static RuleOptimizer descent(Block block, float globalClipNorm) {
        return RuleOptimizer.builder()
                .setRule(new Descent())
                .optBlock(block)
                .optLearningRateTracker(Tracker.fixed(1))
                .optGlobalClipNorm(globalClipNorm)
                .build();
    }

    /** ‖(2, 3, 6)‖ = 7, of which 2 and 3 are the weight's and 6 the bias'. */
    @Test
    void allGradientsAreScaledByOneFactorWhereTheyAreLongerTogether() {
        assertThat(stepFromZero(3.5f)).containsExactly(new float[] {-1, -1.5f, -3}, within(2e-7f));
        assertThat(stepFromZero(7)).containsExactly(new float[] {-2, -3, -6}, within(5e-7f));
        assertThat(stepFromZero(700)).containsExactly(new float[] {-2, -3, -6}, within(5e-7f));
        assertThat(stepFromZero(-1)).containsExactly(-2, -3, -6);
    }

    /** The weights and the bias after a step with gradients 2, 3 and 6 from zeros. */
    private static float[] stepFromZero(float globalClipNorm) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = twoParameters(manager);
            try (RuleOptimizer optimizer = descent(block, globalClipNorm)) {
                update(optimizer, block, "01Linear_weight", manager.create(new float[] {2, 3}));
                if (globalClipNorm > 0) {
                    // Nothing moves before the last gradient is there.
                    assertThat(Golden.weights(block)).containsOnly(0);
                }
                update(optimizer, block, "01Linear_bias", manager.create(new float[] {6}));
            }
            double[] found = Golden.weights(block);
            return new float[] {(float) found[0], (float) found[1], (float) found[2]};
        }
    }

    private static Block twoParameters(NDManager manager) {
        Block block = Networks.initialized(manager, Networks.mlp(1), new Shape(1, 2));
        for (Parameter parameter : block.getParameters().values()) {
            parameter.getArray().set(new float[(int) parameter.getShape().size()]);
        }
        return block;
    }

    private static void update(
            StatefulOptimizer optimizer, Block block, String path, NDArray gradient) {
        Parameter parameter = block.getParameters().get(path);
        optimizer.update(
                parameter.getId(), parameter.getArray(), gradient.reshape(parameter.getShape()));
    }

    /** A caller may use one array for all gradients. */
    @Test
    void gradientsMayChangeOnceTheyWereHandedOver() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = twoParameters(manager);
            try (RuleOptimizer optimizer = descent(block, 3.5f)) {
                NDArray gradient = manager.create(new float[] {2, 3});
                update(optimizer, block, "01Linear_weight", gradient);
                gradient.set(new float[] {50, 60});
                update(optimizer, block, "01Linear_bias", manager.create(new float[] {6}));
            }
            assertThat(Golden.weights(block))
                    .containsExactly(new double[] {-1, -1.5, -3}, within(2e-7));
        }
    }

    @Test
    void aFrozenParameterIsNotWaitedFor() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = twoParameters(manager);
            block.getParameters().get("01Linear_bias").freeze(true);
            try (RuleOptimizer optimizer = descent(block, 2.5f)) {
                update(optimizer, block, "01Linear_weight", manager.create(new float[] {3, 4}));
            }
            assertThat(Golden.weights(block))
                    .containsExactly(new double[] {-1.5, -2, 0}, within(2e-7));
        }
    }

    @Test
    void aStepThatLacksAParameterIsRefusedByNameInTheNextAndWritesNothing() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = twoParameters(manager);
            try (RuleOptimizer optimizer = descent(block, 3.5f)) {
                NDArray gradient = manager.create(new float[] {2, 3});
                update(optimizer, block, "01Linear_weight", gradient);

                assertThatIllegalStateException()
                        .isThrownBy(() -> update(optimizer, block, "01Linear_weight", gradient))
                        .withMessageContaining("01Linear_bias")
                        .withMessageNotContaining("01Linear_weight")
                        .withMessageContaining("freeze what is not trained");
                assertThat(Golden.weights(block)).containsOnly(0);

                // What was kept is forgotten: the next whole step is as the first would have been.
                update(optimizer, block, "01Linear_weight", gradient);
                update(optimizer, block, "01Linear_bias", manager.create(new float[] {6}));
                assertThat(Golden.weights(block))
                        .containsExactly(new double[] {-1, -1.5, -3}, within(2e-7));
            }
        }
    }

    @Test
    void neitherSavingNorPlanningIsPossibleInTheMiddleOfAStep() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = twoParameters(manager);
            try (RuleOptimizer optimizer = descent(block, 3.5f)) {
                Parameter weight = block.getParameters().get("01Linear_weight");
                NDArray gradient = manager.create(new float[] {2, 3});
                update(optimizer, block, "01Linear_weight", gradient);
                assertThatIllegalStateException()
                        .isThrownBy(() -> optimizer.save(directory.resolve("state.npz")))
                        .withMessageContaining("01Linear_bias");
                assertThat(directory).isEmptyDirectory();

                update(optimizer, block, "01Linear_weight", gradient);
                assertThatIllegalStateException()
                        .isThrownBy(() -> optimizer.plan(Map.of(weight.getId(), weight.getArray())))
                        .withMessageContaining("01Linear_bias");
                assertThat(Golden.weights(block)).containsOnly(0);
            }
        }
    }

    @Test
    void severalDevicesAreRefusedWithTheReasonAndNothingIsWritten() {
        try (GradientReplay replay = new GradientReplay();
                RuleOptimizer optimizer = descent(replay.block(), 1)) {
            List<float[]> before = replay.weights();
            Parameter first = replay.block().getParameters().valueAt(0);
            NDArray weight = first.getArray();
            optimizer.update(new StateKey(first.getId(), Device.cpu()), weight, weight);

            assertThatIllegalStateException()
                    .isThrownBy(
                            () ->
                                    optimizer.update(
                                            new StateKey(first.getId(), Device.gpu(0)),
                                            weight,
                                            weight))
                    .withMessageContaining("several devices")
                    .withMessageContaining("optClipNorm");
            assertThat(replay.weights()).containsExactlyElementsOf(before);
        }
    }

    @Test
    void itNeedsTheNetworkAndNoOtherClipping() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Adamax.builder().optGlobalClipNorm(1).build())
                .withMessageContaining("optBlock");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                Adamax.builder()
                                        .optBlock(Networks.mlp(1))
                                        .optGlobalClipNorm(1)
                                        .optClipNorm(1)
                                        .build())
                .withMessageContaining("choose one");
        for (float norm : new float[] {0, Float.NaN, Float.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () ->
                                    Adamax.builder()
                                            .optBlock(Networks.mlp(1))
                                            .optGlobalClipNorm(norm)
                                            .build())
                    .withMessageContaining("global clip norm must be a finite number above 0");
        }
    }

    /** The factor looks at the gradient as it was clipped; all of its share stays the same. */
    @Test
    void factorsThatLookAtTheGradientSeeItClipped() {
        try (GradientReplay clipped = new GradientReplay();
                GradientReplay scaled = new GradientReplay();
                StatefulOptimizer one =
                        concentrated(clipped.block()).optGlobalClipNorm(1e-3f).build();
                StatefulOptimizer other = concentrated(scaled.block()).build()) {
            clipped.step(one, 0, 1);
            scaled.step(other, 0, 1);

            // Adam's first step does not depend on the length of the gradient, but for epsilon.
            List<float[]> expected = scaled.weights();
            List<float[]> found = clipped.weights();
            for (int i = 0; i < expected.size(); i++) {
                assertThat(found.get(i)).containsExactly(expected.get(i), within(2e-6f));
            }
        }
    }

    private static CaAdam.Builder concentrated(Block block) {
        return CaAdam.builder()
                .setBlock(block)
                .setScaling(ScalingStrategy.gradientConcentration(1))
                .optEpsilon(1e-12f)
                .optLearningRateTracker(Tracker.fixed(0.01f));
    }
}
