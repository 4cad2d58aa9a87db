// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.Networks;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.StructureConvention;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaAdamTest {

    private static final int STEPS = 100;

    @Test
    void withoutScalingEqualsAdamBitForBit() {
        assertSameTraining(
                block -> Optimizer.adam().build(),
                block ->
                        CaAdam.builder()
                                .setBlock(block)
                                .setScaling(ScalingStrategy.none())
                                .build());
    }

    @Test
    void withoutScalingEqualsAdamWithL2BitForBit() {
        assertSameTraining(
                block -> Optimizer.adam().optWeightDecays(0.01f).optEpsilon(1e-7f).build(),
                block ->
                        CaAdam.builder()
                                .setBlock(block)
                                .setScaling(ScalingStrategy.none())
                                .optWeightDecays(0.01f)
                                .optEpsilon(1e-7f)
                                .build());
    }

    @Test
    void withoutScalingAndWithDecoupledDecayEqualsAdamWBitForBit() {
        assertSameTraining(
                block -> Optimizer.adamW().optWeightDecays(0.004f).build(),
                block ->
                        CaAdam.builder()
                                .setBlock(block)
                                .setScaling(ScalingStrategy.none())
                                .optDecoupledWeightDecay(0.004f)
                                .optDecayExclusions()
                                .build());
    }

    @ParameterizedTest
    @EnumSource(StructureConvention.class)
    void adamWithConnectionAwareTrackerEqualsCaAdamBitForBit(StructureConvention convention) {
        ScalingStrategy scaling = ScalingStrategy.additive(0.95);
        assertSameTraining(
                block ->
                        CaAdam.builder()
                                .setBlock(block)
                                .setScaling(scaling)
                                .optConvention(convention)
                                .optLearningRateTracker(Tracker.fixed(0.01f))
                                .build(),
                block ->
                        Optimizer.adam()
                                .optLearningRateTracker(
                                        ConnectionAwareTracker.builder()
                                                .setBlock(block)
                                                .setScaling(scaling)
                                                .optConvention(convention)
                                                .optTracker(Tracker.fixed(0.01f))
                                                .build())
                                .build());
    }

    @Test
    void scalingChangesTheTraining() {
        List<float[]> plain =
                Networks.train(
                        block ->
                                CaAdam.builder()
                                        .setBlock(block)
                                        .setScaling(ScalingStrategy.none())
                                        .build(),
                        10);
        List<float[]> scaled =
                Networks.train(
                        block ->
                                CaAdam.builder()
                                        .setBlock(block)
                                        .setScaling(ScalingStrategy.depth())
                                        .build(),
                        10);

        assertThat(scaled.get(0)).isNotEqualTo(plain.get(0));
    }

    /** One parameter of one value: the steps of Algorithm 1 of Kingma and Ba, by hand. */
    @ParameterizedTest
    @EnumSource(EpsilonPlacement.class)
    void stepsAreThoseComputedByHandInDoublePrecision(EpsilonPlacement placement) {
        double epsilon = 1e-2;
        double[] gradients = {0.5, -0.25, 2.0};
        double theta = 1;
        double m = 0;
        double v = 0;
        for (int t = 1; t <= gradients.length; t++) {
            double g = gradients[t - 1];
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            double mHat = m / (1 - Math.pow(0.9, t));
            double vHat = v / (1 - Math.pow(0.999, t));
            theta -=
                    placement == EpsilonPlacement.BIAS_CORRECTED
                            ? 0.1 * mHat / (Math.sqrt(vHat) + epsilon)
                            : 0.1
                                    * Math.sqrt(1 - Math.pow(0.999, t))
                                    / (1 - Math.pow(0.9, t))
                                    * m
                                    / (Math.sqrt(v) + epsilon);
        }

        float trained =
                train(
                        block ->
                                CaAdam.builder()
                                        .setBlock(block)
                                        .setScaling(ScalingStrategy.none())
                                        .optLearningRateTracker(Tracker.fixed(0.1f))
                                        .optEpsilon((float) epsilon)
                                        .optEpsilonPlacement(placement)
                                        .build(),
                        1f,
                        gradients);

        // Single precision: a few units of 2^-24 per step, and betas rounded to float.
        assertThat((double) trained).isCloseTo(theta, within(5e-6));
    }

    @Test
    void clipsGradientsOnBothSides() {
        Function<Block, CaAdam> clipped = block -> plain(block).optClipGrad(0.5f).build();
        Function<Block, CaAdam> unclipped = block -> plain(block).build();

        // A step of Adam depends on the ratio of gradients only, so two different ones are needed.
        assertThat(train(clipped, 1f, -3, 0.25)).isEqualTo(train(unclipped, 1f, -0.5, 0.25));
        assertThat(train(clipped, 1f, 3, 0.25)).isEqualTo(train(unclipped, 1f, 0.5, 0.25));
    }

    @Test
    void rescalesBeforeClipping() {
        float expected = train(block -> plain(block).build(), 1f, -0.5, 0.25);

        assertThat(
                        train(
                                block ->
                                        plain(block).optClipGrad(0.5f).setRescaleGrad(0.5f).build(),
                                1f,
                                -3,
                                0.5))
                .isEqualTo(expected);
    }

    @Test
    void parameterWithFactorZeroDoesNotMove() {
        float trained =
                train(
                        block ->
                                CaAdam.builder()
                                        .setBlock(block)
                                        .setScaling((parameter, network) -> 0)
                                        .build(),
                        1.25f,
                        1,
                        2,
                        3);

        assertThat(trained).isEqualTo(1.25f);
    }

    @Test
    void builderNeedsABlockAndAScaling() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CaAdam.builder().setScaling(ScalingStrategy.additive()).build())
                .withMessageContaining("setBlock");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CaAdam.builder().setBlock(Networks.mlp(1)).build())
                .withMessageContaining("setScaling");
    }

    @ParameterizedTest
    @ValueSource(floats = {0f, -1e-3f, Float.NaN, Float.POSITIVE_INFINITY})
    void learningRateMustBeAboveZero(float learningRate) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                plain(Networks.mlp(1))
                                        .optLearningRateTracker(Tracker.fixed(learningRate))
                                        .build())
                .withMessageContaining("learning rate must be a finite number above 0");
    }

    @Test
    void learningRateThatTurnsIntoNaNIsRefused() {
        Tracker tracker = step -> step < 2 ? 0.1f : Float.NaN;

        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                train(
                                        block ->
                                                plain(block)
                                                        .optLearningRateTracker(tracker)
                                                        .build(),
                                        1f,
                                        1,
                                        1))
                .withMessageContaining("NaN at step 2");
    }

    @Test
    void factorThatIsNotFiniteIsRefusedByName() {
        assertThatIllegalStateException()
                .isThrownBy(
                        () ->
                                train(
                                        block ->
                                                CaAdam.builder()
                                                        .setBlock(block)
                                                        .setScaling((p, n) -> Double.NaN)
                                                        .build(),
                                        1f,
                                        1))
                .withMessageContaining("NaN for 01Linear_weight");
    }

    @Test
    void parameterOfAnotherBlockIsRefused() {
        Block other = Networks.mlp(2);
        try (NDManager manager = NDManager.newBaseManager()) {
            Networks.initialized(manager, other, new Shape(1, 2));

            assertThatIllegalStateException()
                    .isThrownBy(() -> train(block -> plain(other).build(), 1f, 1))
                    .withMessageContaining("set the block that is trained");
        }
    }

    @Test
    void bothKindsOfWeightDecayAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                plain(Networks.mlp(1))
                                        .optWeightDecays(0.1f)
                                        .optDecoupledWeightDecay(0.1f)
                                        .build())
                .withMessageContaining("choose one");
    }

    private static CaAdam.Builder plain(Block block) {
        return CaAdam.builder()
                .setBlock(block)
                .setScaling(ScalingStrategy.none())
                .optLearningRateTracker(Tracker.fixed(0.1f));
    }

    private static void assertSameTraining(
            Function<Block, Optimizer> first, Function<Block, Optimizer> second) {
        List<float[]> expected = Networks.train(first, STEPS);
        List<float[]> actual = Networks.train(second, STEPS);
        assertThat(actual).hasSameSizeAs(expected).hasSize(6);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i)).containsExactly(expected.get(i));
        }
    }

    /** Trains a single weight with given gradients; returns its value after the last step. */
    private static float train(
            Function<Block, CaAdam> optimizer, float initial, double... gradients) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = Networks.initialized(manager, Networks.mlp(1), new Shape(1, 1));
            Parameter weight = block.getParameters().get("01Linear_weight");
            weight.getArray().set(new float[] {initial});
            try (CaAdam caAdam = optimizer.apply(block)) {
                for (double gradient : gradients) {
                    try (NDArray grad =
                            manager.create(new float[] {(float) gradient}, new Shape(1, 1))) {
                        caAdam.update(weight.getId(), weight.getArray(), grad);
                    }
                }
            }
            return weight.getArray().getFloat();
        }
    }
}
