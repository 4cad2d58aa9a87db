// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
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
import ai.djl.util.Pair;
import io.github.caadam.training.L2PenalizedLoss;
import io.github.caadam.training.MeanSquaredError;
import io.github.caadam.training.ResidualBlock;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compiled epochs as the system property has them, on batches of which the last is smaller. */
class ProgramOptionsTest {

    private static final int ROWS = 150;
    private static final int BATCH = 32;
    private static final Shape IMAGE = new Shape(3, 8, 8);

    /** As for recorded gradients: sums come in another order than in DJL's loop. */
    private static final double WEIGHT_TOLERANCE = 5e-5;

    private static final double LOSS_TOLERANCE = 1e-5;

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

    @AfterEach
    void close() {
        System.clearProperty(ProgramOption.PROPERTY);
        manager.close();
    }

    /** What networks are made of. */
    enum Network {
        RESIDUAL {
            @Override
            Block create() {
                return new SequentialBlock()
                        .add(convolution(4, 1))
                        .add(BatchNorm.builder().build())
                        .add(Activation.reluBlock())
                        .add(new ResidualBlock(unit(4, 1), Blocks.identityBlock()))
                        .add(new ResidualBlock(unit(6, 2), unit(6, 2)))
                        .add(Pool.globalAvgPool2dBlock())
                        .add(dense());
            }
        },
        /** Whose branches begin with an activation, which must not write over what both read. */
        PREACTIVATED {
            @Override
            Block create() {
                return new SequentialBlock()
                        .add(convolution(4, 1))
                        .add(
                                new ResidualBlock(
                                        new SequentialBlock()
                                                .add(Activation.tanhBlock())
                                                .add(Activation.sigmoidBlock())
                                                .add(convolution(4, 1)),
                                        Blocks.identityBlock()))
                        .add(Activation.relu6Block())
                        .add(Blocks.batchFlattenBlock())
                        .add(Linear.builder().setUnits(5).optBias(false).build())
                        .add(BatchNorm.builder().build())
                        .add(Activation.reluBlock())
                        .add(dense());
            }
        },
        /** With activations whose derivatives come of their inputs. */
        SMOOTH {
            @Override
            Block create() {
                return new SequentialBlock()
                        .add(convolution(4, 1))
                        .add(Activation.geluBlock())
                        .add(
                                new ResidualBlock(
                                        new SequentialBlock()
                                                .add(Activation.leakyReluBlock(0.1f))
                                                .add(convolution(4, 1))
                                                .add(Activation.eluBlock(0.5f)),
                                        Blocks.identityBlock()))
                        .add(Activation.softSignBlock())
                        .add(Blocks.batchFlattenBlock())
                        .add(Linear.builder().setUnits(5).build())
                        .add(Activation.swishBlock(1.5f))
                        .add(dense());
            }
        },
        /** With a layer in two places. */
        SHARED {
            @Override
            Block create() {
                Block shared = convolution(3, 1);
                return new SequentialBlock()
                        .add(shared)
                        .add(Activation.reluBlock())
                        .add(shared)
                        .add(Blocks.batchFlattenBlock())
                        .add(dense());
            }
        };

        abstract Block create();
    }

    private static Block unit(int filters, int stride) {
        return new SequentialBlock()
                .add(convolution(filters, stride))
                .add(BatchNorm.builder().optMomentum(0.7f).build())
                .add(Activation.reluBlock())
                .add(convolution(filters, 1))
                .add(BatchNorm.builder().build());
    }

    /** Without biases, whose gradients before a norm are nothing but rounding. */
    private static Block convolution(int filters, int stride) {
        return Conv2d.builder()
                .setFilters(filters)
                .setKernelShape(new Shape(3, 3))
                .optStride(new Shape(stride, stride))
                .optPadding(new Shape(1, 1))
                .optBias(false)
                .build();
    }

    private static Block dense() {
        return Linear.builder().setUnits(4).build();
    }

    private Twins twins(Supplier<Block> network, Function<Block, Loss> loss) throws Exception {
        return new Twins(
                manager.getDevice(), network, OptimizerCase.ADAM::create, loss, BATCH, IMAGE);
    }

    private static Loss penalized(Block block) {
        return new L2PenalizedLoss(new SoftmaxCrossEntropyLoss(), block, 1e-2f, "_weight$");
    }

