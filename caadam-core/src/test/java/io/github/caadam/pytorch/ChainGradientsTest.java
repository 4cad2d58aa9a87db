// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.loss.Loss;
import ai.djl.training.loss.SoftmaxCrossEntropyLoss;
import io.github.caadam.Trainers;
import io.github.caadam.spi.UpdatePlan;
import io.github.caadam.training.L2PenalizedLoss;
import io.github.caadam.training.MeanSquaredError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Chains whose gradients are written out, in double precision beside fused steps of automatic
 * differentiation, on rows that do not go evenly into batches.
 */
class ChainGradientsTest {

    private static final int ROWS = 75;
    private static final int BATCH = 16;
    private static final int WIDTH = 6;
    private static final int OUTPUTS = 4;

    /**
     * Both round at 1e-16 of weights and losses around 1, which 60 steps make no more than some
     * hundred times as much; a gradient that is wrong by a billionth of itself moves a weight by
     * 2e-12 in one step already.
     */
    private static final double TOLERANCE = 2e-13;

    /** A norm's gradients are differences of larger numbers. */
    private static final double NORMALIZED_TOLERANCE = 1e-11;

    /** Floats round at 6e-8; ten steps of a thousandth move a weight by a hundredth at most. */
    private static final double FLOAT_TOLERANCE = 1e-4;

    private final NDManager manager = NDManager.newBaseManager("PyTorch");
    private final TestData data = TestData.regression(manager, ROWS, WIDTH, OUTPUTS).doubles();

    @AfterEach
    void close() {
        manager.close();
    }

