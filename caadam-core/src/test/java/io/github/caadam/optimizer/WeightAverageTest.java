// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.LibraryOptimizer;
import io.github.caadam.rule.Slot;
import io.github.caadam.rule.Step;
import io.github.caadam.rule.UpdateRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The average of the weights, in updates that come one by one. {@link GoldenOptionsTest} holds it
 * against PyTorch, {@code ThreeExecutionsTest} and {@code RandomNetworksTest} all executions
 * against each other.
 */
class WeightAverageTest {

    private static final int STEPS = 6;
    private static final float DECAY = 0.75f;

    @TempDir private Path directory;

    private static StatefulOptimizer create(LibraryOptimizer line, Block block) {
        return create(line, block, 1, DECAY);
    }

    private static StatefulOptimizer create(
            LibraryOptimizer line, Block block, int batches, float decay) {
        return line.create(
                block,
                builder ->
                        builder.optLearningRateTracker(Tracker.fixed(0.01f))
                                .optGradientAccumulationSteps(batches)
                                .optWeightAverage(decay));
    }

    /** The averages of all parameters. */
    private static List<float[]> averages(StatefulOptimizer optimizer, Block block) {
        return block.getParameters().values().stream()
                .map(p -> optimizer.averageOf(p.getId(), Device.cpu()).orElseThrow())
                .map(NDArray::toFloatArray)
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void itBeginsAsTheWeightAndMovesByItsShareBehindEachStep(LibraryOptimizer line) {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = create(line, replay.block());
                GradientReplay other = new GradientReplay();
                StatefulOptimizer without = create(line, other.block(), 1, -1)) {
            List<float[]> expected = replay.weights();
            for (int step = 0; step < STEPS; step++) {
                replay.step(optimizer, step, step + 1);
                List<float[]> weights = replay.weights();
                for (int i = 0; i < expected.size(); i++) {
                    for (int j = 0; j < expected.get(i).length; j++) {
                        expected.get(i)[j] +=
                                (1 - DECAY) * (weights.get(i)[j] - expected.get(i)[j]);
                    }
                }
            }
            List<float[]> found = averages(optimizer, replay.block());
            for (int i = 0; i < found.size(); i++) {
                assertThat(found.get(i)).containsExactly(expected.get(i), within(1e-6f));
                assertThat(found.get(i)).isNotEqualTo(replay.weights().get(i));
            }

            // Training does not see it.
            other.step(without, 0, STEPS);
            assertThat(replay.weights()).containsExactlyElementsOf(other.weights());
        }
    }

