// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.loss.Loss;
import ai.djl.training.loss.SoftmaxCrossEntropyLoss;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.LibraryOptimizer;
import io.github.caadam.Networks;
import io.github.caadam.OptimizerCases;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.training.MeanSquaredError;
import io.github.caadam.training.ResidualBlock;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case of {@link OptimizerCases}, trained eagerly, by fused steps and compiled. */
class ThreeExecutionsTest {

    private static final int ROWS = 74;
    private static final int BATCH = 16;
    private static final int WIDTH = 6;
    private static final int OUTPUTS = 2;
    private static final int EPOCHS = 4;
    private static final float RATE = 0.002f;

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

    @AfterEach
    void close() {
        manager.close();
    }

    /** Kinds of blocks, with gradients that are written out or taken by the engine. */
    private enum Network {
        DENSE(new Shape(WIDTH)) {
            @Override
            Block create() {
                return Networks.mlp(8, OUTPUTS);
            }
        },

        RESIDUAL(new Shape(WIDTH)) {
            @Override
            Block create() {
                return new SequentialBlock()
                        .add(Linear.builder().setUnits(8).build())
                        .add(Activation.tanhBlock())
                        .add(
                                new ResidualBlock(
                                        Linear.builder().setUnits(8).build(),
                                        Blocks.identityBlock()))
                        .add(Linear.builder().setUnits(OUTPUTS).build());
            }
        },

        /** Without a bias before the norm, whose gradient is zero but for rounding. */
        CONVOLUTIONAL(new Shape(3, 8, 8)) {
            @Override
            Block create() {
                return new SequentialBlock()
                        .add(
                                Conv2d.builder()
                                        .setKernelShape(new Shape(3, 3))
                                        .setFilters(4)
                                        .optBias(false)
                                        .build())
                        .add(BatchNorm.builder().build())
                        .add(Activation.tanhBlock())
                        .add(Blocks.batchFlattenBlock())
                        .add(Linear.builder().setUnits(4).build());
            }

            @Override
            TestData data(NDManager manager, DataType type) {
                TestData data = TestData.classification(manager, ROWS);
                return new TestData(data.features().toType(type, false), data.labels());
            }

            @Override
            Loss loss() {
                return new SoftmaxCrossEntropyLoss();
            }
        };

        @SuppressWarnings("ImmutableEnumChecker") // A shape is not changed.
        private final Shape sample;

        Network(Shape sample) {
            this.sample = sample;
        }

        abstract Block create();

        TestData data(NDManager manager, DataType type) {
            TestData data = TestData.regression(manager, ROWS, WIDTH, OUTPUTS);
            NDArray labels = data.labels().toType(type, false);
            return new TestData(data.features().toType(type, false), labels);
        }

        Loss loss() {
            return new MeanSquaredError();
        }
    }

    /** Defaults on all networks, the options of rules on one. */
    static Stream<Arguments> everywhere() {
        return OptimizerCases.all()
                .flatMap(one -> Stream.of(Network.values()).map(network -> new Pair(one, network)))
                .filter(pair -> pair.one.options().isEmpty() || pair.network == Network.DENSE)
                .flatMap(
                        pair ->
                                Stream.of(DataType.FLOAT32, DataType.FLOAT64)
                                        .map(type -> Arguments.of(pair.one, pair.network, type)));
    }

    /** What is trained. */
    private record Pair(OptimizerCases.Case one, Network network) {}

    @ParameterizedTest
    @MethodSource("everywhere")
    void agree(OptimizerCases.Case one, Network network, DataType type) {
        requireSame(one, network, type, builder -> {});
    }

