// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.LibraryOptimizer;
import io.github.caadam.Networks;
import io.github.caadam.OptimizerCases;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.StructureConvention;
import io.github.caadam.structure.StructureInspector;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every optimizer of the library does, beside its rule. {@link ConvergenceTest}, {@link
 * WrongWordsTest}, {@link GoldenOptimizersTest} and {@code ThreeExecutionsTest} run over the same
 * table; the first test here sees to it that it leaves no optimizer out.
 */
class OptimizerContractTest {

    private static final Set<LibraryOptimizer> NEED_THE_NETWORK =
            EnumSet.of(
                    LibraryOptimizer.CAADAM,
                    LibraryOptimizer.LAMB,
                    LibraryOptimizer.PRODIGY,
                    LibraryOptimizer.SCHEDULEFREEADAMW);

    private static final int STEPS = 5;
    private static final float RATE = 0.01f;

    /** Relative to 1, of weights of up to 1 after 5 steps in another order of rounding. */
    private static final double TOLERANCE = 1e-6;

    @TempDir private Path directory;

    @Test
    void everyPublicOptimizerHasALine() throws Exception {
        assertThat(Stream.of(LibraryOptimizer.values()).<Class<?>>map(LibraryOptimizer::type))
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(publicOptimizers());
    }

    @Test
    void everyOptimizerHasARowInTheDocs() throws IOException {
        String page = Files.readString(Path.of("../docs/optimizers.md"));
        for (LibraryOptimizer line : LibraryOptimizer.values()) {
            assertThat(page).contains("\n| `" + line.type().getSimpleName() + "` | ");
        }
    }

    static Stream<OptimizerCases.Case> cases() {
        return OptimizerCases.all();
    }

