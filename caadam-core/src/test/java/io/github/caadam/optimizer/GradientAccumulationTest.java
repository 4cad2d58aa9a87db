// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.tracker.ParameterTracker;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.LibraryOptimizer;
import io.github.caadam.Logs;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.spi.UpdatePlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A step of several batches, in updates that come one by one. {@link GoldenOptionsTest} holds it
 * against Keras, {@code ThreeExecutionsTest} and {@code RandomNetworksTest} all executions against
 * each other.
 */
class GradientAccumulationTest {

    private static final int BATCHES = 3;
    private static final float RATE = 0.01f;

    /** Relative to 1, of weights of up to 3 after a few steps; a mean is rounded. */
    private static final double TOLERANCE = 2e-6;

    @TempDir private Path directory;

    private static StatefulOptimizer create(
            LibraryOptimizer line,
            Block block,
            int batches,
            Consumer<StatefulOptimizer.Builder<?>> options) {
        return line.create(
                block,
                builder -> {
                    builder.optLearningRateTracker(Tracker.fixed(RATE))
                            .optGradientAccumulationSteps(batches);
                    options.accept(builder);
                });
    }

    private static StatefulOptimizer create(LibraryOptimizer line, Block block) {
        return create(line, block, BATCHES, builder -> {});
    }

    @ParameterizedTest
    @EnumSource
    void stepsAreMadeOfTheMeanOfSoManyGradients(LibraryOptimizer line) {
        requireStepsOfMeans(line, builder -> {});
    }

    /** Clipping is of the mean: single gradients are some three times as long. */
    @ParameterizedTest
    @EnumSource
    void theMeanIsClippedRescaledAndDecays(LibraryOptimizer line) {
        requireStepsOfMeans(
                line,
                builder -> {
                    LibraryOptimizer.scale(builder, ScalingStrategy.depth());
                    builder.optGlobalClipNorm(0.5f).optDecoupledWeightDecay(0.125f);
                    builder.setRescaleGrad(0.5f);
                });
        requireStepsOfMeans(
                line,
                builder -> {
                    builder.optClipNorm(0.5f);
                    builder.optWeightDecays(0.25f);
                });
        requireStepsOfMeans(line, builder -> builder.optClipGrad(0.25f));
    }

    private static void requireStepsOfMeans(
            LibraryOptimizer line, Consumer<StatefulOptimizer.Builder<?>> options) {
        int steps = 4;
        try (GradientReplay replay = new GradientReplay();
                GradientReplay means = new GradientReplay();
                StatefulOptimizer accumulating = create(line, replay.block(), BATCHES, options);
                StatefulOptimizer plain = create(line, means.block(), 1, options)) {
            for (int step = 0; step < steps; step++) {
                int first = step * BATCHES;
                List<float[]> before = replay.weights();
                replay.step(accumulating, first, first + BATCHES - 1);
                assertThat(replay.weights()).containsExactlyElementsOf(before);
                replay.step(accumulating, first + BATCHES - 1, first + BATCHES);
                stepOfMean(means, plain, first);

                assertThat(Golden.weights(replay.block()))
                        .containsExactly(Golden.weights(means.block()), within(TOLERANCE));
                assertThat(replay.weights().get(0)).isNotEqualTo(before.get(0));
                assertThat(accumulating.latestStep()).isEqualTo(step + 1);
            }
        }
    }

    private static void stepOfMean(GradientReplay replay, StatefulOptimizer optimizer, int first) {
        try (NDManager manager = NDManager.newBaseManager()) {
            List<Parameter> parameters = replay.block().getParameters().values();
            for (int i = 0; i < parameters.size(); i++) {
                Parameter parameter = parameters.get(i);
                double[] sum = new double[(int) parameter.getShape().size()];
                for (int batch = first; batch < first + BATCHES; batch++) {
                    double[] gradient = replay.gradients(batch).get(i);
                    for (int j = 0; j < sum.length; j++) {
                        sum[j] += gradient[j] / BATCHES;
                    }
                }
                NDArray mean =
                        manager.create(sum, parameter.getShape()).toType(DataType.FLOAT32, false);
                optimizer.update(parameter.getId(), parameter.getArray(), mean);
            }
        }
    }

