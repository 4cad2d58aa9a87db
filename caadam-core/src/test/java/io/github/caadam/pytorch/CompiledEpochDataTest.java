// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.loss.Loss;
import ai.djl.training.loss.SoftmaxCrossEntropyLoss;
import io.github.caadam.Networks;
import io.github.caadam.spi.NotAcceleratedException;
import io.github.caadam.training.CompiledEpoch;
import io.github.caadam.training.MeanSquaredError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Data that does not fit is refused before anything is written. */
@TestInstance(Lifecycle.PER_CLASS)
class CompiledEpochDataTest {

    private static final int ROWS = 40;
    private static final int BATCH = 16;
    private static final int WIDTH = 6;
    private static final int OUTPUTS = 3;
    private static final Shape IMAGE = new Shape(2, 6, 6);

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final TestData data = TestData.regression(manager, ROWS, WIDTH, OUTPUTS);
    private final NDArray classes = manager.arange(ROWS).toType(DataType.INT32, true).mod(OUTPUTS);
    private final NDArray images =
            TestData.regression(manager, ROWS, (int) IMAGE.size(), 1)
                    .features()
                    .reshape(new Shape(ROWS).addAll(IMAGE));

    @TempDir private Path directory;
    private Fixture regression;
    private Fixture classification;
    private Fixture normalized;
    private Fixture convolutional;

    @BeforeAll
    void trainOneEpochOfEach() {
        Supplier<Block> mlp = () -> Networks.mlp(5, OUTPUTS);
        Supplier<Block> smooth =
                () ->
                        new SequentialBlock()
                                .add(Linear.builder().setUnits(5).build())
                                .add(Activation.tanhBlock())
                                .add(Linear.builder().setUnits(OUTPUTS).build());
        regression = new Fixture(mlp, block -> new MeanSquaredError(), new Shape(WIDTH));
        classification =
                new Fixture(smooth, block -> new SoftmaxCrossEntropyLoss(), new Shape(WIDTH));
        normalized =
                new Fixture(
                        CompiledEpochDataTest::normalizedNetwork,
                        block -> new MeanSquaredError(),
                        new Shape(WIDTH));
        convolutional =
                new Fixture(
                        CompiledEpochDataTest::convolutionalNetwork,
                        block -> new SoftmaxCrossEntropyLoss(),
                        IMAGE);
        int[] order = TestData.order(32, 1);
        regression.epoch().run(data.features(), data.labels(), order);
        classification.epoch().run(data.features(), classes, order);
        normalized.epoch().run(data.features(), data.labels(), order);
        convolutional.epoch().run(images, classes, order);
    }

    private static Block normalizedNetwork() {
        return new SequentialBlock()
                .add(Linear.builder().setUnits(5).optBias(false).build())
                .add(BatchNorm.builder().optEpsilon(1e-2f).build())
                .add(Activation.tanhBlock())
                .add(Linear.builder().setUnits(OUTPUTS).build());
    }

    private static Block convolutionalNetwork() {
        return new SequentialBlock()
                .add(
                        Conv2d.builder()
                                .setFilters(3)
                                .setKernelShape(new Shape(3, 3))
                                .optBias(false)
                                .build())
                .add(BatchNorm.builder().optEpsilon(1e-2f).build())
                .add(Activation.tanhBlock())
                .add(Pool.globalAvgPool2dBlock())
                .add(Linear.builder().setUnits(OUTPUTS).build());
    }

    @AfterAll
    void close() {
        for (Fixture fixture : List.of(regression, classification, normalized, convolutional)) {
            fixture.twins.close();
        }
        manager.close();
    }

