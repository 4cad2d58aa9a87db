// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.loss.Loss;
import io.github.caadam.Networks;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.spi.NotAcceleratedException;
import io.github.caadam.training.CompiledEpoch;
import io.github.caadam.training.MeanSquaredError;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CompilerRefusalsTest {

    private static final Shape INPUT = new Shape(4, 3);

    @ParameterizedTest
    @MethodSource("unknownBlocks")
    void namesTheFirstBlockThatItDoesNotKnow(Block block, String path, String reason) {
        assertThatExceptionOfType(NotAcceleratedException.class)
                .isThrownBy(() -> compile(block, new MeanSquaredError(), ScalingStrategy.none()))
                .satisfies(e -> assertThat(e.part()).isEqualTo(path))
                .withMessageContaining(reason);
    }

    private static Stream<Arguments> unknownBlocks() {
        return Stream.of(
                Arguments.of(
                        new SequentialBlock().add(linear()).add(LayerNorm.builder().build()),
                        "02LayerNorm",
                        "LayerNorm"),
                Arguments.of(
                        new SequentialBlock()
                                .add(linear())
                                .add(new SequentialBlock().add(linear()).add(new ReluInName())),
                        "02SequentialBlock/02ReluInName",
                        "ReluInName"),
                Arguments.of(
                        new SequentialBlock()
                                .add(new LambdaBlock(x -> new NDList(x.head().neg()), "ReLU"))
                                .add(linear()),
                        "01LambdaBlock",
                        "the function \"ReLU\" is none that the compiler knows"),
                Arguments.of(
                        new SequentialBlock()
                                .add(
                                        LambdaBlock.singleton(
                                                array -> Activation.relu(array).neg(), "ReLU"))
                                .add(linear()),
                        "01LambdaBlock",
                        "\"ReLU\""),
                Arguments.of(
                        new ParallelBlock(outputs -> outputs.get(0), List.of(linear())),
                        "the block",
                        "ParallelBlock"),
                Arguments.of(
                        new SequentialBlock().add(linear()).setReturnIntermediate(true),
                        "the block",
                        "all its children"),
                Arguments.of(
                        new SequentialBlock() {}.add(linear()),
                        "the block",
                        "CompilerRefusalsTest$1"),
                Arguments.of(
                        new SequentialBlock().add(Activation.reluBlock()),
                        "the block",
                        "no parameters"));
    }

    /** A block of the user's, which happens to extend one of DJL's. */
    private static final class ReluInName extends LambdaBlock {
        ReluInName() {
            super(Activation::relu, "ReLU");
        }
    }

    @Test
    void namesTheLoss() {
        assertThatExceptionOfType(NotAcceleratedException.class)
                .isThrownBy(() -> compile(linear(), Loss.l1Loss(), ScalingStrategy.none()))
                .satisfies(e -> assertThat(e.part()).isEqualTo("loss"))
                .withMessageContaining("L1Loss");
    }

    @Test
    void namesTheOptimizer() {
        assertThatExceptionOfType(NotAcceleratedException.class)
                .isThrownBy(
                        () ->
                                compile(
                                        linear(),
                                        new MeanSquaredError(),
                                        ScalingStrategy.gradientConcentration(1)))
                .satisfies(e -> assertThat(e.part()).isEqualTo("optimizer"))
                .satisfies(e -> assertThat(e.reason()).contains("depend on the gradient"));
    }

    @Test
    void blocksAreToBeInitializedFirst() {
        Block block = Networks.mlp(2, 1);
        try (CaAdam optimizer = optimizer(block, ScalingStrategy.none())) {
            assertThatIllegalStateException()
                    .isThrownBy(
                            () ->
                                    CompiledEpoch.compile(
                                            block, new MeanSquaredError(), optimizer, 1))
                    .withMessageContaining("Initialize the block first");
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () ->
                                    CompiledEpoch.compile(
                                            block, new MeanSquaredError(), optimizer, 0))
                    .withMessageContaining("batch size");
        }
    }

    private static Linear linear() {
        return Linear.builder().setUnits(2).build();
    }

    private static void compile(Block block, Loss loss, ScalingStrategy scaling)
            throws NotAcceleratedException {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                CaAdam optimizer = optimizer(block, scaling)) {
            block.initialize(manager, DataType.FLOAT32, INPUT);
            CompiledEpoch.compile(block, loss, optimizer, 4).close();
        }
    }

    private static CaAdam optimizer(Block block, ScalingStrategy scaling) {
        return CaAdam.builder().setBlock(block).setScaling(scaling).build();
    }
}
