// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.initializer.XavierInitializer.FactorType;
import ai.djl.training.initializer.XavierInitializer.RandomType;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.LibraryOptimizer;
import io.github.caadam.Networks;
import io.github.caadam.OptimizerCases;
import io.github.caadam.internal.StateFile;
import io.github.caadam.rule.BiasCorrections;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.spi.UpdatePlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Learning rates that follow the weights of a layer, against computations by hand. */
class RelativeStepTest {

    private static final double KAPPA = 0.05;
    private static final int STEPS = 6;

    @TempDir private Path directory;

    static Stream<OptimizerCases.Case> cases() {
        return OptimizerCases.all();
    }

    /** Gradient descent shows the rate: a change over its gradient. */
    private static Sgd descent(Block block, ScalingStrategy scaling) {
        return Sgd.builder().optBlock(block).optScaling(scaling).build();
    }

    private static double rootMeanSquare(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum / values.length);
    }

    /** The rates of the four parameters in the next step, where weights come first or last. */
    private static double[] rates(
            GradientReplay replay, StatefulOptimizer optimizer, boolean late) {
        List<Parameter> parameters = new ArrayList<>(replay.block().getParameters().values());
        if (late) {
            Collections.reverse(parameters);
        }
        Map<Parameter, Double> rates = new LinkedHashMap<>();
        for (Parameter parameter : parameters) {
            NDArray weight = parameter.getArray();
            double before = weight.toFloatArray()[0];
            try (NDArray gradient = weight.onesLike()) {
                optimizer.update(parameter.getId(), weight, gradient);
            }
            rates.put(parameter, before - weight.toFloatArray()[0]);
        }
        return replay.block().getParameters().values().stream().mapToDouble(rates::get).toArray();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLayerStepsAtItsWeightsRootMeanSquareBeforeTheStep(boolean late) {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer =
                        descent(replay.block(), ScalingStrategy.relativeStep(KAPPA))) {
            for (int step = 0; step < STEPS; step++) {
                List<float[]> before = replay.weights();
                double first = KAPPA * rootMeanSquare(before.get(0));
                double second = KAPPA * rootMeanSquare(before.get(2));
                assertThat(rates(replay, optimizer, late))
                        .containsExactly(new double[] {first, first, second, second}, within(3e-7));
            }
        }
    }

    @Test
    void atTheStartItStaysAtTheWeightsAsDrawn() {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer =
                        descent(replay.block(), ScalingStrategy.relativeStepAtStart(KAPPA))) {
            List<float[]> drawn = replay.weights();
            double first = KAPPA * rootMeanSquare(drawn.get(0));
            double second = KAPPA * rootMeanSquare(drawn.get(2));
            for (int step = 0; step < STEPS; step++) {
                assertThat(rates(replay, optimizer, false))
                        .containsExactly(new double[] {first, first, second, second}, within(3e-7));
            }
        }
    }

    @Test
    void forGlorotsWeightsItIsTheStructure() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = Networks.mlp(200, 100);
            block.setInitializer(
                    new XavierInitializer(RandomType.GAUSSIAN, FactorType.AVG, 1),
                    Parameter.Type.WEIGHT);
            Networks.initialized(manager, block, new Shape(1, 300));
            try (StatefulOptimizer optimizer =
                    descent(block, ScalingStrategy.relativeStepAtStart(0.08))) {
                Map<String, NDArray> weights = new LinkedHashMap<>();
                block.getParameters().values().forEach(p -> weights.put(p.getId(), p.getArray()));
                int[] fans = {500, 500, 300, 300};
                List<UpdatePlan.Entry> entries = optimizer.plan(weights).entries();
                for (int i = 0; i < fans.length; i++) {
                    double rate = entries.get(i).numbers(new BiasCorrections(1), 1).rate();
                    double expected = 0.08 * Math.sqrt(2.0 / fans[i]);
                    // Of 20,000 values and more: six standard deviations of such a root.
                    assertThat(rate).isCloseTo(expected, within(0.03 * expected));
                }
            }
        }
    }

    @Test
    void aLayerOfZerosStepsAtTheFloor() {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer =
                        descent(replay.block(), ScalingStrategy.relativeStep(KAPPA, 0.2))) {
            replay.setWeights(replay.weights().stream().map(v -> new float[v.length]).toList());

            assertThat(rates(replay, optimizer, false))
                    .containsOnly(new double[] {KAPPA * 0.2}, within(1e-9));
        }
    }

    @Test
    void aNormalisationFollowsTheLayerInFrontOrTheFirst() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block =
                    new SequentialBlock()
                            .add(BatchNorm.builder().build())
                            .add(
                                    Conv2d.builder()
                                            .setKernelShape(new Shape(3, 3))
                                            .setFilters(4)
                                            .build())
                            .add(BatchNorm.builder().build())
                            .add(
                                    Conv2d.builder()
                                            .setKernelShape(new Shape(2, 2))
                                            .setFilters(2)
                                            .build());
            Networks.initialized(manager, block, new Shape(1, 3, 8, 8));
            Map<String, Double> rates = new LinkedHashMap<>();
            double first = rootMeanSquare(values(block, "02Conv2d_weight"));
            double second = rootMeanSquare(values(block, "04Conv2d_weight"));
            try (StatefulOptimizer optimizer =
                    descent(block, ScalingStrategy.relativeStep(KAPPA))) {
                for (var pair : block.getParameters()) {
                    if (pair.getValue().requiresGradient()) {
                        NDArray weight = pair.getValue().getArray();
                        float before = weight.toFloatArray()[0];
                        optimizer.update(pair.getValue().getId(), weight, weight.onesLike());
                        rates.put(pair.getKey(), (double) before - weight.toFloatArray()[0]);
                    }
                }
            }

            assertThat(rates.get("01BatchNorm_gamma")).isCloseTo(KAPPA * first, within(3e-7));
            assertThat(rates.get("02Conv2d_bias")).isCloseTo(KAPPA * first, within(3e-7));
            assertThat(rates.get("03BatchNorm_gamma")).isCloseTo(KAPPA * first, within(3e-7));
            assertThat(rates.get("03BatchNorm_beta")).isCloseTo(KAPPA * first, within(3e-7));
            assertThat(rates.get("04Conv2d_bias")).isCloseTo(KAPPA * second, within(3e-7));
        }
    }

    private static float[] values(Block block, String path) {
        return block.getParameters().get(path).getArray().toFloatArray();
    }

    @Test
    void aBiasWhoseWeightIsFrozenFollowsTheNextLayer() {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer =
                        descent(replay.block(), ScalingStrategy.relativeStep(KAPPA))) {
            Parameter bias = replay.block().getParameters().valueAt(1);
            Parameter next = replay.block().getParameters().valueAt(2);
            replay.block().getParameters().valueAt(0).freeze(true);
            float before = bias.getArray().toFloatArray()[0];
            optimizer.update(bias.getId(), bias.getArray(), bias.getArray().onesLike());

            assertThat((double) before - bias.getArray().toFloatArray()[0])
                    .isCloseTo(
                            KAPPA * rootMeanSquare(next.getArray().toFloatArray()), within(3e-7));
        }
    }

    @Test
    void whereNoWeightIsTrainedAllParametersAreOneLayer() {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer =
                        descent(replay.block(), ScalingStrategy.relativeStep(KAPPA))) {
            List<Parameter> parameters = replay.block().getParameters().values();
            parameters.get(0).freeze(true);
            parameters.get(2).freeze(true);
            NDArray bias = parameters.get(3).getArray();
            float[] all = Arrays.copyOf(parameters.get(1).getArray().toFloatArray(), 5);
            all[4] = bias.toFloatArray()[0];
            optimizer.update(parameters.get(3).getId(), bias, bias.onesLike());

            assertThat((double) all[4] - bias.toFloatArray()[0])
                    .isCloseTo(KAPPA * rootMeanSquare(all), within(3e-7));
        }
    }

    @Test
    void aScheduleAndDecayAreRelativeToTheRate() {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer =
                        Sgd.builder()
                                .optBlock(replay.block())
                                .optScaling(ScalingStrategy.relativeStep(KAPPA))
                                .optLearningRateTracker((Tracker) step -> step == 1 ? 0.5f : 0.25f)
                                .optDecoupledWeightDecay(0.1f)
                                .build()) {
            for (double relative : new double[] {0.5, 0.25}) {
                float[] before = replay.weights().get(0);
                double rate = relative * KAPPA * rootMeanSquare(before);
                assertThat(rates(replay, optimizer, false)[0])
                        .isCloseTo(rate * (1 + 0.1 * before[0]), within(3e-7));
            }
        }
    }

    @Test
    void itIsMultipliedBoundedAndOverridden() {
        ScalingStrategy scaling =
                ScalingStrategy.networkSize(21)
                        .times(ScalingStrategy.relativeStep(1, 0))
                        .bounded(0.1, 0.9)
                        .overriding("^01Linear_bias$", 0.3);
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = descent(replay.block(), scaling)) {
            double[] wanted = {0.9, 0.3, 0.1, 0.1};
            replay.block().getParameters().valueAt(0).getArray().set(filled(12, 2f));
            replay.block().getParameters().valueAt(2).getArray().set(filled(4, 0.01f));
            assertThat(rates(replay, optimizer, false)).containsExactly(wanted, within(1e-6));
        }
    }

    private static float[] filled(int size, float value) {
        float[] values = new float[size];
        Arrays.fill(values, value);
        return values;
    }

    static Stream<ScalingStrategy> strategies() {
        return Stream.of(
                ScalingStrategy.relativeStep(KAPPA),
                ScalingStrategy.relativeStepAtStart(KAPPA),
                ScalingStrategy.relativeStepAtStart(KAPPA).times(ScalingStrategy.depth()));
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void everyOptimizerGoesOnBitForBitFromASavedState(ScalingStrategy scaling) throws IOException {
        for (OptimizerCases.Case one : OptimizerCases.all().toList()) {
            Path file = directory.resolve("optimizer.npz");
            List<float[]> before;
            double[] whole;
            try (GradientReplay replay = new GradientReplay();
                    StatefulOptimizer optimizer = create(one, replay.block(), scaling)) {
                replay.step(optimizer, 0, STEPS);
                optimizer.save(file);
                before = replay.weights();
                replay.step(optimizer, STEPS, 2 * STEPS);
                whole = Golden.weights(replay.block());
            }
            try (GradientReplay replay = new GradientReplay();
                    StatefulOptimizer optimizer = create(one, replay.block(), scaling)) {
                replay.setWeights(before);
                optimizer.load(file);
                replay.step(optimizer, STEPS, 2 * STEPS);

                assertThat(Golden.weights(replay.block())).as("%s", one).containsExactly(whole);
            }
        }
    }

    private static StatefulOptimizer create(
            OptimizerCases.Case one, Block block, ScalingStrategy scaling) {
        return one.create(block, builder -> LibraryOptimizer.scale(builder, scaling));
    }

    /** A step from weights of the same size is one at that rate. */
    @ParameterizedTest
    @MethodSource("cases")
    void everyOptimizerHasTheLearningRateOneByDefault(OptimizerCases.Case one) {
        float size = 0.5f;
        double[] relative =
                firstStep(
                        one,
                        size,
                        b -> LibraryOptimizer.scale(b, ScalingStrategy.relativeStep(KAPPA)));
        double[] fixed =
                firstStep(
                        one,
                        size,
                        b -> b.optLearningRateTracker(Tracker.fixed((float) (KAPPA * size))));
        for (int i = 0; i < fixed.length; i++) {
            assertThat(relative[i]).isCloseTo(fixed[i], within(2e-6));
        }
    }

    private static double[] firstStep(
            OptimizerCases.Case one, float size, Consumer<StatefulOptimizer.Builder<?>> options) {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = one.create(replay.block(), options)) {
            replay.setWeights(replay.weights().stream().map(v -> filled(v.length, size)).toList());
            replay.step(optimizer, 0, 1);
            return Golden.weights(replay.block());
        }
    }

    @Test
    void weightsThatAreNotFiniteGiveStepsThatAreNot() {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer =
                        descent(replay.block(), ScalingStrategy.relativeStep(KAPPA))) {
            replay.block().getParameters().valueAt(0).getArray().set(filled(12, Float.NaN));

            double[] rates = rates(replay, optimizer, false);
            assertThat(rates[0]).isNaN();
            assertThat(rates[1]).isNaN();
            assertThat(rates[2]).isFinite();
        }
    }

    @Test
    void aStartThatIsNotFiniteIsRefused() {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer =
                        descent(replay.block(), ScalingStrategy.relativeStepAtStart(KAPPA))) {
            replay.block().getParameters().valueAt(0).getArray().set(filled(12, Float.NaN));

            assertThatIllegalStateException()
                    .isThrownBy(() -> replay.step(optimizer, 0, 1))
                    .withMessageContaining("those of 01Linear are not all finite");
        }
    }

    @Test
    void weightsOnAnotherDeviceThanTheStepsAreRefused() {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer =
                        descent(replay.block(), ScalingStrategy.relativeStep(KAPPA))) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> replay.step(optimizer, 0, Device.gpu(0), Parameter::getArray))
                    .withMessageContaining("01Linear_weight lies on cpu()")
                    .withMessageContaining("put the model on the first device of the training");
        }
    }

    @Test
    void aSavedStartThatIsNoNumberIsRefused() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer =
                        descent(replay.block(), ScalingStrategy.relativeStepAtStart(KAPPA))) {
            optimizer.save(file);
            assertThat(StatefulOptimizer.readDescription(file)).isEqualTo(optimizer.describe());
            try (NDManager manager = NDManager.newBaseManager()) {
                StateFile read = StateFile.read(file, manager, "a saved optimizer");
                Map<String, Object> configuration = new LinkedHashMap<>(read.configuration());
                assertThat(configuration.put("startOfLayers", Map.of("01Linear", "one")))
                        .asInstanceOf(InstanceOfAssertFactories.MAP)
                        .containsOnlyKeys("01Linear", "03Linear");
                StateFile.write(file, read.arrays(), configuration);
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> optimizer.load(file))
                    .withMessageContaining("one as startOfLayers of 01Linear, expected a number");
        }
    }

    @Test
    void theStructureAloneHasNoFactor() {
        try (GradientReplay replay = new GradientReplay()) {
            ScalingStrategy scaling = ScalingStrategy.relativeStep(KAPPA);
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> scaling.factor(null, null))
                    .withMessageContaining("follow the weights");
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () ->
                                    ConnectionAwareTracker.builder()
                                            .setBlock(replay.block())
                                            .setScaling(scaling)
                                            .build())
                    .withMessageContaining("follows the weights");
        }
    }

    @Test
    void twoOfThemOrOneWithGradientsAreNoProduct() {
        ScalingStrategy scaling = ScalingStrategy.relativeStep(KAPPA);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scaling.times(ScalingStrategy.relativeStepAtStart(1)))
                .withMessageContaining("use one of them");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScalingStrategy.gradientConcentration(1).times(scaling))
                .withMessageContaining("use one of them");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScalingStrategy.relativeStep(0))
                .withMessageContaining("above 0, such as 0.1, found 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScalingStrategy.relativeStepAtStart(1, -1))
                .withMessageContaining("0 or more, found -1.0");
    }
}