    private Stream<Arguments> unfitFeaturesAndLabels() {
        NDArray x = data.features();
        NDArray y = data.labels();
        return Stream.of(
                unfit("features of doubles", x.toType(DataType.FLOAT64, true), y),
                unfit("features of halves", x.toType(DataType.FLOAT16, true), y),
                unfit("features of integers", x.toType(DataType.INT32, true), y),
                unfit("features of truth values", x.gt(0), y),
                unfit("labels of integers", x, y.toType(DataType.INT32, true)),
                unfit("labels of doubles", x, y.toType(DataType.FLOAT64, true)),
                unfit("too wide labels", x, manager.zeros(new Shape(ROWS, OUTPUTS + 1))),
                unfit("too narrow labels", x, manager.zeros(new Shape(ROWS, 1))),
                unfit("labels without an axis of outputs", x, manager.zeros(new Shape(ROWS))),
                unfit("too few labels", x, manager.zeros(new Shape(ROWS - 1, OUTPUTS))),
                unfit("too many labels", x, manager.zeros(new Shape(ROWS + 1, OUTPUTS))),
                unfit("too wide features", manager.zeros(new Shape(ROWS, WIDTH + 1)), y),
                unfit("too narrow features", manager.zeros(new Shape(ROWS, WIDTH - 1)), y),
                unfit("features of one axis", manager.zeros(new Shape(ROWS)), y),
                unfit("features of width zero", manager.zeros(new Shape(ROWS, 0)), y),
                unfit("a scalar for features", manager.create(1f), y),
                unfit("a scalar for labels", x, manager.create(1f)),
                unfit("two scalars", manager.create(1f), manager.create(1f)),
                unfit(
                        "no rows",
                        manager.zeros(new Shape(0, WIDTH)),
                        manager.zeros(new Shape(0, OUTPUTS))),
                unfit("no features", manager.zeros(new Shape(0, WIDTH)), y),
                unfit("no labels", x, manager.zeros(new Shape(0, OUTPUTS))));
    }

    private static Arguments unfit(String name, NDArray features, NDArray labels) {
        return Arguments.of(name, features, labels);
    }

    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("unfitFeaturesAndLabels")
    void unfitDataIsNotTrainedOn(String name, NDArray features, NDArray labels) {
        requireRefused(regression, () -> regression.epoch().run(features, labels, firstRows(32)));
    }

    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("unfitFeaturesAndLabels")
    void unfitDataIsNotEvaluated(String name, NDArray features, NDArray labels) {
        requireRefused(regression, () -> regression.epoch().evaluate(features, labels));
    }

    /** Where gradients are differentiated, the engine would find out in the middle of an epoch. */
    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("unfitFeaturesAndLabels")
    void unfitDataIsNotTrainedOnWithRunningStatistics(
            String name, NDArray features, NDArray labels) {
        requireRefused(normalized, () -> normalized.epoch().run(features, labels, firstRows(32)));
    }

    private Stream<Arguments> unfitClasses() {
        return Stream.of(
                Arguments.of("-100, which the engine ignores", labelled(-100)),
                Arguments.of("as many as there are classes", labelled(OUTPUTS)),
                Arguments.of("below 0", labelled(-1)),
                Arguments.of("far beyond", labelled(1_000_000)),
                Arguments.of("-100 as a float", labelled(-100).toType(DataType.FLOAT32, true)),
                Arguments.of("not a number", notFinite(Float.NaN)),
                Arguments.of("infinite", notFinite(Float.POSITIVE_INFINITY)),
                Arguments.of("too few", manager.zeros(new Shape(ROWS - 1), DataType.INT32)),
                Arguments.of("two a row", manager.zeros(new Shape(ROWS, 2), DataType.INT32)),
                Arguments.of("a scalar", manager.create(1)));
    }

    private NDArray labelled(int label) {
        int[] labels = classes.toIntArray();
        labels[19] = label;
        return manager.create(labels);
    }

    private NDArray notFinite(float label) {
        float[] labels = classes.toType(DataType.FLOAT32, true).toFloatArray();
        labels[19] = label;
        return manager.create(labels);
    }

    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("unfitClasses")
    void unfitClassesAreNotTrainedOn(String name, NDArray labels) {
        requireRefused(
                classification,
                () -> classification.epoch().run(data.features(), labels, firstRows(32)));
    }

    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("unfitClasses")
    void unfitClassesAreNotEvaluated(String name, NDArray labels) {
        requireRefused(
                classification, () -> classification.epoch().evaluate(data.features(), labels));
    }

    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("unfitClasses")
    void unfitClassesAreNotTrainedOnWithRunningStatistics(String name, NDArray labels) {
        requireRefused(
                convolutional, () -> convolutional.epoch().run(images, labels, firstRows(32)));
    }