    /** Saved after every batch of a cycle. */
    @ParameterizedTest
    @EnumSource
    void whatIsAccumulatedIsSavedAndGoesOnBitForBit(LibraryOptimizer line) throws IOException {
        Path file = directory.resolve("optimizer.npz");
        for (int saved = 0; saved <= BATCHES; saved++) {
            int to = 2 * BATCHES + saved;
            try (GradientReplay replay = new GradientReplay();
                    StatefulOptimizer optimizer = create(line, replay.block());
                    GradientReplay other = new GradientReplay();
                    StatefulOptimizer resumed = create(line, other.block())) {
                replay.step(optimizer, 0, to);
                optimizer.save(file);
                other.setWeights(replay.weights());
                replay.step(optimizer, to, to + 2 * BATCHES);

                resumed.load(file);
                // Once more, from what was loaded.
                resumed.save(file);
                resumed.load(file);
                other.step(resumed, to, to + 2 * BATCHES);

                assertThat(other.weights()).containsExactlyElementsOf(replay.weights());
                assertThat(resumed.latestStep()).isEqualTo(optimizer.latestStep());
            }
        }
    }

    @Test
    void whatIsSavedHasTheSumAndTheNumberOfBatches() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = create(LibraryOptimizer.ADAMAX, replay.block())) {
            replay.step(optimizer, 0, BATCHES + 1);
            optimizer.save(file);

            try (NDManager manager = NDManager.newBaseManager()) {
                Map<String, NDArray> arrays = SavedArrays.read(file, manager);
                assertThat(arrays.get("01Linear_weight/accumulated").toLongArray())
                        .containsExactly(1);
                assertThat(arrays.get("01Linear_weight/step").toLongArray()).containsExactly(1);
                assertThat(arrays.get("01Linear_weight/accumulated_gradient").toFloatArray())
                        .containsExactly(replay.firstGradient(BATCHES));
            }
        }
    }

    @Test
    void gradientsThatWaitForStepsOfAnotherLengthAreDroppedWithAWarning() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = create(LibraryOptimizer.NADAM, replay.block());
                GradientReplay clean = new GradientReplay();
                StatefulOptimizer whole = create(LibraryOptimizer.NADAM, clean.block());
                StatefulOptimizer two =
                        create(LibraryOptimizer.NADAM, replay.block(), 2, builder -> {});
                StatefulOptimizer one =
                        create(LibraryOptimizer.NADAM, replay.block(), 1, builder -> {});
                StatefulOptimizer again = create(LibraryOptimizer.NADAM, replay.block())) {
            replay.step(optimizer, 0, BATCHES + 2);
            optimizer.save(file);
            List<float[]> saved = replay.weights();

            // As from a state in which nothing waits.
            clean.step(whole, 0, BATCHES);
            Path without = directory.resolve("without.npz");
            whole.save(without);
            for (StatefulOptimizer loading : List.of(two, one)) {
                replay.setWeights(saved);
                loading.load(without);
                replay.step(loading, 20, 24);
                List<float[]> expected = replay.weights();

                replay.setWeights(saved);
                String log = Logs.of(() -> load(loading, file));
                replay.step(loading, 20, 24);

                assertThat(log).contains("gradientAccumulationSteps").contains("3.0 there");
                assertThat(replay.weights()).containsExactlyElementsOf(expected);
            }

            // And a state of single steps is one in which nothing waits.
            one.save(file);
            again.load(file);
            List<float[]> before = replay.weights();
            replay.step(again, 24, 26);
            assertThat(replay.weights()).containsExactlyElementsOf(before);
            replay.step(again, 26, 27);
            assertThat(replay.weights().get(0)).isNotEqualTo(before.get(0));
        }
    }

    private static void load(StatefulOptimizer optimizer, Path file) {
        try {
            optimizer.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theScheduleCountsStepsAndIsAskedForNoOther() {
        List<Integer> asked = new ArrayList<>();
        ParameterTracker tracker =
                (id, step) -> {
                    asked.add(step);
                    return 0.5f;
                };
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer =
                        create(
                                LibraryOptimizer.LION,
                                replay.block(),
                                BATCHES,
                                builder -> builder.optLearningRateTracker(tracker))) {
            replay.step(optimizer, 0, BATCHES - 1);
            assertThat(asked).isEmpty();
            replay.step(optimizer, BATCHES - 1, 2 * BATCHES);
            assertThat(asked).containsExactly(1, 1, 1, 1, 2, 2, 2, 2);
        }
    }

    /** Frozen while its gradients waited, and still when the step came. */
    @Test
    void whatWaitedForAStepThatWasMadeWithoutItIsDropped() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = create(LibraryOptimizer.RULE, replay.block());
                GradientReplay other = new GradientReplay();
                StatefulOptimizer expected = create(LibraryOptimizer.RULE, other.block());
                StatefulOptimizer loaded = create(LibraryOptimizer.RULE, replay.block())) {
            Parameter first = replay.block().getParameters().valueAt(0);
            replay.step(optimizer, 0, 2);
            first.freeze(true);
            replay.step(optimizer, 2, 6);
            optimizer.save(file);
            List<float[]> saved = replay.weights();
            first.freeze(false);
            replay.step(optimizer, 6, 9);
            List<float[]> found = replay.weights();

            // Never trained before the seventh batch.
            Parameter same = other.block().getParameters().valueAt(0);
            same.freeze(true);
            other.step(expected, 0, 6);
            same.freeze(false);
            other.step(expected, 6, 9);
            assertThat(found).containsExactlyElementsOf(other.weights());

            replay.setWeights(saved);
            loaded.load(file);
            replay.step(loaded, 6, 9);
            assertThat(replay.weights()).containsExactlyElementsOf(found);
        }
    }

    /** A batch in which it was frozen is a gradient of zeros. */
    @Test
    void aParameterThatIsUnfrozenBetweenTwoStepsHasTheMeanOverAllBatches() {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = create(LibraryOptimizer.RULE, replay.block());
                GradientReplay means = new GradientReplay();
                StatefulOptimizer plain =
                        create(LibraryOptimizer.RULE, means.block(), 1, builder -> {})) {
            Parameter first = replay.block().getParameters().valueAt(0);
            first.freeze(true);
            replay.step(optimizer, 0, 2);
            first.freeze(false);
            replay.step(optimizer, 2, 3);

            Parameter same = means.block().getParameters().valueAt(0);
            NDArray gradient =
                    same.getArray()
                            .getManager()
                            .create(replay.firstGradient(2), same.getShape())
                            .div(BATCHES);
            plain.update(same.getId(), same.getArray(), gradient);
            assertThat(first.getArray().toFloatArray())
                    .containsExactly(same.getArray().toFloatArray(), within(1e-6f));
        }
    }

    @Test
    void everyDeviceHasItsSumAndTheStepsCountOnce() {
        List<Integer> asked = new ArrayList<>();
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer =
                        create(
                                LibraryOptimizer.CAADAM,
                                replay.block(),
                                BATCHES,
                                builder ->
                                        builder.optLearningRateTracker(
                                                (ParameterTracker)
                                                        (id, step) -> {
                                                            asked.add(step);
                                                            return RATE / step;
                                                        }));
                GradientReplay alone = new GradientReplay();
                StatefulOptimizer one =
                        create(
                                LibraryOptimizer.CAADAM,
                                alone.block(),
                                BATCHES,
                                builder ->
                                        builder.optLearningRateTracker(
                                                (ParameterTracker) (id, step) -> RATE / step))) {
            List<NDArray> copies = new ArrayList<>();
            for (Parameter parameter : replay.block().getParameters().values()) {
                copies.add(parameter.getArray().duplicate());
            }
            for (int batch = 0; batch < 2 * BATCHES; batch++) {
                replay.step(optimizer, batch, Device.gpu(0), Parameter::getArray);
                List<NDArray> second = new ArrayList<>(copies);
                replay.step(optimizer, batch, Device.gpu(1), parameter -> second.remove(0));
            }
            alone.step(one, 0, 2 * BATCHES);

            assertThat(replay.weights()).containsExactlyElementsOf(alone.weights());
            assertThat(copies.stream().map(NDArray::toFloatArray).toList())
                    .containsExactlyElementsOf(alone.weights());
            assertThat(asked).containsExactly(1, 1, 1, 1, 2, 2, 2, 2);
            assertThat(optimizer.latestStep()).isEqualTo(2);
        }
    }

    @Test
    void aPlanCountsBatchesAndTellsWhichOfThemMakeSteps() {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = create(LibraryOptimizer.ADAMAX, replay.block())) {
            replay.step(optimizer, 0, 1);
            UpdatePlan plan = plan(optimizer, replay);

            assertThat(plan.isStep(1)).isFalse();
            assertThat(plan.isStep(2)).isTrue();
            assertThat(plan.isStep(4)).isFalse();
            assertThat(plan.steps(1)).isZero();
            assertThat(plan.steps(5)).isEqualTo(2);

            plan.advance(4);
            assertThat(optimizer.latestStep()).isEqualTo(1);
            assertThat(plan.entries()).extracting(UpdatePlan.Entry::step).containsOnly(1);
            assertThat(plan.isStep(1)).isTrue();
            plan.advance(0);
            assertThat(plan.isStep(1)).isTrue();
            plan.advance(1);
            assertThat(optimizer.latestStep()).isEqualTo(2);
            assertThat(plan.isStep(BATCHES)).isTrue();

            // One by one again.
            List<float[]> before = replay.weights();
            replay.step(optimizer, 6, 8);
            assertThat(replay.weights()).containsExactlyElementsOf(before);
            replay.step(optimizer, 8, 9);
            assertThat(replay.weights().get(0)).isNotEqualTo(before.get(0));
        }
    }

    private static UpdatePlan plan(StatefulOptimizer optimizer, GradientReplay replay) {
        Map<String, NDArray> weights = new LinkedHashMap<>();
        for (Parameter parameter : replay.block().getParameters().values()) {
            weights.put(parameter.getId(), parameter.getArray());
        }
        return optimizer.plan(weights);
    }

    /**
     * With clipping by the global norm: the batches before had all gradients, or not; it is said.
     */
    @Test
    void aStepThatLacksAParameterIsRefusedAndTheNextStepStartsAnew() {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer =
                        create(
                                LibraryOptimizer.ADAMAX,
                                replay.block(),
                                2,
                                builder -> builder.optGlobalClipNorm(1));
                GradientReplay other = new GradientReplay();
                StatefulOptimizer whole =
                        create(
                                LibraryOptimizer.ADAMAX,
                                other.block(),
                                2,
                                builder -> builder.optGlobalClipNorm(1))) {
            replay.step(optimizer, 0, 1);
            Parameter first = replay.block().getParameters().valueAt(0);
            NDArray gradient = first.getArray().onesLike();
            optimizer.update(first.getId(), first.getArray(), gradient);
            assertThatIllegalStateException()
                    .isThrownBy(() -> optimizer.update(first.getId(), first.getArray(), gradient))
                    .withMessageContaining("03Linear_bias");

            replay.step(optimizer, 2, 4);
            other.step(whole, 2, 4);
            assertThat(replay.weights()).containsExactlyElementsOf(other.weights());
        }
    }

    @Test
    void aGradientThatIsNoNumberSpoilsItsStepOnlyAndNotTheSumAfterIt() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = create(LibraryOptimizer.LION, replay.block())) {
            Parameter first = replay.block().getParameters().valueAt(0);
            first.getArray().set(new float[(int) first.getShape().size()]);
            NDArray nan = first.getArray().onesLike().mul(Float.NaN);
            for (int i = 0; i < BATCHES; i++) {
                for (Parameter parameter : replay.block().getParameters().values()) {
                    NDArray array = parameter.getArray();
                    optimizer.update(
                            parameter.getId(), array, parameter == first ? nan : array.onesLike());
                }
            }
            optimizer.save(file);
            try (NDManager manager = NDManager.newBaseManager()) {
                Map<String, NDArray> arrays = SavedArrays.read(file, manager);
                assertThat(arrays.get("01Linear_weight/accumulated_gradient").toFloatArray())
                        .containsOnly(0);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void aNumberBelowOneIsRefused(int steps) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Adamax.builder().optGradientAccumulationSteps(steps).build())
                .withMessageContaining("accumulation steps must be 1 or more, found " + steps);
    }

    @Test
    void theNetworkIsNeeded() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Lion.builder().optGradientAccumulationSteps(2).build())
                .withMessageContaining("optBlock");
    }
}