    static Stream<OptimizerCases.Case> cases() {
        return OptimizerCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreeWithScalingDecayAndClippingByTheGlobalNorm(OptimizerCases.Case one) {
        requireSame(
                one,
                builder -> {
                    LibraryOptimizer.scale(builder, ScalingStrategy.additive());
                    builder.optDecoupledWeightDecay(0.01f).optGlobalClipNorm(0.1f);
                });
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreeWithRelativeStepsAndDecay(OptimizerCases.Case one) {
        requireSame(
                one,
                builder -> {
                    LibraryOptimizer.scale(builder, ScalingStrategy.relativeStep(0.005));
                    builder.optLearningRateTracker(Tracker.fixed(1)).optDecoupledWeightDecay(0.01f);
                });
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreeWithRelativeStepsAtTheStartAccumulationAndAverages(OptimizerCases.Case one) {
        requireSame(
                one,
                builder -> {
                    LibraryOptimizer.scale(builder, ScalingStrategy.relativeStepAtStart(0.005));
                    builder.optLearningRateTracker((Tracker) step -> 1f / step)
                            .optGradientAccumulationSteps(2)
                            .optWeightAverage(0.9f);
                });
    }

    /** Of a bias and a norm that follow another layer's weights, with bounds and clipping. */
    @ParameterizedTest
    @EnumSource(Network.class)
    void agreeWithRelativeStepsOnEveryNetwork(Network network) {
        for (DataType type : List.of(DataType.FLOAT32, DataType.FLOAT64)) {
            requireClose(
                    new OptimizerCases.Case(LibraryOptimizer.CAADAM, Map.of()),
                    network,
                    type,
                    builder -> {
                        LibraryOptimizer.scale(
                                builder,
                                ScalingStrategy.relativeStep(0.02)
                                        .times(ScalingStrategy.depth())
                                        .bounded(1e-4, 4e-3)
                                        .overriding("^01.*_bias$", 1e-3));
                        builder.optLearningRateTracker((Tracker) step -> 1f / step)
                                .optGlobalClipNorm(0.1f)
                                .optGradientAccumulationSteps(3);
                    });
        }
    }

    /** Batches and steps do not go evenly into an epoch of five batches. */
    @ParameterizedTest
    @MethodSource("cases")
    void agreeWithAccumulatedGradientsAndAverages(OptimizerCases.Case one) {
        requireSame(one, builder -> builder.optGradientAccumulationSteps(3).optWeightAverage(0.8f));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreeWithAllOptionsAtOnce(OptimizerCases.Case one) {
        requireSame(
                one,
                builder -> {
                    LibraryOptimizer.scale(builder, ScalingStrategy.additive());
                    builder.optDecoupledWeightDecay(0.01f)
                            .optGlobalClipNorm(0.1f)
                            .optGradientAccumulationSteps(2)
                            .optWeightAverage(0.9f);
                    builder.setRescaleGrad(0.5f);
                });
    }

    private void requireSame(
            OptimizerCases.Case one, Consumer<StatefulOptimizer.Builder<?>> options) {
        requireSame(one, Network.DENSE, DataType.FLOAT32, options);
    }

    private void requireSame(
            OptimizerCases.Case one,
            Network network,
            DataType type,
            Consumer<StatefulOptimizer.Builder<?>> options) {
        requireSame(
                one,
                network,
                type,
                type == DataType.FLOAT64 ? NumberTypesTest.DOUBLE_TOLERANCE : Executions.TOLERANCE,
                options);
    }

    /** Step by step, a rate is rounded to single precision in every type. */
    private void requireClose(
            OptimizerCases.Case one,
            Network network,
            DataType type,
            Consumer<StatefulOptimizer.Builder<?>> options) {
        requireSame(one, network, type, Executions.TOLERANCE, options);
    }

    private void requireSame(
            OptimizerCases.Case one,
            Network network,
            DataType type,
            double tolerance,
            Consumer<StatefulOptimizer.Builder<?>> options) {
        try (Executions executions =
                new Executions(
                        type,
                        network::create,
                        block ->
                                one.create(
                                        block,
                                        builder -> {
                                            builder.optLearningRateTracker(Tracker.fixed(RATE));
                                            options.accept(builder);
                                        }),
                        block -> network.loss(),
                        BATCH,
                        network.sample)) {
            assertThat(executions.refusal()).isEmpty();
            assertThat(executions.fallbackReason()).isEmpty();
            executions.train(network.data(manager, type), EPOCHS);
            executions.requireSame(tolerance);
        }
    }
}
