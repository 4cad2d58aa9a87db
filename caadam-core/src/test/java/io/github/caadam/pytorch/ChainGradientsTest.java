// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.loss.Loss;
import ai.djl.training.loss.SoftmaxCrossEntropyLoss;
import io.github.caadam.training.MeanSquaredError;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Chains whose gradients are written out, on rows that do not go evenly into batches. */
class ChainGradientsTest {

    private static final int ROWS = 75;
    private static final int BATCH = 16;
    private static final int WIDTH = 6;
    private static final int OUTPUTS = 4;

    private final NDManager manager = NDManager.newBaseManager("PyTorch");
    private final TestData data = TestData.regression(manager, ROWS, WIDTH, OUTPUTS);

    @AfterEach
    void close() {
        manager.close();
    }

    /** Networks that are chains. */
    enum Network {
        ACTIVATIONS(5e-6) {
            @Override
            SequentialBlock add(SequentialBlock block) {
                return block.add(dense(8, true))
                        .add(Activation.tanhBlock())
                        .add(dense(7, false))
                        .add(Activation.sigmoidBlock())
                        .add(dense(6, true))
                        .add(Activation.relu6Block())
                        .add(dense(OUTPUTS, true))
                        .add(Activation.tanhBlock());
            }
        },
        PRODUCTS(5e-6) {
            @Override
            SequentialBlock add(SequentialBlock block) {
                return block.add(dense(8, false)).add(dense(5, true)).add(dense(OUTPUTS, false));
            }
        },
        NORMS(5e-5) {
            @Override
            SequentialBlock add(SequentialBlock block) {
                return block.add(dense(8, false))
                        .add(BatchNorm.builder().build())
                        .add(Activation.reluBlock())
                        .add(dense(6, false))
                        .add(BatchNorm.builder().build())
                        .add(dense(OUTPUTS, true));
            }
        },
        NORM_AT_THE_END(5e-5) {
            @Override
            SequentialBlock add(SequentialBlock block) {
                return block.add(dense(8, true))
                        .add(Activation.tanhBlock())
                        .add(dense(OUTPUTS, false))
                        .add(BatchNorm.builder().build());
            }
        };

        private final double tolerance;

        Network(double tolerance) {
            this.tolerance = tolerance;
        }

        abstract SequentialBlock add(SequentialBlock block);

        static Linear dense(int units, boolean bias) {
            return Linear.builder().setUnits(units).optBias(bias).build();
        }
    }

    @ParameterizedTest
    @EnumSource
    void trainsUnderTheSquaredErrorAsEagerly(Network network) throws Exception {
        requireSame(network, new MeanSquaredError(), data.labels());
    }

    @ParameterizedTest
    @EnumSource
    void trainsUnderTheCrossEntropyAsEagerly(Network network) throws Exception {
        requireSame(network, new SoftmaxCrossEntropyLoss(), data.labels().argMax(1));
    }

    private void requireSame(Network network, Loss loss, NDArray labels) throws Exception {
        try (Twins twins = twins(() -> network.add(new SequentialBlock()), loss)) {
            assertThat(twins.epoch().source()).doesNotContain("autograd");
            train(twins, labels, 8, network.tolerance);
            for (Twins.Side side : List.of(twins.eager(), twins.compiled())) {
                side.block().getChildren().valueAt(0).freezeParameters(true);
            }
            train(twins, labels, 4, network.tolerance);
        }
    }

    private void train(Twins twins, NDArray labels, int epochs, double tolerance) {
        for (int epoch = 0; epoch < epochs; epoch++) {
            int[] order = TestData.order(ROWS, epoch);
            double expected = twins.eager().trainEagerly(data.features(), labels, order);
            assertThat(twins.epoch().run(data.features(), labels, order))
                    .isCloseTo(expected, within(tolerance));
        }
        assertThat(twins.largestDifference()).isLessThan(tolerance);
    }

    /** A layer that comes twice has the sum of the gradients of both. */
    @Test
    void aLayerThatIsSharedStaysInTheChain() throws Exception {
        Supplier<Block> network =
                () -> {
                    Linear shared = Network.dense(WIDTH, true);
                    return new SequentialBlock()
                            .add(shared)
                            .add(Activation.reluBlock())
                            .add(shared)
                            .add(Activation.reluBlock())
                            .add(Network.dense(OUTPUTS, true));
                };
        try (Twins twins = twins(network, new MeanSquaredError())) {
            assertThat(twins.epoch().source()).doesNotContain("autograd");
            train(twins, data.labels(), 8, 5e-6);
        }
    }

    private Twins twins(Supplier<Block> network, Loss loss) throws Exception {
        return new Twins(
                manager.getDevice(),
                network,
                OptimizerCase.CAADAM_ADDITIVE::create,
                block -> loss,
                BATCH,
                new Shape(WIDTH));
    }
}
