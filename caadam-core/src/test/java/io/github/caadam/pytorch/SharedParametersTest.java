// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.loss.Loss;
import ai.djl.training.loss.SoftmaxCrossEntropyLoss;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.training.L2PenalizedLoss;
import io.github.caadam.training.MeanSquaredError;
import io.github.caadam.training.ResidualBlock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Parameters that a network has more than once. */
class SharedParametersTest {

    private static final int ROWS = 76;
    private static final int BATCH = 16;
    private static final int WIDTH = 4;

    /** Sums over pixels and batches come in another order; see {@link RecordedEpochTest}. */
    private static final double IMAGE_TOLERANCE = 5e-5;

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final TestData data = TestData.regression(manager, ROWS, WIDTH, WIDTH);

    @AfterEach
    void close() {
        manager.close();
    }

    private static Stream<Arguments> networks() {
        return Stream.of(
                network("a layer twice in a chain", SharedParametersTest::twice),
                network(
                        "a layer three times in a chain",
                        () -> {
                            Block layer = linear();
                            return new SequentialBlock()
                                    .add(layer)
                                    .add(Activation.reluBlock())
                                    .add(layer)
                                    .add(Activation.reluBlock())
                                    .add(layer);
                        }),
                network(
                        "a layer twice without anything in between",
                        () -> {
                            Block layer = linear();
                            return new SequentialBlock().add(layer).add(layer);
                        }),
                network(
                        "first and last layer tied",
                        () -> {
                            Block layer = linear();
                            return new SequentialBlock()
                                    .add(layer)
                                    .add(Activation.tanhBlock())
                                    .add(Linear.builder().setUnits(WIDTH).build())
                                    .add(Activation.tanhBlock())
                                    .add(layer);
                        }),
                network(
                        "both branches of a residual unit",
                        () -> {
                            Block layer = linear();
                            return new SequentialBlock()
                                    .add(new ResidualBlock(layer, layer))
                                    .add(linear());
                        }),
                network(
                        "a layer of a residual branch twice",
                        () -> {
                            Block layer = linear();
                            return new SequentialBlock()
                                    .add(
                                            new ResidualBlock(
                                                    new SequentialBlock()
                                                            .add(layer)
                                                            .add(Activation.tanhBlock())
                                                            .add(layer),
                                                    Blocks.identityBlock()))
                                    .add(linear());
                        }),
                network(
                        "a residual unit twice",
                        () -> {
                            Block unit = new ResidualBlock(linear(), Blocks.identityBlock());
                            return new SequentialBlock().add(unit).add(unit).add(linear());
                        }),
                network(
                        "a nested sequence twice",
                        () -> {
                            Block nested =
                                    new SequentialBlock().add(linear()).add(Activation.tanhBlock());
                            return new SequentialBlock().add(nested).add(nested).add(linear());
                        }),
                network(
                        "a batch norm twice",
                        () -> {
                            Block norm = BatchNorm.builder().optEpsilon(1e-2f).build();
                            return new SequentialBlock()
                                    .add(bare())
                                    .add(norm)
                                    .add(Activation.tanhBlock())
                                    .add(bare())
                                    .add(norm)
                                    .add(Activation.tanhBlock())
                                    .add(linear());
                        }));
    }

    private static Arguments network(String name, Supplier<Block> network) {
        return Arguments.of(name, network);
    }

    private static Block twice() {
        Block layer = linear();
        return new SequentialBlock()
                .add(layer)
                .add(Activation.reluBlock())
                .add(layer)
                .add(Activation.reluBlock())
                .add(linear());
    }

    private static Block linear() {
        return Linear.builder().setUnits(WIDTH).build();
    }