    /** Networks that are chains. */
    enum Network {
        ACTIVATIONS(TOLERANCE) {
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
        PRODUCTS(TOLERANCE) {
            @Override
            SequentialBlock add(SequentialBlock block) {
                return block.add(dense(8, false)).add(dense(5, true)).add(dense(OUTPUTS, false));
            }
        },
        NORMS(NORMALIZED_TOLERANCE) {
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
        NORM_AT_THE_END(NORMALIZED_TOLERANCE) {
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
        requireSame(network, block -> new MeanSquaredError(), data.labels());
    }

    @ParameterizedTest
    @EnumSource
    void trainsUnderTheCrossEntropyAsEagerly(Network network) throws Exception {
        requireSame(network, block -> new SoftmaxCrossEntropyLoss(), data.labels().argMax(1));
    }

    private void requireSame(Network network, Function<Block, Loss> loss, NDArray labels)
            throws Exception {
        try (Twins twins = twins(() -> network.add(new SequentialBlock()), loss)) {
            train(twins, labels, 8, network.tolerance);
            for (Twins.Side side : List.of(twins.eager(), twins.compiled())) {
                side.block().getChildren().valueAt(0).freezeParameters(true);
            }
            train(twins, labels, 4, network.tolerance);
        }
    }

    private void train(Twins twins, NDArray labels, int epochs, double tolerance) {
        train(twins, ROWS, labels, epochs, tolerance);
    }

    private void train(Twins twins, int rows, NDArray labels, int epochs, double tolerance) {
        train(twins, rows, data.features(), labels, epochs, tolerance);
    }

    private void train(
            Twins twins, int rows, NDArray features, NDArray labels, int epochs, double tolerance) {
        for (int epoch = 0; epoch < epochs; epoch++) {
            int[] order = TestData.order(rows, epoch);
            double expected = twins.eager().trainEagerly(features, labels, order);
            assertThat(twins.epoch().run(features, labels, order))
                    .isCloseTo(expected, within(tolerance));
        }
        assertThat(twins.largestDifference()).isLessThan(tolerance);
        assertThat(twins.epoch().source()).doesNotContain("autograd");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, BATCH - 1, BATCH, 2 * BATCH, 2 * BATCH + 1})
    void takesAnyNumberOfRows(int rows) throws Exception {
        try (Twins twins =
                twins(
                        () -> Network.PRODUCTS.add(new SequentialBlock()),
                        block -> new MeanSquaredError())) {
            train(twins, rows, data.labels(), 4, TOLERANCE);
        }
    }

    static Stream<Arguments> activations() {
        return Stream.of(
                Arguments.of("leaky ReLU", Activation.leakyReluBlock(0.2f)),
                Arguments.of("leaky ReLU that falls", Activation.leakyReluBlock(-0.2f)),
                Arguments.of("ELU", Activation.eluBlock(0.7f)),
                Arguments.of("ELU that falls", Activation.eluBlock(-0.7f)),
                Arguments.of("SELU", Activation.seluBlock()),
                Arguments.of("GELU", Activation.geluBlock()),
                Arguments.of("Swish", Activation.swishBlock(1.5f)),
                Arguments.of("softplus", Activation.softPlusBlock()),
                Arguments.of("softsign", Activation.softSignBlock()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("activations")
    void writesOutDerivatives(String name, Block activation) throws Exception {
        try (Twins twins = twins(() -> everywhere(activation), block -> new MeanSquaredError())) {
            train(twins, data.labels(), 8, NORMALIZED_TOLERANCE);
        }
    }

    /**
     * The engine has other kernels for floats, such as oneDNN's, which neither doubles nor the
     * check of a program, which computes in doubles, would try.
     */
    @ParameterizedTest(name = "{0}")
    @MethodSource("activations")
    void writesOutDerivativesOfFloats(String name, Block activation) throws Exception {
        TestData floats = TestData.regression(manager, ROWS, WIDTH, OUTPUTS);
        try (Twins twins =
                twins(
                        DataType.FLOAT32,
                        () -> everywhere(activation),
                        block -> new MeanSquaredError())) {
            train(twins, ROWS, floats.features(), floats.labels(), 2, FLOAT_TOLERANCE);
        }
    }

    /** Behind a product, behind a norm, before layers with and without biases, and at the end. */
    private static Block everywhere(Block activation) {
        return new SequentialBlock()
                .add(Network.dense(8, true))
                .add(activation)
                .add(Network.dense(7, false))
                .add(BatchNorm.builder().build())
                .add(activation)
                .add(Network.dense(OUTPUTS, true))
                .add(activation);
    }

    /**
     * Of weights, of the first layer, and of both in one; of what is trained and what is frozen.
     */
    @ParameterizedTest
    @EnumSource
    void writesOutPenalties(Network network) throws Exception {
        requireSame(
                network,
                block ->
                        new L2PenalizedLoss(
                                new L2PenalizedLoss(new MeanSquaredError(), block, 0.01f, "^01"),
                                block,
                                0.02f,
                                "_weight$"),
                data.labels());
    }

    @Test
    void writesOutAPenaltyOfTheCrossEntropy() throws Exception {
        requireSame(
                Network.ACTIVATIONS,
                block ->
                        new L2PenalizedLoss(
                                new SoftmaxCrossEntropyLoss(), block, 0.01f, "_weight$"),
                data.labels().argMax(1));
    }

    /** Such as by labels that nobody checked: nothing is copied out before the last batch. */
    @Test
    void aCallThatEndsByAnErrorChangesNothing() throws Exception {
        NDArray labels = data.labels().argMax(1);
        long[] numbers = labels.toLongArray();
        numbers[ROWS - 1] = OUTPUTS;
        NDArray wrong = manager.create(numbers, labels.getShape());
        try (Twins twins =
                twins(
                        () -> Network.ACTIVATIONS.add(new SequentialBlock()),
                        block -> new SoftmaxCrossEntropyLoss())) {
            Twins.Side side = twins.compiled();
            Map<String, NDArray> weights = new LinkedHashMap<>();
            side.block()
                    .getParameters()
                    .forEach(p -> weights.put(p.getValue().getId(), p.getValue().getArray()));
            UpdatePlan plan = side.optimizer().plan(weights);
            try (PtEpochProgram program =
                    PtEpochProgram.of(side.block(), side.trainer().getLoss(), plan)) {
                assertThatExceptionOfType(EngineException.class)
                        .isThrownBy(() -> program.run(plan, data.features(), wrong, BATCH))
                        .withMessageContaining("out of bounds");
            }

            assertThat(twins.largestDifference()).isZero();
            train(twins, labels, 2, TOLERANCE);
        }
    }

    /** A layer that comes twice has the sum of the gradients of both, and one penalty. */
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
        for (Function<Block, Loss> loss :
                List.<Function<Block, Loss>>of(
                        block -> new MeanSquaredError(),
                        block ->
                                new L2PenalizedLoss(
                                        new MeanSquaredError(), block, 0.02f, "_weight$"))) {
            try (Twins twins = twins(network, loss)) {
                train(twins, data.labels(), 8, TOLERANCE);
            }
        }
    }

    private Twins twins(Supplier<Block> network, Function<Block, Loss> loss) throws Exception {
        return twins(DataType.FLOAT64, network, loss);
    }

    private Twins twins(DataType type, Supplier<Block> network, Function<Block, Loss> loss)
            throws Exception {
        return new Twins(
                manager.getDevice(),
                type,
                network,
                OptimizerCase.CAADAM_ADDITIVE::create,
                loss,
                BATCH,
                new Shape(WIDTH),
                Trainers.FUSED);
    }
}