    private Stream<Arguments> unfitImages() {
        return Stream.of(
                Arguments.of("another number of channels", new Shape(ROWS, 3, 6, 6)),
                Arguments.of("smaller than the kernel", new Shape(ROWS, 2, 2, 2)),
                Arguments.of("flat", new Shape(ROWS, 72)),
                Arguments.of("without channels", new Shape(ROWS, 6, 6)));
    }

    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("unfitImages")
    void unfitImagesAreNotTrainedOn(String name, Shape shape) {
        NDArray unfit = manager.zeros(shape);
        requireRefused(
                convolutional, () -> convolutional.epoch().run(unfit, classes, firstRows(32)));
    }

    private static Stream<Arguments> unfitOrders() {
        return Stream.of(
                Arguments.of("empty", new int[0]),
                Arguments.of("below 0", new int[] {0, 1, -1}),
                Arguments.of("one beyond the last row", new int[] {0, ROWS}),
                Arguments.of("far beyond", new int[] {Integer.MAX_VALUE, 0}));
    }

    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("unfitOrders")
    void unfitOrdersAreRefused(String name, int[] order) {
        requireRefused(
                regression, () -> regression.epoch().run(data.features(), data.labels(), order));
    }

    @Test
    void nullsAreRefusedByName() {
        CompiledEpoch epoch = regression.epoch();
        NDArray x = data.features();
        NDArray y = data.labels();
        int[] order = firstRows(32);
        requireNullRefused("features", () -> epoch.run(null, y, order));
        requireNullRefused("labels", () -> epoch.run(x, null, order));
        requireNullRefused("order", () -> epoch.run(x, y, null));
        requireNullRefused("features", () -> epoch.evaluate(null, y));
        requireNullRefused("labels", () -> epoch.evaluate(x, null));
    }

    private void requireNullRefused(String name, ThrowingCallable action) {
        List<String> before = regression.snapshot();
        assertThatThrownBy(action)
                .isInstanceOfAny(NullPointerException.class, IllegalArgumentException.class)
                .hasMessageContaining(name);
        assertThat(regression.snapshot()).isEqualTo(before);
    }

    /** Of one value a channel there is no variance. */
    @ParameterizedTest
    @ValueSource(ints = {1, BATCH + 1, 2 * BATCH + 1})
    void aBatchOfOneRowIsRefusedWhereANormSeesOneValuePerChannel(int rows) {
        requireRefused(
                normalized,
                () -> normalized.epoch().run(data.features(), data.labels(), firstRows(rows)));
    }

    @Test
    void aBatchOfOneImageOfOnePixelIsRefusedUnderANorm() {
        // The kernel takes 3×3 pixels, so that one is left for the norm.
        NDArray small = images.get(":, :, :3, :3").duplicate();
        requireRefused(
                convolutional,
                () -> convolutional.epoch().run(small, classes, firstRows(BATCH + 1)));
    }

    @Test
    void aBatchOfOneImageIsTrainedOnWhereANormSeesItsPixels() throws Exception {
        try (Twins twins = twins(CompiledEpochDataTest::convolutionalNetwork, IMAGE)) {
            int[] order = firstRows(BATCH + 1);
            double eager = twins.eager().trainEagerly(images, classes, order);

            assertThat(twins.epoch().run(images, classes, order)).isCloseTo(eager, within(1e-5));
            assertThat(twins.largestDifference()).isLessThan(5e-5);
        }
    }

    private static Twins twins(Supplier<Block> network, Shape sample) throws Exception {
        return new Twins(
                Device.cpu(),
                network,
                OptimizerCase.ADAM::create,
                block -> new SoftmaxCrossEntropyLoss(),
                BATCH,
                sample);
    }

    @Test
    void oneRowIsEvaluatedUnderANorm() {
        NDArray x = data.features().get("7:8");
        NDArray y = data.labels().get("7:8");
        assertThat(normalized.epoch().evaluate(x, y))
                .isCloseTo(normalized.twins.compiled().evaluateEagerly(x, y), within(1e-5));
    }