    private static Block bare() {
        return Linear.builder().setUnits(WIDTH).optBias(false).build();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void areTrainedTheSameInAllExecutions(String name, Supplier<Block> network) {
        requireSameTraining(network, OptimizerCase.CAADAM_ADDITIVE::create);
    }

    @ParameterizedTest
    @MethodSource("io.github.caadam.pytorch.OptimizerCase#all")
    void areTrainedTheSameByEveryOptimizer(OptimizerCase optimizer) {
        requireSameTraining(SharedParametersTest::twice, optimizer::create);
    }

    private void requireSameTraining(
            Supplier<Block> network, Function<Block, StatefulOptimizer> optimizer) {
        try (Executions executions =
                new Executions(
                        network,
                        optimizer,
                        block -> new MeanSquaredError(),
                        BATCH,
                        new Shape(WIDTH))) {
            executions.train(data, 4).requireSame(Executions.TOLERANCE);

            requireNamedIfRefused(executions);
        }
    }

    /** What is refused must be refused because of what occurs twice. */
    private static void requireNamedIfRefused(Executions executions) {
        executions
                .refusal()
                .ifPresent(refusal -> assertThat(refusal).containsPattern("(?i)twice|shared|tied"));
    }

    @Test
    void aConvolutionTwiceIsTrainedTheSame() {
        TestData images = TestData.classification(manager, ROWS);
        Supplier<Block> network =
                () -> {
                    Block layer =
                            Conv2d.builder()
                                    .setFilters(3)
                                    .setKernelShape(new Shape(3, 3))
                                    .optPadding(new Shape(1, 1))
                                    .build();
                    return new SequentialBlock()
                            .add(layer)
                            .add(Activation.tanhBlock())
                            .add(layer)
                            .add(Activation.tanhBlock())
                            .add(Pool.globalAvgPool2dBlock())
                            .add(Linear.builder().setUnits(4).build());
                };
        try (Executions executions =
                new Executions(
                        network,
                        OptimizerCase.CAADAM_ADDITIVE::create,
                        block -> new SoftmaxCrossEntropyLoss(),
                        BATCH,
                        new Shape(3, 8, 8))) {
            executions.train(images, 3).requireSame(IMAGE_TOLERANCE);

            requireNamedIfRefused(executions);
        }
    }

    @Test
    void runningStatisticsMoveTwiceAStepWhereANormIsUsedTwice() {
        Supplier<Block> network =
                () -> {
                    Block norm = BatchNorm.builder().build();
                    return new SequentialBlock()
                            .add(bare())
                            .add(norm)
                            .add(Activation.tanhBlock())
                            .add(bare())
                            .add(norm)
                            .add(Activation.tanhBlock())
                            .add(linear());
                };
        try (Executions executions =
                new Executions(
                        network,
                        OptimizerCase.ADAM::create,
                        block -> new MeanSquaredError(),
                        ROWS,
                        new Shape(WIDTH))) {
            executions.train(data, 1).requireSame(Executions.TOLERANCE);
        }
    }

    @Test
    void oneParameterByTwoPathsInABlockOfTheUsersIsTrainedTheSame() {
        Supplier<Block> network =
                () -> {
                    Linear encoder = Linear.builder().setUnits(3).build();
                    return new SequentialBlock()
                            .add(encoder)
                            .add(Activation.tanhBlock())
                            .add(new RandomNetwork.Decoder(encoder));
                };
        try (Executions executions =
                new Executions(
                        network,
                        OptimizerCase.CAADAM_ADDITIVE::create,
                        block -> new MeanSquaredError(),
                        BATCH,
                        new Shape(WIDTH))) {
            executions.train(data, 4).requireSame(Executions.TOLERANCE);

            assertThat(executions.refusal())
                    .hasValueSatisfying(refusal -> assertThat(refusal).contains("Decoder"));
            assertThat(executions.fallbackReason()).isEmpty();
        }
    }

    private static Stream<Arguments> penalties() {
        return Stream.of(Arguments.of("_weight$"), Arguments.of("^01"), Arguments.of("^03"));
    }

    @ParameterizedTest
    @MethodSource("penalties")
    void areTrainedTheSameUnderAPenalty(String paths) {
        try (Executions executions =
                new Executions(
                        SharedParametersTest::twice,
                        OptimizerCase.CAADAM_ADDITIVE::create,
                        block -> new L2PenalizedLoss(new MeanSquaredError(), block, 0.1f, paths),
                        BATCH,
                        new Shape(WIDTH))) {
            executions.train(data, 4).requireSame(Executions.TOLERANCE);

            if (executions.epoch() != null) {
                assertThat(executions.epoch().evaluate(data.features(), data.labels()))
                        .isCloseTo(
                                executions.eager().evaluateEagerly(data.features(), data.labels()),
                                within(1e-5));
            }
        }
    }

    /** A penalty is a sum over parameters, not over the places where they stand. */
    @Test
    void arePenalizedOnce() {
        Block block = twice();
        block.initialize(manager, DataType.FLOAT32, new Shape(1, WIDTH));
        L2PenalizedLoss loss = new L2PenalizedLoss(Loss.l2Loss(), block, 0.1f, "_weight$");

        assertThat(loss.penalized()).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void areTrainedTheSameWhileOtherLayersAreFrozenAndFrozenThemselves() {
        try (Executions executions =
                new Executions(
                        SharedParametersTest::twice,
                        OptimizerCase.CAADAM_ADDITIVE::create,
                        block -> new MeanSquaredError(),
                        BATCH,
                        new Shape(WIDTH))) {
            executions.train(data, 1);
            executions.freeze("05Linear_.*", true);
            executions.train(data, 1);
            executions.freeze("05Linear_.*", false);
            executions.freeze("01Linear_.*", true);
            double[] before = Executions.values(executions.whole().parameter("03Linear_weight"));
            executions.train(data, 1);
            assertThat(Executions.values(executions.whole().parameter("03Linear_weight")))
                    .containsExactly(before);
            executions.freeze("03Linear_weight", false);
            executions.train(data, 2).requireSame(Executions.TOLERANCE);
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.caadam.pytorch.OptimizerCase#optimizers")
    void goOnFromASavedOptimizer(OptimizerCase optimizer, @TempDir Path directory)
            throws Exception {
        try (Executions whole = executions(optimizer);
                Executions resumed = executions(optimizer)) {
            whole.train(data, 2);
            List<Twins.Side> from = sides(whole);
            List<Twins.Side> to = sides(resumed);
            resumed.train(data, 2);
            for (int i = 0; i < from.size(); i++) {
                Path file = directory.resolve(i + ".npz");
                from.get(i).optimizer().save(file);
                copyWeights(from.get(i).block(), to.get(i).block());
                to.get(i).optimizer().load(file);
            }
            whole.train(data, 2);
            resumed.train(data, 2);

            for (int i = 0; i < from.size(); i++) {
                assertThat(Executions.values(to.get(i).block()))
                        .containsExactlyElementsOf(Executions.values(from.get(i).block()));
            }
            resumed.requireSame(Executions.TOLERANCE);
        }
    }

    private Executions executions(OptimizerCase optimizer) {
        return new Executions(
                SharedParametersTest::twice,
                optimizer::create,
                block -> new MeanSquaredError(),
                BATCH,
                new Shape(WIDTH));
    }

    private static List<Twins.Side> sides(Executions executions) {
        List<Twins.Side> sides = new ArrayList<>();
        executions.each(sides::add);
        return sides;
    }

    private static void copyWeights(Block from, Block to) {
        List<Parameter> source = from.getParameters().values();
        List<Parameter> target = to.getParameters().values();
        for (int i = 0; i < source.size(); i++) {
            target.get(i).getArray().set(source.get(i).getArray().toFloatArray());
        }
    }
}
