// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.loss.Loss;
import ai.djl.training.loss.SoftmaxCrossEntropyLoss;
import ai.djl.util.Pair;
import io.github.caadam.Networks;
import io.github.caadam.training.L2PenalizedLoss;
import io.github.caadam.training.MeanSquaredError;
import io.github.caadam.training.ResidualBlock;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The compiled epoch where gradients come by automatic differentiation inside the program. */
class RecordedEpochTest {

    private static final int ROWS = 150;
    private static final int BATCH = 32;
    private static final Shape IMAGE = new Shape(3, 8, 8);
    private static final Shape PAIR = new Shape(2, 3);

    /** See {@link CompiledEpochTest}; sums over pixels and batches come in another order here. */
    private static final double WEIGHT_TOLERANCE = 5e-5;

    private static final double LOSS_TOLERANCE = 1e-5;

    /** On GPUs, convolutions round their operands to ten bits, differently by layout. */
    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

    @AfterEach
    void close() {
        manager.close();
    }

    /** Rows that are no vectors, so that chains of linear layers are recorded. */
    private TestData pairs(int outputs) {
        TestData data = TestData.regression(manager, ROWS, 6, 2 * outputs);
        return new TestData(
                data.features().reshape(ROWS, 2, 3), data.labels().reshape(ROWS, 2, outputs));
    }