    /** The largest batch there can be is one of all rows. */
    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, Integer.MAX_VALUE - 1, 1 << 30, ROWS + 1})
    void aBatchLargerThanTheDataIsOneStep(int batch) throws Exception {
        for (Supplier<Block> network :
                List.<Supplier<Block>>of(
                        () -> Networks.mlp(5, OUTPUTS), CompiledEpochDataTest::normalizedNetwork)) {
            try (Twins whole = regressionTwins(network, ROWS);
                    Twins large = regressionTwins(network, ROWS)) {
                try (CompiledEpoch epoch =
                        CompiledEpoch.compile(
                                large.compiled().block(),
                                new MeanSquaredError(),
                                large.compiled().optimizer(),
                                batch)) {
                    for (int i = 0; i < 3; i++) {
                        int[] order = TestData.order(ROWS, i);
                        double loss = whole.epoch().run(data.features(), data.labels(), order);
                        assertThat(epoch.run(data.features(), data.labels(), order))
                                .isCloseTo(loss, within(1e-6));
                    }
                }
                assertThat(Networks.values(large.compiled().block()))
                        .containsExactlyElementsOf(Networks.values(whole.compiled().block()));
            }
        }
    }

    private static Twins regressionTwins(Supplier<Block> network, int batch) throws Exception {
        return new Twins(
                Device.cpu(),
                network,
                OptimizerCase.ADAM::create,
                block -> new MeanSquaredError(),
                batch,
                new Shape(WIDTH));
    }

    /** Class labels may be numbers of any type, as long as they are classes. */
    @Test
    void classesOfAnyTypeAreTrainedOnAlike() throws Exception {
        List<List<float[]>> weights = new ArrayList<>();
        for (DataType type : List.of(DataType.INT32, DataType.INT64, DataType.FLOAT32)) {
            try (Twins twins = twins(() -> Networks.mlp(5, OUTPUTS), new Shape(WIDTH))) {
                twins.epoch()
                        .run(data.features(), classes.toType(type, true), TestData.order(ROWS, 3));
                weights.add(Networks.values(twins.compiled().block()));
            }
        }

        assertThat(weights.get(1)).containsExactlyElementsOf(weights.get(0));
        assertThat(weights.get(2)).containsExactlyElementsOf(weights.get(0));
    }

    private static int[] firstRows(int count) {
        int[] rows = new int[count];
        for (int i = 0; i < count; i++) {
            rows[i] = i;
        }
        return rows;
    }

    private static void requireRefused(Fixture fixture, ThrowingCallable action) {
        List<String> before = fixture.snapshot();
        assertThatIllegalArgumentException().isThrownBy(action);
        assertThat(fixture.snapshot()).as("weights and state").isEqualTo(before);
    }

    /** A compiled epoch that has trained. */
    private final class Fixture {

        private final Twins twins;

        Fixture(Supplier<Block> network, Function<Block, Loss> loss, Shape sample) {
            try {
                twins =
                        new Twins(
                                Device.cpu(),
                                network,
                                OptimizerCase.CAADAM_ADDITIVE::create,
                                loss,
                                BATCH,
                                sample,
                                Model::newTrainer);
            } catch (NotAcceleratedException e) {
                throw new AssertionError(e);
            }
        }

        CompiledEpoch epoch() {
            return twins.epoch();
        }

        /** Weights, running statistics, optimizer state and step counts, by their checksums. */
        List<String> snapshot() {
            List<String> parts = new ArrayList<>();
            for (float[] values : Networks.values(twins.compiled().block())) {
                parts.add(Integer.toHexString(Arrays.hashCode(values)));
            }
            Path file = directory.resolve("snapshot.npz");
            try {
                twins.compiled().optimizer().save(file);
                try (ZipFile zip = new ZipFile(file.toFile())) {
                    for (ZipEntry entry : Collections.list(zip.entries())) {
                        parts.add(entry.getName() + " " + Long.toHexString(entry.getCrc()));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return parts;
        }
    }
}
