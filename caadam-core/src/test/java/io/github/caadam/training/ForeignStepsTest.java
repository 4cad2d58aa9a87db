// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.Networks;
import io.github.caadam.Trainers;
import io.github.caadam.optimizer.Adamax;
import io.github.caadam.optimizer.Sgd;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Optimizers of users, by every way in which the library steps them. */
class ForeignStepsTest {

    private static final float RATE = 0.05f;
    private static final int STEPS = 5;

    static Stream<Named<BiFunction<Model, TrainingConfig, Trainer>>> trainers() {
        return Stream.of(
                Named.of("fused", Trainers.FUSED),
                Named.of("three steps in a call", Trainers.compiled(3)),
                Named.of("compiled", Trainers.COMPILED));
    }

    private static Optimizer descent() {
        return new Descent(RATE);
    }

    private static Optimizer djls() {
        return Optimizer.sgd().setLearningRateTracker(Tracker.fixed(RATE)).build();
    }

    private static Optimizer ours() {
        return Sgd.builder().optLearningRateTracker(Tracker.fixed(RATE)).build();
    }

    /** Gradients that add up would make it another method. */
    @ParameterizedTest
    @MethodSource("trainers")
    void descentOfAUserIsThatOfDjl(BiFunction<Model, TrainingConfig, Trainer> trainers) {
        try (SmallTraining theirs = training(ForeignStepsTest::descent, trainers);
                SmallTraining djls = training(ForeignStepsTest::djls, trainers);
                SmallTraining plain = training(ForeignStepsTest::djls, SmallTraining.STOCK);
                SmallTraining ours = training(ForeignStepsTest::ours, trainers)) {
            List<float[]> weights = theirs.steps(STEPS).weights();

            requireClose(weights, djls.steps(STEPS).weights());
            requireClose(weights, plain.steps(STEPS).weights());
            requireClose(weights, ours.steps(STEPS).weights());
            assertThat(theirs.fused().fallbackReason())
                    .hasValue("Descent is not an optimizer of this library");
        }
    }

    @ParameterizedTest
    @MethodSource("trainers")
    void descentOfAUserInsideFitIsThatOfDjl(BiFunction<Model, TrainingConfig, Trainer> trainers) {
        try (FitTraining theirs = fit(ForeignStepsTest::descent, trainers);
                FitTraining djls = fit(ForeignStepsTest::djls, trainers);
                FitTraining ours = fit(ForeignStepsTest::ours, trainers)) {
            requireClose(theirs.weights(), djls.weights());
            requireClose(theirs.weights(), ours.weights());
        }
    }

    /** Chunks are what the loop sees, and must not change what an optimizer sees. */
    @ParameterizedTest
    @MethodSource("trainers")
    void aUsersOptimizerIsGivenTheGradientOfTheBatch(
            BiFunction<Model, TrainingConfig, Trainer> trainers) {
        List<Float> sizes = new ArrayList<>();
        try (SmallTraining still = training(() -> new Watching(sizes), trainers)) {
            still.steps(STEPS);
        }

        assertThat(sizes).hasSizeGreaterThan(STEPS);
        int parameters = sizes.size() / STEPS;
        for (int i = parameters; i < sizes.size(); i++) {
            assertThat(sizes.get(i)).isEqualTo(sizes.get(i % parameters));
        }
    }

    @Test
    void gradientsThatAreNoNumbersAreZeroedToo() {
        Optimizer optimizer = ForeignSteps.around(new Descent(1));
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray weight = manager.create(new float[] {1, 2, 3});
            weight.setRequiresGradient(true);
            NDArray slopes = manager.create(new float[] {0.5f, Float.NaN, Float.POSITIVE_INFINITY});
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                collector.backward(weight.mul(slopes).sum());
            }

            optimizer.update("w", weight, weight.getGradient().duplicate());

            assertThat(weight.toFloatArray())
                    .containsExactly(0.5f, Float.NaN, Float.NEGATIVE_INFINITY);
            assertThat(weight.getGradient().toFloatArray()).containsExactly(0, 0, 0);
        }
    }

    @Test
    void optimizersThatZeroByThemselvesAreLeftAsTheyAre() {
        Optimizer djls = Optimizer.adam().build();
        try (Adamax ours = Adamax.builder().build()) {
            assertThat(ForeignSteps.around(djls)).isSameAs(djls);
            assertThat(ForeignSteps.around(ours)).isSameAs(ours);
        }
    }

    /** The listener compares it with the one whose state it saves. */
    @Test
    void theTrainersOptimizerIsStillTheUsers() {
        try (SmallTraining training = training(ForeignStepsTest::descent, Trainers.FUSED)) {
            assertThat(TrainedArrays.optimizerOf(training.trainer()))
                    .containsSame(training.optimizer());
        }
    }

    private static SmallTraining training(
            Supplier<Optimizer> optimizer, BiFunction<Model, TrainingConfig, Trainer> trainers) {
        return new SmallTraining(SmallTraining.Network.MLP, block -> optimizer.get(), trainers);
    }

    private static FitTraining fit(
            Supplier<Optimizer> optimizer, BiFunction<Model, TrainingConfig, Trainer> trainers) {
        FitTraining training =
                new FitTraining(Networks.mlp(8, 1), block -> optimizer.get(), trainers);
        return training.fit(2, training.inOrder(), training.inOrder());
    }

    private static void requireClose(List<float[]> actual, List<float[]> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i)).containsExactly(expected.get(i), within(1e-6f));
        }
    }

    /** Descent, as somebody may write it who knows DJL only. */
    private static class Descent extends Optimizer {

        private final float rate;

        Descent(float rate) {
            super(new Builder());
            this.rate = rate;
        }

        @Override
        public void update(String id, NDArray weight, NDArray gradient) {
            weight.subi(gradient.mul(rate));
        }
    }

    /** Changes nothing, so that each batch has the same gradients. */
    private static final class Watching extends Descent {

        private final List<Float> sizes;

        Watching(List<Float> sizes) {
            super(0);
            this.sizes = sizes;
        }

        @Override
        public void update(String id, NDArray weight, NDArray gradient) {
            sizes.add(gradient.norm().getFloat());
        }
    }

    /** DJL's base class wants one. */
    private static final class Builder extends Optimizer.OptimizerBuilder<Builder> {

        @Override
        protected Builder self() {
            return this;
        }
    }
}