    private static Stream<Arguments> activations() {
        return Stream.of(
                        Activation.relu6Block(),
                        Activation.sigmoidBlock(),
                        Activation.tanhBlock(),
                        Activation.softPlusBlock(),
                        Activation.softSignBlock(),
                        Activation.leakyReluBlock(0.2f),
                        Activation.eluBlock(0.7f),
                        Activation.seluBlock(),
                        Activation.geluBlock(),
                        Activation.swishBlock(1.5f),
                        Activation.mishBlock(),
                        Blocks.identityBlock())
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("activations")
    void knowsTheActivations(Block activation) throws Exception {
        TestData data = pairs(2);
        Supplier<Block> network =
                () ->
                        new SequentialBlock()
                                .add(Linear.builder().setUnits(8).build())
                                .add(activation)
                                .add(Linear.builder().setUnits(2).optBias(false).build());

        assertSameTraining(network, block -> new MeanSquaredError(), data, PAIR);
    }

    private static Stream<Arguments> layers() {
        return Stream.of(
                Arguments.of("max pooling", (Supplier<Block>) () -> pooled(2, true)),
                Arguments.of("average pooling", (Supplier<Block>) () -> pooled(2, false)),
                Arguments.of("global max", (Supplier<Block>) Pool::globalMaxPool2dBlock),
                Arguments.of("global average", (Supplier<Block>) Pool::globalAvgPool2dBlock),
                Arguments.of("flatten", (Supplier<Block>) Blocks::batchFlattenBlock),
                Arguments.of(
                        "flatten to a size",
                        (Supplier<Block>) () -> Blocks.batchFlattenBlock(4L * 8 * 8)),
                Arguments.of(
                        "batch norm",
                        (Supplier<Block>)
                                () ->
                                        new SequentialBlock()
                                                .add(
                                                        BatchNorm.builder()
                                                                .optMomentum(0.7f)
                                                                .optEpsilon(1e-2f)
                                                                .build())
                                                .add(Blocks.batchFlattenBlock())),
                Arguments.of(
                        "batch norm of the last axis, without scale",
                        (Supplier<Block>)
                                () ->
                                        new SequentialBlock()
                                                .add(
                                                        BatchNorm.builder()
                                                                .optAxis(3)
                                                                .optScale(false)
                                                                .build())
                                                .add(Blocks.batchFlattenBlock())),
                Arguments.of(
                        "convolution with groups",
                        (Supplier<Block>)
                                () ->
                                        new SequentialBlock()
                                                .add(
                                                        Conv2d.builder()
                                                                .setFilters(6)
                                                                .setKernelShape(new Shape(3, 2))
                                                                .optStride(new Shape(2, 1))
                                                                .optPadding(new Shape(1, 0))
                                                                .optDilation(new Shape(1, 2))
                                                                .optGroups(2)
                                                                .optBias(false)
                                                                .build())
                                                .add(Blocks.batchFlattenBlock())),
                Arguments.of(
                        "residual units",
                        (Supplier<Block>)
                                () ->
                                        new SequentialBlock()
                                                .add(
                                                        new ResidualBlock(
                                                                convolution(4, 3),
                                                                Blocks.identityBlock()))
                                                .add(
                                                        new ResidualBlock(
                                                                convolution(6, 3),
                                                                convolution(6, 1)))
                                                .add(Pool.globalAvgPool2dBlock())));
    }

    private static Block pooled(int size, boolean max) {
        Shape kernel = new Shape(size + 1, size);
        Shape stride = new Shape(size, size - 1);
        Shape padding = new Shape(1, 0);
        return new SequentialBlock()
                .add(
                        max
                                ? Pool.maxPool2dBlock(kernel, stride, padding, true)
                                : Pool.avgPool2dBlock(kernel, stride, padding, false, false))
                .add(Blocks.batchFlattenBlock());
    }

    private static Block convolution(int filters, int kernel) {
        return convolution(filters, kernel, true);
    }

    private static Block convolution(int filters, int kernel, boolean bias) {
        return Conv2d.builder()
                .setFilters(filters)
                .setKernelShape(new Shape(kernel, kernel))
                .optPadding(new Shape(kernel / 2, kernel / 2))
                .optBias(bias)
                .build();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void knowsTheLayersOfConvolutionalNetworks(String name, Supplier<Block> layer)
            throws Exception {
        TestData data = TestData.classification(manager, ROWS);
        Supplier<Block> network =
                () ->
                        new SequentialBlock()
                                .add(convolution(4, 3, false))
                                .add(layer.get())
                                .add(Linear.builder().setUnits(4).build());

        assertSameTraining(network, block -> new SoftmaxCrossEntropyLoss(), data, IMAGE);
    }

    @ParameterizedTest
    @MethodSource("io.github.caadam.pytorch.OptimizerCase#all")
    void trainsAConvolutionalNetworkWithEveryOptimizer(OptimizerCase optimizer) throws Exception {
        TestData data = TestData.classification(manager, ROWS);
        try (Twins twins =
                new Twins(
                        manager.getDevice(),
                        RecordedEpochTest::convolutionalNetwork,
                        optimizer::create,
                        block -> new SoftmaxCrossEntropyLoss(),
                        BATCH,
                        IMAGE)) {
            train(twins, data, 6);

            assertThat(twins.largestDifference()).isLessThan(WEIGHT_TOLERANCE);
        }
    }

    /**
     * Without a bias before the batch norm, whose gradient is zero but for rounding; Adam makes
     * whole steps of such a gradient.
     */
    private static Block convolutionalNetwork() {
        return new SequentialBlock()
                .add(convolution(4, 3, false))
                .add(BatchNorm.builder().build())
                .add(Activation.reluBlock())
                .add(Pool.maxPool2dBlock(new Shape(2, 2)))
                .add(new ResidualBlock(convolution(4, 3), Blocks.identityBlock()))
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(4).build());
    }

    @Test
    void movesRunningStatisticsAsTheEagerLoopDoes() throws Exception {
        TestData data = TestData.classification(manager, ROWS);
        try (Twins twins =
                new Twins(
                        manager.getDevice(),
                        RecordedEpochTest::convolutionalNetwork,
                        OptimizerCase.ADAM::create,
                        block -> new SoftmaxCrossEntropyLoss(),
                        BATCH,
                        IMAGE)) {
            float[] before = twins.compiled().parameter("02BatchNorm_runningMean").toFloatArray();
            train(twins, data, 4);

            assertThat(twins.compiled().parameter("02BatchNorm_runningMean").toFloatArray())
                    .isNotEqualTo(before);
            assertThat(twins.largestDifference()).isLessThan(WEIGHT_TOLERANCE);
            assertThat(twins.epoch().evaluate(data.features(), data.labels()))
                    .isCloseTo(
                            twins.eager().evaluateEagerly(data.features(), data.labels()),
                            within(LOSS_TOLERANCE));
        }
    }

    @Test
    void imagesLieWithTheirChannelsLast() throws Exception {
        TestData data = TestData.classification(manager, ROWS);
        try (Twins twins =
                new Twins(
                        manager.getDevice(),
                        RecordedEpochTest::convolutionalNetwork,
                        OptimizerCase.ADAM::create,
                        block -> new SoftmaxCrossEntropyLoss(),
                        BATCH,
                        IMAGE)) {
            train(twins, data, 1);

            // That the weights are those of the usual layout is what all other tests here show.
            assertThat(twins.epoch().source()).contains("memory_format=2");
        }
    }

    @Test
    void frozenLayersStayAndTheirStatisticsMove() throws Exception {
        TestData data = TestData.classification(manager, ROWS);
        try (Twins twins =
                new Twins(
                        manager.getDevice(),
                        RecordedEpochTest::convolutionalNetwork,
                        OptimizerCase.CAADAM_ADDITIVE::create,
                        block -> new SoftmaxCrossEntropyLoss(),
                        BATCH,
                        IMAGE)) {
            train(twins, data, 1);
            for (Twins.Side side : new Twins.Side[] {twins.eager(), twins.compiled()}) {
                for (Pair<String, Parameter> pair : side.block().getParameters()) {
                    if (pair.getKey().matches("0[12].*")) {
                        pair.getValue().freeze(true);
                    }
                }
            }
            float[] frozen = twins.compiled().parameter("02BatchNorm_gamma").toFloatArray();
            train(twins, data, 2);

            assertThat(twins.compiled().parameter("02BatchNorm_gamma").toFloatArray())
                    .isEqualTo(frozen);
            assertThat(twins.largestDifference()).isLessThan(WEIGHT_TOLERANCE);
        }
    }

    @Test
    void dropoutDrawsTheEnginesRandomNumbers() throws Exception {
        TestData data = TestData.regression(manager, ROWS, 6, 2);
        Supplier<Block> network =
                () ->
                        new SequentialBlock()
                                .add(Linear.builder().setUnits(16).build())
                                .add(Activation.reluBlock())
                                .add(Dropout.builder().optRate(0.4f).build())
                                .add(Linear.builder().setUnits(2).build());
        try (Twins twins =
                new Twins(
                        manager.getDevice(),
                        network,
                        OptimizerCase.ADAM::create,
                        block -> new MeanSquaredError(),
                        BATCH,
                        new Shape(6))) {
            for (int epoch = 0; epoch < 5; epoch++) {
                int[] order = TestData.order(ROWS, epoch);
                Engine.getInstance().setRandomSeed(epoch);
                double eager = twins.eager().trainEagerly(data.features(), data.labels(), order);
                Engine.getInstance().setRandomSeed(epoch);
                assertThat(twins.epoch().run(data.features(), data.labels(), order))
                        .isCloseTo(eager, within(LOSS_TOLERANCE));
            }
            assertThat(twins.largestDifference()).isLessThan(WEIGHT_TOLERANCE);
        }
    }

    private static Stream<Arguments> losses() {
        return Stream.of(
                Arguments.of((Function<Block, Loss>) block -> Loss.l2Loss()),
                Arguments.of((Function<Block, Loss>) block -> Loss.l2Loss("l2", 0.3f)),
                Arguments.of(
                        (Function<Block, Loss>)
                                block ->
                                        new L2PenalizedLoss(
                                                new MeanSquaredError(), block, 0.01f, "_weight$")),
                Arguments.of(
                        (Function<Block, Loss>)
                                block -> new SoftmaxCrossEntropyLoss("soft", 1, -1, false, true)));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void knowsTheLosses(Function<Block, Loss> loss) throws Exception {
        TestData data = pairs(3);
        // Probabilities, as far as the last of the losses cares.
        NDArray labels = data.labels().softmax(-1);

        assertSameTraining(
                () -> Networks.mlp(8, 3), loss, new TestData(data.features(), labels), PAIR);
    }

    @Test
    void layersOfSequencesAreTrained() throws Exception {
        NDArray features = TestData.regression(manager, ROWS, 12, 1).features().reshape(ROWS, 4, 3);
        NDArray labels = features.sum(new int[] {1, 2}).reshape(ROWS, 1);
        Supplier<Block> network =
                () ->
                        new SequentialBlock()
                                .add(Linear.builder().setUnits(5).build())
                                .add(
                                        Conv1d.builder()
                                                .setFilters(3)
                                                .setKernelShape(new Shape(2))
                                                .build())
                                .add(Blocks.batchFlattenBlock())
                                .add(Linear.builder().setUnits(1).build());

        assertSameTraining(
                network,
                block -> new MeanSquaredError(),
                new TestData(features, labels),
                new Shape(4, 3));
    }

    @Test
    void chainsOfLinearLayersOnSequencesAreRecorded() throws Exception {
        NDArray features = TestData.regression(manager, ROWS, 12, 1).features().reshape(ROWS, 4, 3);
        NDArray labels = features.sum(new int[] {2}, true);

        assertSameTraining(
                () -> Networks.mlp(5, 1),
                block -> new MeanSquaredError(),
                new TestData(features, labels),
                new Shape(4, 3));
    }

    @Test
    void gradientModeIsLeftAsItWas() throws Exception {
        TestData data = TestData.classification(manager, ROWS);
        try (Twins twins =
                new Twins(
                        manager.getDevice(),
                        RecordedEpochTest::convolutionalNetwork,
                        OptimizerCase.ADAM::create,
                        block -> new SoftmaxCrossEntropyLoss(),
                        BATCH,
                        IMAGE)) {
            twins.epoch().run(data.features(), data.labels(), TestData.order(ROWS, 0));

            NDArray weight = twins.compiled().parameter("01Conv2d_weight");
            assertThat(weight.hasGradient()).isTrue();
            assertThat(weight.getGradient().abs().sum().getFloat()).isZero();
            try (NDArray product = weight.mul(weight)) {
                assertThat(product.hasGradient()).isFalse();
            }
        }
    }

    @Test
    void labelsMayBeOfAnyType() throws Exception {
        TestData data = TestData.classification(manager, ROWS);
        try (Twins twins =
                new Twins(
                        manager.getDevice(),
                        RecordedEpochTest::convolutionalNetwork,
                        OptimizerCase.ADAM::create,
                        block -> new SoftmaxCrossEntropyLoss(),
                        BATCH,
                        IMAGE)) {
            double loss = twins.epoch().evaluate(data.features(), data.labels());
            for (DataType type : List.of(DataType.FLOAT32, DataType.INT64, DataType.UINT8)) {
                assertThat(
                                twins.epoch()
                                        .evaluate(
                                                data.features(), data.labels().toType(type, true)))
                        .isEqualTo(loss);
            }
        }
    }

    private void assertSameTraining(
            Supplier<Block> network, Function<Block, Loss> loss, TestData data, Shape sample)
            throws Exception {
        try (Twins twins =
                new Twins(
                        manager.getDevice(),
                        network,
                        OptimizerCase.ADAM::create,
                        loss,
                        BATCH,
                        sample)) {
            assertSameTraining(twins, data);
        }
    }

    private static void assertSameTraining(Twins twins, TestData data) {
        train(twins, data, 8);
        assertThat(twins.largestDifference()).isLessThan(WEIGHT_TOLERANCE);
        assertThat(twins.epoch().evaluate(data.features(), data.labels()))
                .isCloseTo(
                        twins.eager().evaluateEagerly(data.features(), data.labels()),
                        within(LOSS_TOLERANCE));
    }

    private static void train(Twins twins, TestData data, int epochs) {
        for (int epoch = 0; epoch < epochs; epoch++) {
            int[] order = TestData.order(ROWS, epoch);
            double eager = twins.eager().trainEagerly(data.features(), data.labels(), order);
            assertThat(twins.epoch().run(data.features(), data.labels(), order))
                    .isCloseTo(eager, within(LOSS_TOLERANCE));
        }
    }
}
