// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.Networks;
import io.github.caadam.pytorch.OptimizerCase;
import io.github.caadam.scaling.ScalingStrategy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StatefulOptimizerTest {

    private static final int STEPS = 12;

    static Stream<OptimizerCase> kinds() {
        return OptimizerCase.byParameter();
    }

    /** DJL's own optimizers advance one step count twice here. */
    @ParameterizedTest
    @MethodSource("kinds")
    void copiesOfAParameterOnTwoDevicesMoveAsOneOnASingleDevice(OptimizerCase kind) {
        assumeFalse(worksOnTheNetwork(kind)); // One device only: see NetworkRuleTest.
        try (GradientReplay single = new GradientReplay();
                StatefulOptimizer onOne = kind.create(single.block())) {
            single.step(onOne, 0, STEPS);

            try (GradientReplay first = new GradientReplay();
                    StatefulOptimizer onTwo = kind.create(first.block())) {
                List<NDArray> copies = new ArrayList<>();
                for (Parameter parameter : first.block().getParameters().values()) {
                    copies.add(parameter.getArray().duplicate());
                }
                for (int step = 0; step < STEPS; step++) {
                    first.step(onTwo, step, Device.gpu(0), Parameter::getArray);
                    List<NDArray> second = new ArrayList<>(copies);
                    first.step(onTwo, step, Device.gpu(1), parameter -> second.remove(0));
                }

                assertThat(first.weights()).containsExactlyElementsOf(single.weights());
                assertThat(copies.stream().map(NDArray::toFloatArray).toList())
                        .containsExactlyElementsOf(single.weights());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void parameterThatIsUnfrozenLaterStartsWithTheCorrectionOfItsFirstStep(OptimizerCase kind) {
        assumeFalse(worksOnTheNetwork(kind)); // What the network has come to counts, too.
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = kind.create(replay.block())) {
            Block last = replay.block().getChildren().get("03Linear");
            last.freezeParameters(true);
            replay.step(optimizer, 0, 50);
            float[] before = last.getParameters().get("weight").getArray().toFloatArray();
            last.freezeParameters(false);
            replay.step(optimizer, 50, 51);
            float[] after = last.getParameters().get("weight").getArray().toFloatArray();

            assertThat(after).isNotEqualTo(before);
            // As a new optimizer's first step, corrected as such.
            try (GradientReplay fresh = new GradientReplay();
                    StatefulOptimizer other = kind.create(fresh.block())) {
                Block same = fresh.block().getChildren().get("03Linear");
                same.getParameters().get("weight").getArray().set(before);
                fresh.block()
                        .getChildren()
                        .get("01Linear")
                        .getParameters()
                        .forEach(
                                pair ->
                                        pair.getValue()
                                                .getArray()
                                                .set(
                                                        replay.block()
                                                                .getParameters()
                                                                .get("01Linear_" + pair.getKey())
                                                                .getArray()
                                                                .toFloatArray()));
                fresh.step(other, 50, 51);

                assertThat(same.getParameters().get("weight").getArray().toFloatArray())
                        .containsExactly(after);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void trainsOnAThreadThatRecordsGradients(OptimizerCase kind) throws Exception {
        List<float[]> expected = Networks.train(kind::create, STEPS);
        var executor = Executors.newSingleThreadExecutor();
        try {
            Future<List<float[]>> onThread =
                    executor.submit(() -> Networks.train(kind::create, STEPS));

            assertThat(onThread.get()).containsExactlyElementsOf(expected);
        } finally {
            executor.shutdown();
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void stateOutlivesAScopeAroundTheStep(OptimizerCase kind) {
        List<float[]> expected = weightsAfter(kind, Runnable::run);

        List<float[]> actual =
                weightsAfter(
                        kind,
                        step -> {
                            try (NDScope scope = new NDScope()) {
                                scope.suppressNotUsedWarning();
                                step.run();
                            }
                        });

        assertThat(actual).containsExactlyElementsOf(expected);
    }

    private static List<float[]> weightsAfter(OptimizerCase kind, Consumer<Runnable> around) {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = kind.create(replay.block())) {
            for (int step = 0; step < STEPS; step++) {
                int number = step;
                around.accept(() -> replay.step(optimizer, number, number + 1));
            }
            return replay.weights();
        }
    }

    @Test
    void decayLeavesBiasesAloneUnlessToldOtherwise() {
        assertThat(decayed(builder -> {})).containsExactly("01Linear_weight", "03Linear_weight");
        assertThat(decayed(builder -> builder.optDecayExclusions("^01", "_bias$")))
                .containsExactly("03Linear_weight");
        assertThat(decayed(CaAdam.Builder::optDecayExclusions)).hasSize(4);
    }

    /** The parameters that move when gradients are zero and only the decay acts. */
    private static List<String> decayed(Consumer<CaAdam.Builder> options) {
        CaAdam.Builder builder = CaAdam.builder().setScaling(ScalingStrategy.none());
        builder.optDecoupledWeightDecay(0.1f);
        options.accept(builder);
        try (GradientReplay replay = new GradientReplay();
                CaAdam optimizer = builder.setBlock(replay.block()).build()) {
            List<String> moved = new ArrayList<>();
            replay.block()
                    .getParameters()
                    .forEach(
                            pair -> {
                                NDArray weight = pair.getValue().getArray();
                                float[] before = weight.toFloatArray();
                                optimizer.update(
                                        pair.getValue().getId(), weight, weight.zerosLike());
                                float[] after = weight.toFloatArray();
                                if (after[0] != before[0]) {
                                    // θ ← θ − α·λ·θ with α = 0.001, λ = 0.1, two roundings.
                                    assertThat(after[0])
                                            .isCloseTo(before[0] * 0.9999f, within(2e-7f));
                                    moved.add(pair.getKey());
                                }
                            });
            return moved;
        }
    }

    @Test
    void clipsTheNormOfAGradientThatIsLongerOnly() {
        // (3, 4) has norm 5, scaled down to 1; (0.3, 0.4) stays.
        Function<Float, float[]> clipped = c -> step(new float[][] {{3, 4}, {0.3f, 0.4f}}, c);

        assertThat(clipped.apply(1f))
                .usingComparatorWithPrecision(1e-7f)
                .containsExactly(step(new float[][] {{0.6f, 0.8f}, {0.3f, 0.4f}}, -1f));
        assertThat(clipped.apply(10f))
                .usingComparatorWithPrecision(1e-7f)
                .containsExactly(step(new float[][] {{3, 4}, {0.3f, 0.4f}}, -1f));
    }

    /** The weights of one layer with two inputs after steps with given gradients. */
    private static float[] step(float[][] gradients, float clipNorm) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = Networks.initialized(manager, Networks.mlp(1), new Shape(1, 2));
            Parameter weight = block.getParameters().get("01Linear_weight");
            weight.getArray().set(new float[] {1, 1});
            try (Adamax optimizer =
                    Adamax.builder()
                            .optLearningRateTracker(Tracker.fixed(0.1f))
                            .optClipNorm(clipNorm)
                            .build()) {
                for (float[] gradient : gradients) {
                    optimizer.update(
                            weight.getId(),
                            weight.getArray(),
                            manager.create(gradient, new Shape(1, 2)));
                }
            }
            return weight.getArray().toFloatArray();
        }
    }

    @Test
    void boundsAndOverridesOfTheFactorAreThoseOfTheStrategy() {
        ScalingStrategy scaling = ScalingStrategy.multiplicative(5);
        List<float[]> byBuilder =
                Networks.train(
                        block ->
                                CaAdam.builder()
                                        .setBlock(block)
                                        .setScaling(scaling)
                                        .optFactorBounds(0, 2)
                                        .optFactorOverride("^01", 0.5)
                                        .optFactorOverride("_bias$", 0)
                                        .build(),
                        STEPS);
        List<float[]> byStrategy =
                Networks.train(
                        block ->
                                CaAdam.builder()
                                        .setBlock(block)
                                        .setScaling(
                                                scaling.bounded(0, 2)
                                                        .overriding("^01", 0.5)
                                                        .overriding("_bias$", 0))
                                        .build(),
                        STEPS);

        assertThat(byBuilder).containsExactlyElementsOf(byStrategy);
    }

    @Test
    void stepsCountFromBeginNumUpdate() {
        List<Integer> seen = new ArrayList<>();
        try (GradientReplay replay = new GradientReplay();
                Nadam optimizer =
                        Nadam.builder()
                                .optBlock(replay.block())
                                .optBeginNumUpdate(10)
                                .optLearningRateTracker(
                                        (id, step) -> {
                                            seen.add(step);
                                            return 0.01f;
                                        })
                                .build()) {
            replay.step(optimizer, 0, 2);
        }

        assertThat(seen).containsExactly(11, 11, 11, 11, 12, 12, 12, 12);
    }

    @Test
    void optionsThatContradictEachOtherOrAreOutOfRangeAreRefused() {
        assertRefused(b -> b.optBeta1(1), "beta1 must be in [0, 1), found 1.0");
        assertRefused(b -> b.optBeta2(Float.NaN), "beta2 must be in [0, 1), found NaN");
        assertRefused(b -> b.optEpsilon(0), "epsilon must be a finite number above 0, found 0.0");
        assertRefused(b -> b.optDecoupledWeightDecay(-1), "0 or more, found -1.0");
        assertRefused(b -> b.optClipNorm(0), "clip norm must be a finite number above 0");
        assertRefused(b -> b.optClipGrad(1).optClipNorm(1), "choose one");
        assertRefused(
                b -> b.optWeightDecays(0.1f).optDecoupledWeightDecay(0.1f).optDecayExclusions(),
                "choose one");
        assertRefused(b -> b.optDecayExclusions("_bias$"), "set optDecoupledWeightDecay too");
        assertRefused(b -> b.optDecoupledWeightDecay(0.1f), "call optBlock(model.getBlock())");
        assertThatCode(
                        () ->
                                Adamax.builder()
                                        .optDecoupledWeightDecay(0.1f)
                                        .optDecayExclusions()
                                        .build()
                                        .close())
                .doesNotThrowAnyException();
    }

    private static void assertRefused(Consumer<Adamax.Builder> options, String message) {
        Adamax.Builder builder = Adamax.builder();
        options.accept(builder);
        assertThatIllegalArgumentException()
                .isThrownBy(builder::build)
                .withMessageContaining(message);
    }

    @Test
    void printsItsConfiguration() {
        try (CaAdam optimizer =
                CaAdam.builder()
                        .setBlock(Networks.mlp(1))
                        .setScaling(ScalingStrategy.additive())
                        .optDecoupledWeightDecay(0.004f)
                        .build()) {
            assertThat(optimizer)
                    .hasToString(
                            "CaAdam{scaling={strategy=additive, gamma=0.95}, convention=PAPER,"
                                    + " algorithm=adam, beta1=0.9, beta2=0.999, epsilon=1.0E-8,"
                                    + " epsilonPlacement=UNCORRECTED, amsgrad=false,"
                                    + " decoupledWeightDecay=0.004, decayExclusions=biases and norms}");
        }
    }

    private static boolean worksOnTheNetwork(OptimizerCase kind) {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = kind.create(replay.block())) {
            return optimizer instanceof Prodigy || optimizer instanceof ScheduleFreeAdamW;
        }
    }
}