    @Test
    void stepsMoveItAndNoBatchThatMakesNone() {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer =
                        create(LibraryOptimizer.ADAMAX, replay.block(), 2, DECAY)) {
            replay.step(optimizer, 0, 2);
            List<float[]> before = averages(optimizer, replay.block());
            replay.step(optimizer, 2, 3);
            assertThat(averages(optimizer, replay.block())).containsExactlyElementsOf(before);
            replay.step(optimizer, 3, 4);
            assertThat(averages(optimizer, replay.block()).get(0)).isNotEqualTo(before.get(0));
        }
    }

    @Test
    void thereIsNoneBeforeTheFirstStepNorWithoutTheOption() {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer =
                        create(LibraryOptimizer.LION, replay.block(), 2, DECAY);
                StatefulOptimizer without = create(LibraryOptimizer.LION, replay.block(), 1, -1)) {
            Parameter first = replay.block().getParameters().valueAt(0);
            assertThat(optimizer.isAveraging()).isTrue();
            assertThat(optimizer.averageOf(first.getId(), Device.cpu())).isEmpty();
            optimizer.plan(Map.of(first.getId(), first.getArray()));
            assertThat(optimizer.averageOf(first.getId(), Device.cpu())).isEmpty();
            replay.step(optimizer, 0, 1);
            assertThat(optimizer.averageOf(first.getId(), Device.cpu())).isEmpty();
            replay.step(optimizer, 1, 2);
            assertThat(optimizer.averageOf(first.getId(), Device.cpu())).isPresent();
            assertThat(optimizer.averageOf(first.getId(), Device.gpu(7))).isEmpty();
            assertThat(optimizer.averageOf("no such parameter", Device.cpu())).isEmpty();

            replay.step(without, 0, 1);
            assertThat(without.isAveraging()).isFalse();
            assertThat(without.averageOf(first.getId(), Device.cpu())).isEmpty();
            assertThatIllegalStateException()
                    .isThrownBy(without::applyAverage)
                    .withMessageContaining("optWeightAverage");
        }
    }

    /** As where weights are loaded after the steps were planned. */
    @Test
    void itBeginsAsTheWeightThatTheFirstStepFinds() {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = create(LibraryOptimizer.NADAM, replay.block());
                GradientReplay other = new GradientReplay();
                StatefulOptimizer later = create(LibraryOptimizer.NADAM, other.block())) {
            List<float[]> zeros = zeros(replay);
            later.plan(weights(other));
            for (GradientReplay each : List.of(replay, other)) {
                each.setWeights(zeros);
            }
            replay.step(optimizer, 0, 1);
            other.step(later, 0, 1);

            assertThat(averages(later, other.block()))
                    .containsExactlyElementsOf(averages(optimizer, replay.block()));
        }
    }

    private static List<float[]> zeros(GradientReplay replay) {
        return replay.weights().stream().map(values -> new float[values.length]).toList();
    }

    private static Map<String, NDArray> weights(GradientReplay replay) {
        Map<String, NDArray> weights = new LinkedHashMap<>();
        for (Parameter parameter : replay.block().getParameters().values()) {
            weights.put(parameter.getId(), parameter.getArray());
        }
        return weights;
    }

    @Test
    void itIsTheArrayThatTheNextStepChanges() {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = create(LibraryOptimizer.CAADAM, replay.block())) {
            Parameter first = replay.block().getParameters().valueAt(0);
            replay.step(optimizer, 0, 1);
            NDArray average = optimizer.averageOf(first.getId(), Device.cpu()).orElseThrow();
            float[] before = average.toFloatArray();
            replay.step(optimizer, 1, 2);

            assertThat(average.toFloatArray()).isNotEqualTo(before);
            assertThat(optimizer.averageOf(first.getId(), Device.cpu())).containsSame(average);
        }
    }

    @Test
    void appliedItStandsInThePlaceOfTheWeightsOfWhatIsTrained() {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = create(LibraryOptimizer.ADAMAX, replay.block())) {
            List<NDArray> arrays =
                    replay.block().getParameters().values().stream()
                            .map(Parameter::getArray)
                            .toList();
            List<float[]> start = replay.weights();
            optimizer.applyAverage();
            assertThat(replay.weights()).containsExactlyElementsOf(start);

            replay.step(optimizer, 0, STEPS);
            List<float[]> averages = averages(optimizer, replay.block());
            Parameter frozen = replay.block().getParameters().valueAt(1);
            frozen.freeze(true);
            float[] kept = frozen.getArray().toFloatArray();
            assertThat(optimizer.averageOf(frozen.getId(), Device.cpu())).isEmpty();
            optimizer.applyAverage();

            for (int i = 0; i < arrays.size(); i++) {
                Parameter parameter = replay.block().getParameters().valueAt(i);
                assertThat(parameter.getArray()).isSameAs(arrays.get(i));
                assertThat(parameter.getArray().toFloatArray())
                        .containsExactly(i == 1 ? kept : averages.get(i));
            }
            // It stays, and training goes on.
            frozen.freeze(false);
            assertThat(averages(optimizer, replay.block())).containsExactlyElementsOf(averages);
            replay.step(optimizer, STEPS, STEPS + 1);
            assertThat(averages(optimizer, replay.block()).get(0)).isNotEqualTo(averages.get(0));
        }
    }

    @ParameterizedTest
    @EnumSource
    void itIsSavedAndGoesOnBitForBit(LibraryOptimizer line) throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = create(line, replay.block());
                GradientReplay other = new GradientReplay();
                StatefulOptimizer resumed = create(line, other.block())) {
            replay.step(optimizer, 0, STEPS);
            optimizer.save(file);
            List<float[]> saved = averages(optimizer, replay.block());
            other.setWeights(replay.weights());
            replay.step(optimizer, STEPS, 2 * STEPS);

            resumed.load(file);
            // Before the next step, too.
            assertThat(averages(resumed, other.block())).containsExactlyElementsOf(saved);
            other.step(resumed, STEPS, 2 * STEPS);

            assertThat(averages(resumed, other.block()))
                    .containsExactlyElementsOf(averages(optimizer, replay.block()));
            assertThat(other.weights()).containsExactlyElementsOf(replay.weights());

            resumed.load(file);
            resumed.applyAverage();
            assertThat(other.weights()).containsExactlyElementsOf(saved);
        }
    }

    @Test
    void aStateThatWasSavedWithoutOneBeginsOneAndOneThatIsNotKeptIsDropped() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer without = create(LibraryOptimizer.ADAMAX, replay.block(), 1, -1);
                StatefulOptimizer averaging = create(LibraryOptimizer.ADAMAX, replay.block())) {
            replay.step(without, 0, STEPS);
            without.save(file);
            List<float[]> before = replay.weights();
            averaging.load(file);
            Parameter first = replay.block().getParameters().valueAt(0);
            assertThat(averaging.averageOf(first.getId(), Device.cpu())).isEmpty();
            replay.step(averaging, STEPS, STEPS + 1);

            float[] found = averages(averaging, replay.block()).get(0);
            float[] after = replay.weights().get(0);
            for (int i = 0; i < found.length; i++) {
                assertThat(found[i])
                        .isCloseTo(
                                DECAY * before.get(0)[i] + (1 - DECAY) * after[i], within(1e-6f));
            }

            averaging.save(file);
            List<float[]> there = replay.weights();
            replay.step(averaging, STEPS + 1, STEPS + 2);
            List<float[]> expected = replay.weights();
            replay.setWeights(there);
            without.load(file);
            replay.step(without, STEPS + 1, STEPS + 2);
            assertThat(replay.weights()).containsExactlyElementsOf(expected);
        }
    }

    /** What was saved before a parameter's first step begins as the weight that the step finds. */
    @Test
    void aParameterWithoutStepsBeginsItsAverageAfterLoading() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = create(LibraryOptimizer.LION, replay.block());
                GradientReplay other = new GradientReplay();
                StatefulOptimizer plain = create(LibraryOptimizer.LION, other.block())) {
            optimizer.plan(weights(replay));
            optimizer.save(file);
            optimizer.load(file);
            replay.setWeights(zeros(replay));
            other.setWeights(zeros(replay));
            replay.step(optimizer, 0, 2);
            other.step(plain, 0, 2);

            assertThat(averages(optimizer, replay.block()))
                    .containsExactlyElementsOf(averages(plain, other.block()));
        }
    }

    @Test
    void everyDeviceHasItsOwn() {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = create(LibraryOptimizer.NADAM, replay.block());
                GradientReplay alone = new GradientReplay();
                StatefulOptimizer one = create(LibraryOptimizer.NADAM, alone.block())) {
            List<NDArray> copies = new ArrayList<>();
            for (Parameter parameter : replay.block().getParameters().values()) {
                copies.add(parameter.getArray().duplicate());
            }
            for (int step = 0; step < STEPS; step++) {
                replay.step(optimizer, step, Device.gpu(0), Parameter::getArray);
                List<NDArray> second = new ArrayList<>(copies);
                replay.step(optimizer, step, Device.gpu(1), parameter -> second.remove(0));
            }
            alone.step(one, 0, STEPS);
            List<float[]> expected = averages(one, alone.block());

            List<Parameter> parameters = replay.block().getParameters().values();
            for (int i = 0; i < parameters.size(); i++) {
                for (int device = 0; device < 2; device++) {
                    assertThat(
                                    optimizer
                                            .averageOf(
                                                    parameters.get(i).getId(), Device.gpu(device))
                                            .orElseThrow()
                                            .toFloatArray())
                            .containsExactly(expected.get(i));
                }
                assertThat(optimizer.averageOf(parameters.get(i).getId(), Device.cpu())).isEmpty();
            }
            // The block's own parameters lie where nothing was trained.
            optimizer.applyAverage();
            assertThat(replay.weights()).containsExactlyElementsOf(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {1, 1.5f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void aDecayThatIsNoneIsRefused(float decay) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Adamax.builder().optWeightAverage(decay).build())
                .withMessageContaining("weight average must be below 1")
                .withMessageContaining("found " + decay);
    }

    @Test
    void aDecayOfZeroIsTheWeightItself() {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer =
                        create(LibraryOptimizer.ADAMAX, replay.block(), 1, 0)) {
            replay.step(optimizer, 0, 2);
            assertThat(averages(optimizer, replay.block()))
                    .containsExactlyElementsOf(replay.weights());
        }
    }

    @Test
    void theNetworkIsNeeded() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Lion.builder().optWeightAverage(0.9f).build())
                .withMessageContaining("optBlock");
    }

    @Test
    @SuppressWarnings("try") // Closing twice does nothing.
    void aClosedOptimizerHasNone() {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = create(LibraryOptimizer.RULE, replay.block())) {
            replay.step(optimizer, 0, 1);
            String id = replay.block().getParameters().valueAt(0).getId();
            optimizer.close();

            assertThatIllegalStateException()
                    .isThrownBy(() -> optimizer.averageOf(id, Device.cpu()))
                    .withMessageContaining("was closed");
            assertThatIllegalStateException()
                    .isThrownBy(optimizer::applyAverage)
                    .withMessageContaining("was closed");
        }
    }

    /** A rule whose slot has a name. */
    private record Named(String slot) implements UpdateRule {

        @Override
        public String name() {
            return "named";
        }

        @Override
        public List<Slot> slots() {
            return List.of(Slot.zeros(slot));
        }

        @Override
        public void update(Step s) {
            s.addInPlace(s.weights(), s.gradients(), s.number(n -> -n.rate()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"average", "accumulated_gradient"})
    void aRuleMustNotHaveASlotOfTheName(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RuleOptimizer.builder().setRule(new Named(name)).build())
                .withMessageContaining("\"named\" has a slot \"" + name + "\"");
    }

    /** A rule of the user's whose slot starts as the weight: it pulls the weight back there. */
    private record Anchored() implements UpdateRule {

        @Override
        public String name() {
            return "anchored";
        }

        @Override
        public List<Slot> slots() {
            return List.of(Slot.ofWeight("anchor"));
        }

        @Override
        public void update(Step s) {
            s.lerpInPlace(s.weights(), s.slot("anchor"), 1);
        }
    }

    @Test
    void aRulesOwnSlotMayStartAsTheWeightToo() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (GradientReplay replay = new GradientReplay()) {
            List<float[]> start = replay.weights();
            try (RuleOptimizer optimizer =
                    RuleOptimizer.builder()
                            .setRule(new Anchored())
                            .optBlock(replay.block())
                            .build()) {
                replay.step(optimizer, 0, 1);
                optimizer.save(file);
                replay.setWeights(zeros(replay));
                replay.step(optimizer, 1, 2);
                assertThat(replay.weights()).containsExactlyElementsOf(start);

                replay.setWeights(zeros(replay));
                optimizer.load(file);
                replay.step(optimizer, 1, 2);
                assertThat(replay.weights()).containsExactlyElementsOf(start);
            }
        }
    }
}