    /** The classes of the package, by what was compiled. */
    private static List<Class<?>> publicOptimizers()
            throws IOException, URISyntaxException, ClassNotFoundException {
        Class<?> base = StatefulOptimizer.class;
        Path classes =
                Path.of(base.getProtectionDomain().getCodeSource().getLocation().toURI())
                        .resolve(base.getPackageName().replace('.', '/'));
        List<Class<?>> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(classes)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".class") && !name.equals("package-info.class")) {
                    Class<?> type =
                            Class.forName(
                                    base.getPackageName()
                                            + "."
                                            + name.substring(0, name.length() - 6),
                                    false,
                                    base.getClassLoader());
                    if (base.isAssignableFrom(type)
                            && Modifier.isPublic(type.getModifiers())
                            && !Modifier.isAbstract(type.getModifiers())) {
                        found.add(type);
                    }
                }
            }
        }
        assertThat(found).contains(CaAdam.class);
        return found;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void goesOnBitForBitFromASavedState(OptimizerCases.Case line) throws IOException {
        Path file = directory.resolve("optimizer.npz");
        double[] whole;
        List<float[]> before;
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = create(line, replay.block())) {
            replay.step(optimizer, 0, STEPS);
            optimizer.save(file);
            before = replay.weights();
            replay.step(optimizer, STEPS, 2 * STEPS);
            whole = Golden.weights(replay.block());
        }

        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = create(line, replay.block())) {
            replay.setWeights(before);
            optimizer.load(file);
            replay.step(optimizer, STEPS, 2 * STEPS);

            assertThat(Golden.weights(replay.block())).containsExactly(whole);
        }
    }

    private static StatefulOptimizer create(OptimizerCases.Case line, Block block) {
        return create(line, block, builder -> {});
    }

    private static StatefulOptimizer create(
            OptimizerCases.Case line, Block block, Consumer<StatefulOptimizer.Builder<?>> options) {
        return line.create(
                block,
                builder -> {
                    builder.optLearningRateTracker(Tracker.fixed(RATE));
                    options.accept(builder);
                });
    }

    /** The weights after some steps, all parameters joined. */
    private static double[] train(
            OptimizerCases.Case line, Consumer<StatefulOptimizer.Builder<?>> options) {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = create(line, replay.block(), options)) {
            replay.step(optimizer, 0, STEPS);
            return Golden.weights(replay.block());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aDescriptionRebuildsItWithAllOptions(OptimizerCases.Case line) throws IOException {
        Path file = directory.resolve("state.npz");
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer =
                        create(
                                line,
                                replay.block(),
                                builder -> {
                                    LibraryOptimizer.scale(builder, ScalingStrategy.depth());
                                    builder.optFactorBounds(0.5, 2)
                                            .optFactorOverride("_bias$", 0.25)
                                            .optDecoupledWeightDecay(0.125f)
                                            .optDecayExclusions("^03")
                                            .optGlobalClipNorm(0.75f)
                                            .optGradientAccumulationSteps(2)
                                            .optWeightAverage(0.75f);
                                    builder.setRescaleGrad(0.5f);
                                })) {
            replay.step(optimizer, 0, STEPS);
            optimizer.save(file);
            List<float[]> before = replay.weights();
            replay.step(optimizer, STEPS, 2 * STEPS);
            List<float[]> after = replay.weights();
            var description = StatefulOptimizer.readDescription(file);

            try (StatefulOptimizer rebuilt =
                    create(line, replay.block(), builder -> builder.optDescription(description))) {
                assertThat(rebuilt.describe()).isEqualTo(optimizer.describe());
                rebuilt.load(file);
                replay.setWeights(before);
                replay.step(rebuilt, STEPS, 2 * STEPS);
                assertThat(replay.weights()).containsExactlyElementsOf(after);
            }
        }
    }

    /** One step from zeros, where a weight is nothing but the step. */
    @ParameterizedTest
    @MethodSource("cases")
    void aFactorMultipliesTheStep(OptimizerCases.Case line) {
        double[] whole = firstStep(line, builder -> {});
        for (ScalingStrategy scaling :
                List.of(
                        ScalingStrategy.additive(0.5),
                        ScalingStrategy.multiplicative(5),
                        ScalingStrategy.depth(),
                        ScalingStrategy.fanIn(1),
                        ScalingStrategy.networkSize())) {
            double[] scaled = firstStep(line, builder -> LibraryOptimizer.scale(builder, scaling));
            double[] factors = factors(scaling);
            assertThat(Arrays.stream(factors).filter(factor -> factor != 1)).isNotEmpty();
            for (int i = 0; i < whole.length; i++) {
                assertThat(whole[i]).isNotZero();
                assertThat(scaled[i])
                        .as("%s, weight %d", scaling, i)
                        .isCloseTo(
                                whole[i] * factors[i],
                                within(TOLERANCE * Math.abs(whole[i] * factors[i])));
            }
        }
    }

    private static double[] firstStep(
            OptimizerCases.Case line, Consumer<StatefulOptimizer.Builder<?>> options) {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = create(line, replay.block(), options)) {
            replay.setWeights(
                    replay.weights().stream().map(values -> new float[values.length]).toList());
            replay.step(optimizer, 0, 1);
            return Golden.weights(replay.block());
        }
    }

    /** The factor of each weight. */
    private static double[] factors(ScalingStrategy scaling) {
        try (GradientReplay replay = new GradientReplay()) {
            NetworkStructure network =
                    StructureInspector.inspect(replay.block(), StructureConvention.PAPER);
            return network.parameters().stream()
                    .flatMapToDouble(
                            parameter ->
                                    DoubleStream.generate(() -> scaling.factor(parameter, network))
                                            .limit(parameter.shape().size()))
                    .toArray();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void decoupledDecayLeavesExclusionsAloneAndComesBeforeTheStep(OptimizerCases.Case line) {
        assumeTrue(line.optimizer() != LibraryOptimizer.LAMB); // See LambTest.
        assumeTrue(line.optimizer() != LibraryOptimizer.PRODIGY); // See ProdigyTest.
        assumeFalse(line.options().containsKey("warmupSteps")); // Of the first step a part only.
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer =
                        create(
                                line,
                                replay.block(),
                                builder ->
                                        builder.optDecoupledWeightDecay(0.5f)
                                                .optDecayExclusions("^03Linear_weight$"))) {
            List<float[]> before = replay.weights();
            for (Parameter parameter : replay.block().getParameters().values()) {
                NDArray weight = parameter.getArray();
                optimizer.update(parameter.getId(), weight, weight.zerosLike());
            }
            List<String> paths = replay.block().getParameters().keys();
            for (int i = 0; i < paths.size(); i++) {
                float[] after = replay.weights().get(i);
                boolean excluded = paths.get(i).equals("03Linear_weight");
                for (int j = 0; j < after.length; j++) {
                    float weight = before.get(i)[j];
                    double expected = excluded ? weight : weight * (1 - RATE * 0.5);
                    assertThat((double) after[j])
                            .as(paths.get(i))
                            .isCloseTo(expected, within(excluded ? 0 : 2e-7 * Math.abs(expected)));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void l2DecayIsPartOfTheGradient(OptimizerCases.Case line) {
        requireSameAsTreated(
                line,
                builder -> builder.optWeightDecays(0.25f),
                (gradient, weight) -> plus(gradient, weight, 0.25f));
    }

    private static double[] plus(double[] one, double[] other, double k) {
        double[] sum = one.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += k * other[i];
        }
        return sum;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientsAreRescaledAndClippedByValueToBothSides(OptimizerCases.Case line) {
        requireSameAsTreated(
                line,
                builder -> {
                    builder.optClipGrad(0.25f);
                    builder.setRescaleGrad(0.5f);
                },
                (gradient, weight) ->
                        Arrays.stream(gradient)
                                .map(g -> Math.max(-0.25, Math.min(0.25, g * 0.5)))
                                .toArray());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientsAreClippedByTheNormOfEachParameter(OptimizerCases.Case line) {
        requireSameAsTreated(
                line,
                builder -> builder.optClipNorm(0.75f),
                (gradient, weight) -> clipped(gradient, norm(gradient), 0.75));
    }

    private static double norm(double[] values) {
        return Math.sqrt(Arrays.stream(values).map(value -> value * value).sum());
    }

    private static double[] clipped(double[] gradient, double norm, double limit) {
        return Arrays.stream(gradient).map(g -> g * limit / Math.max(norm, limit)).toArray();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientsAreClippedByTheNormOfAll(OptimizerCases.Case line) {
        Consumer<StatefulOptimizer.Builder<?>> options =
                builder -> builder.optGlobalClipNorm(0.75f);
        double[] found = train(line, options);
        double[] expected =
                treated(
                        line,
                        (gradients, weights) -> {
                            double norm =
                                    norm(
                                            gradients.stream()
                                                    .flatMapToDouble(Arrays::stream)
                                                    .toArray());
                            assertThat(norm).isGreaterThan(0.75);
                            return gradients.stream().map(g -> clipped(g, norm, 0.75)).toList();
                        });

        assertThat(found).containsExactly(expected, within(TOLERANCE));
        requireEffect(line, options);
    }

    /** The options change weights or what is remembered; Lion's steps may come out alike. */
    private static void requireEffect(
            OptimizerCases.Case line, Consumer<StatefulOptimizer.Builder<?>> options) {
        double[] with = remembered(line, options);
        double[] without = remembered(line, builder -> {});
        assertThat(norm(plus(with, without, -1))).isGreaterThan(1e-4);
    }

    /** The weights after some steps, and what is kept for them, joined. */
    private static double[] remembered(
            OptimizerCases.Case line, Consumer<StatefulOptimizer.Builder<?>> options) {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = create(line, replay.block(), options)) {
            replay.step(optimizer, 0, STEPS);
            Map<String, NDArray> weights = new LinkedHashMap<>();
            for (Parameter parameter : replay.block().getParameters().values()) {
                weights.put(parameter.getId(), parameter.getArray());
            }
            return optimizer.plan(weights).entries().stream()
                    .flatMap(
                            entry ->
                                    Stream.concat(
                                            Stream.of(entry.weight()),
                                            entry.slots().arrays().stream()))
                    .map(NDArray::toFloatArray)
                    .map(OptimizerContractTest::doubles)
                    .flatMapToDouble(Arrays::stream)
                    .toArray();
        }
    }

    /** Treats the gradient of one parameter. */
    private interface Treatment {
        double[] treat(double[] gradient, double[] weight);
    }

    /** Treats the gradients of all parameters. */
    private interface WholeTreatment {
        List<double[]> treat(List<double[]> gradients, List<double[]> weights);
    }

    private static void requireSameAsTreated(
            OptimizerCases.Case line,
            Consumer<StatefulOptimizer.Builder<?>> options,
            Treatment treatment) {
        double[] found = train(line, options);
        double[] expected =
                treated(
                        line,
                        (gradients, weights) -> {
                            List<double[]> treated = new ArrayList<>();
                            for (int i = 0; i < gradients.size(); i++) {
                                treated.add(treatment.treat(gradients.get(i), weights.get(i)));
                            }
                            return treated;
                        });

        assertThat(found).containsExactly(expected, within(TOLERANCE));
        requireEffect(line, options);
    }

    /** The weights after some steps without options, by gradients that were treated by hand. */
    private static double[] treated(OptimizerCases.Case line, WholeTreatment treatment) {
        try (GradientReplay replay = new GradientReplay();
                NDManager manager = NDManager.newBaseManager();
                StatefulOptimizer optimizer = create(line, replay.block())) {
            List<Parameter> parameters = replay.block().getParameters().values();
            for (int step = 0; step < STEPS; step++) {
                List<double[]> gradients = replay.gradients(step);
                List<double[]> weights =
                        replay.weights().stream().map(OptimizerContractTest::doubles).toList();
                List<double[]> treated = treatment.treat(gradients, weights);
                for (int i = 0; i < parameters.size(); i++) {
                    Parameter parameter = parameters.get(i);
                    NDArray gradient =
                            manager.create(treated.get(i), parameter.getShape())
                                    .toType(DataType.FLOAT32, false);
                    optimizer.update(parameter.getId(), parameter.getArray(), gradient);
                }
            }
            return Golden.weights(replay.block());
        }
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatIsFrozenStaysAndGoesOnOnceItIsUnfrozen(OptimizerCases.Case line) {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer =
                        create(line, replay.block(), builder -> builder.optGlobalClipNorm(1))) {
            Parameter first = replay.block().getParameters().valueAt(0);
            Parameter last = replay.block().getParameters().valueAt(3);
            replay.step(optimizer, 0, 2);
            first.freeze(true);
            float[] frozen = first.getArray().toFloatArray();
            float[] before = last.getArray().toFloatArray();
            // Three steps of one size cannot take each other back.
            replay.step(optimizer, 2, 5);
            assertThat(first.getArray().toFloatArray()).containsExactly(frozen);
            assertThat(last.getArray().toFloatArray()).isNotEqualTo(before);

            first.freeze(false);
            replay.step(optimizer, 5, 6);
            assertThat(first.getArray().toFloatArray()).isNotEqualTo(frozen);
            assertThat(optimizer.latestStep()).isEqualTo(6);
        }
    }

    /** Every type that DJL makes arrays of on PyTorch. Asked for bfloat16, it ends the process. */
    @ParameterizedTest
    @MethodSource("cases")
    void weightsThatAreNeitherSinglesNorDoublesAreRefusedByTheirType(OptimizerCases.Case line) {
        try (GradientReplay replay = new GradientReplay();
                NDManager manager = NDManager.newBaseManager();
                StatefulOptimizer optimizer = create(line, replay.block())) {
            Parameter first = replay.block().getParameters().valueAt(0);
            for (DataType type :
                    List.of(
                            DataType.FLOAT16,
                            DataType.INT8,
                            DataType.UINT8,
                            DataType.INT32,
                            DataType.INT64)) {
                NDArray weight = manager.zeros(first.getShape(), type);
                NDArray gradient = manager.ones(first.getShape(), type);
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> optimizer.update(first.getId(), weight, gradient))
                        .withMessageContaining("is " + type)
                        .withMessageContaining("keep the weights in float32");
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> optimizer.plan(Map.of(first.getId(), weight)))
                        .withMessageContaining("is " + type);
                assertThat(weight.toType(DataType.FLOAT64, true).toDoubleArray()).containsOnly(0);
            }
        }
    }

    /** Within what single precision rounds in some steps. */
    @ParameterizedTest
    @MethodSource("cases")
    void doublesAreTrainedAsSinglesAre(OptimizerCases.Case line) {
        double[] singles = trainSquares(line, DataType.FLOAT32);
        double[] doubles = trainSquares(line, DataType.FLOAT64);

        assertThat(doubles).containsExactly(singles, within(TOLERANCE));
        // What they have beyond single precision.
        assertThat(Arrays.stream(doubles).anyMatch(value -> value != (float) value)).isTrue();
    }

    /** Steps on ½‖w‖², from fixed weights. */
    private static double[] trainSquares(OptimizerCases.Case line, DataType type) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = Networks.mlp(1);
            block.initialize(manager, type, new Shape(1, 6));
            Parameter weight = block.getParameters().get("01Linear_weight");
            double[] start = new Random(4).doubles(6, -1, 1).map(x -> (float) x).toArray();
            try (NDArray values = manager.create(start, weight.getShape())) {
                values.toType(type, false).copyTo(weight.getArray());
            }
            block.getParameters().get("01Linear_bias").freeze(true);
            try (StatefulOptimizer optimizer = create(line, block)) {
                for (int i = 0; i < STEPS; i++) {
                    optimizer.update(
                            weight.getId(),
                            weight.getArray(),
                            weight.getArray().stopGradient().duplicate());
                }
                assertThat(weight.getArray().getDataType()).isEqualTo(type);
            }
            return weight.getArray().toType(DataType.FLOAT64, true).toDoubleArray();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    @SuppressWarnings("try") // Closing twice does nothing.
    void aClosedOptimizerMakesNoStepAndIsNotSaved(OptimizerCases.Case line) {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = create(line, replay.block())) {
            replay.step(optimizer, 0, 1);
            List<float[]> before = replay.weights();
            optimizer.close();
            optimizer.close();

            assertThatIllegalStateException()
                    .isThrownBy(() -> replay.step(optimizer, 1, 2))
                    .withMessageContaining("was closed");
            assertThatIllegalStateException()
                    .isThrownBy(() -> optimizer.save(directory.resolve("state.npz")))
                    .withMessageContaining("was closed");
            assertThat(replay.weights()).containsExactlyElementsOf(before);
            assertThat(directory).isEmptyDirectory();
        }
    }

    @Test
    void theNetworkIsNeededWhereRulesDifferByParameter() {
        for (LibraryOptimizer line : LibraryOptimizer.values()) {
            if (line.differsByParameter()) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> line.create(null, builder -> {}))
                        .withMessageContaining("needs the network, to know which rule");
            }
        }
    }

    /** Unless its scaling is required, its default decay leaves biases alone, or it is of all. */
    @ParameterizedTest
    @MethodSource("cases")
    void theNetworkIsOptionalWhereNoOptionNeedsIt(OptimizerCases.Case line) {
        assumeFalse(NEED_THE_NETWORK.contains(line.optimizer()));
        assumeFalse(line.optimizer().differsByParameter());
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = create(line, null)) {
            replay.step(optimizer, 0, STEPS);
            assertThat(Golden.weights(replay.block())).containsExactly(train(line, builder -> {}));
        }
    }
}