    private static void train(Twins twins, TestData data, int epochs) {
        for (int epoch = 0; epoch < epochs; epoch++) {
            int[] order = TestData.order(ROWS, epoch);
            double eager = twins.eager().trainEagerly(data.features(), data.labels(), order);
            assertThat(twins.epoch().run(data.features(), data.labels(), order))
                    .isCloseTo(eager, within(LOSS_TOLERANCE));
        }
    }

    @ParameterizedTest
    @EnumSource
    void explicitGradientsTrainAsDjlDoes(Network network) throws Exception {
        System.setProperty(ProgramOption.PROPERTY, "explicit-gradients");
        TestData data = TestData.classification(manager, ROWS);
        try (Twins twins = twins(network::create, ProgramOptionsTest::penalized)) {
            train(twins, data, 2);

            assertThat(twins.largestDifference()).isLessThan(WEIGHT_TOLERANCE);
            assertThat(twins.epoch().source())
                    .contains("torch.convolution_backward")
                    .doesNotContain("autograd");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "explicit-gradients, fused-norms",
                "channels-first",
                "channels-first,explicit-gradients,fused-norms"
            })
    void everyFormTrainsAsDjlDoes(String options) throws Exception {
        System.setProperty(ProgramOption.PROPERTY, options);
        TestData data = TestData.classification(manager, ROWS);
        for (Network network : List.of(Network.RESIDUAL, Network.PREACTIVATED)) {
            try (Twins twins = twins(network::create, ProgramOptionsTest::penalized)) {
                train(twins, data, 2);

                assertThat(twins.largestDifference()).isLessThan(WEIGHT_TOLERANCE);
                String source = twins.epoch().source();
                assertThat(source.contains("memory_format=2"))
                        .isNotEqualTo(options.contains("channels-first"));
                assertThat(source.contains("torch.batch_norm_update_stats"))
                        .isEqualTo(options.contains("fused-norms"));
            }
        }
    }

    @Test
    void explicitGradientsLearnNumbers() throws Exception {
        System.setProperty(ProgramOption.PROPERTY, "explicit-gradients");
        TestData images = TestData.classification(manager, ROWS);
        TestData data =
                new TestData(images.features(), TestData.regression(manager, ROWS, 6, 4).labels());
        try (Twins twins = twins(Network.RESIDUAL::create, block -> new MeanSquaredError())) {
            train(twins, data, 2);

            assertThat(twins.largestDifference()).isLessThan(WEIGHT_TOLERANCE);
            assertThat(twins.epoch().source()).doesNotContain("autograd");
        }
    }

    @Test
    void explicitGradientsLeaveFrozenLayersAsTheyAre() throws Exception {
        System.setProperty(ProgramOption.PROPERTY, "explicit-gradients,fused-norms");
        TestData data = TestData.classification(manager, ROWS);
        try (Twins twins = twins(Network.RESIDUAL::create, ProgramOptionsTest::penalized)) {
            for (Twins.Side side : List.of(twins.eager(), twins.compiled())) {
                for (Pair<String, Parameter> pair : side.block().getParameters()) {
                    if (pair.getKey().matches("0[124].*")) {
                        pair.getValue().freeze(true);
                    }
                }
            }
            float[] frozen = twins.compiled().parameter("01Conv2d_weight").toFloatArray();
            train(twins, data, 2);

            assertThat(twins.compiled().parameter("01Conv2d_weight").toFloatArray())
                    .isEqualTo(frozen);
            assertThat(twins.largestDifference()).isLessThan(WEIGHT_TOLERANCE);
        }
    }

    @Test
    void whatCannotBeWrittenOutIsRecorded() throws Exception {
        System.setProperty(ProgramOption.PROPERTY, "explicit-gradients");
        TestData data = TestData.classification(manager, ROWS);
        Supplier<Block> pooled =
                () ->
                        new SequentialBlock()
                                .add(convolution(4, 1))
                                .add(Pool.maxPool2dBlock(new Shape(2, 2)))
                                .add(Blocks.batchFlattenBlock())
                                .add(dense());
        try (Twins twins = twins(pooled, ProgramOptionsTest::penalized)) {
            train(twins, data, 2);

            assertThat(twins.epoch().source()).contains("autograd");
        }
    }

    @Test
    void otherWordsAreRefused() {
        assertThat(ProgramOption.parse("")).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProgramOption.parse("fused-norms,explicit"))
                .withMessage(
                        "-Dcaadam.programs takes some of channels-first, explicit-gradients,"
                                + " fused-norms, with commas between, found \"explicit\".");
    }
}
