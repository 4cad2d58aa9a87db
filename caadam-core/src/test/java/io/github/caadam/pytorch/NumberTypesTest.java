// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.Networks;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.spi.NotAcceleratedException;
import io.github.caadam.training.CompiledEpoch;
import io.github.caadam.training.MeanSquaredError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Weights of single and double precision, of half, and of no elements. */
class NumberTypesTest {

    private static final int ROWS = 76;
    private static final int BATCH = 16;
    private static final int WIDTH = 4;

    /**
     * In double precision, numbers of a step may be rounded to single: 20 steps of 0.002, each off
     * by 6e-8 of itself, come to 2.4e-9, and half as much again for what follows from it.
     */
    static final double DOUBLE_TOLERANCE = 2e-8;

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final TestData data = TestData.regression(manager, ROWS, WIDTH, 2);

    private static Block network() {
        return smooth(new SequentialBlock());
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private static SequentialBlock smooth(SequentialBlock start) {
        return start.add(Linear.builder().setUnits(6).build())
                .add(Activation.tanhBlock())
                .add(Linear.builder().setUnits(2).build());
    }

    private static CaAdam concentrated(Block block) {
        return CaAdam.builder()
                .setBlock(block)
                .setScaling(ScalingStrategy.gradientConcentration(1))
                .optLearningRateTracker(Tracker.fixed(0.002f))
                .build();
    }

    @ParameterizedTest
    @MethodSource("io.github.caadam.pytorch.OptimizerCase#optimizers")
    void doublesAreTrainedTheSameInAllExecutions(OptimizerCase optimizer) {
        requireSameDoubles(NumberTypesTest::network, optimizer::create);
    }

    @ParameterizedTest
    @MethodSource("io.github.caadam.pytorch.OptimizerCase#optimizers")
    void doublesInAChainOfReluAreTrainedTheSameInAllExecutions(OptimizerCase optimizer) {
        requireSameDoubles(() -> Networks.mlp(6, 2), optimizer::create);
    }

    /** What makes a step needs no fused or compiled one here, as these have no such factors. */
    @Test
    void doublesAreTrainedByTheirGradientsConcentrationAsSinglesAre() {
        try (Executions singles = executions(DataType.FLOAT32, NumberTypesTest::concentrated);
                Executions doubles = executions(DataType.FLOAT64, NumberTypesTest::concentrated)) {
            int[] order = TestData.order(ROWS, 1);
            TestData twice = data.doubles();
            singles.eager().trainEagerly(data.features(), data.labels(), order);
            doubles.eager().trainEagerly(twice.features(), twice.labels(), order);

            requireClose(doubles.eager(), singles.eager());
        }
    }

    @Test
    void aFusedTrainerFallsBackForDoublesToo() {
        try (Executions executions = executions(DataType.FLOAT64, NumberTypesTest::concentrated)) {
            executions.train(data.doubles(), 2).requireSame(DOUBLE_TOLERANCE);

            assertThat(executions.fallbackReason()).isPresent();
        }
    }

    private void requireSameDoubles(
            Supplier<Block> network, Function<Block, StatefulOptimizer> optimizer) {
        try (Executions executions =
                new Executions(
                        DataType.FLOAT64,
                        network,
                        optimizer,
                        block -> new MeanSquaredError(),
                        BATCH,
                        new Shape(WIDTH))) {
            executions.train(data.doubles(), 2).requireSame(DOUBLE_TOLERANCE);

            executions.each(
                    side ->
                            assertThat(side.block().getParameters().values())
                                    .allSatisfy(
                                            parameter ->
                                                    assertThat(parameter.getArray().getDataType())
                                                            .isEqualTo(DataType.FLOAT64)));
        }
    }

    /** A double is more precise, but the same training. */
    @Test
    void doublesAreTrainedAsSinglesAre() {
        try (Executions singles = executions(DataType.FLOAT32);
                Executions doubles = executions(DataType.FLOAT64)) {
            singles.train(data, 4);
            doubles.train(data.doubles(), 4);

            requireClose(doubles.eager(), singles.eager());
            requireClose(doubles.fused(), singles.fused());
        }
    }

    /** Within what single precision rounds in 20 steps. */
    private static void requireClose(Twins.Side doubles, Twins.Side singles) {
        for (String path : singles.block().getParameters().keys()) {
            assertThat(Executions.difference(singles.parameter(path), doubles.parameter(path)))
                    .as(path)
                    .isLessThan(Executions.TOLERANCE);
        }
    }

    private static Executions executions(DataType type) {
        return executions(type, OptimizerCase.CAADAM_ADDITIVE::create);
    }

    private static Executions executions(
            DataType type, Function<Block, StatefulOptimizer> optimizer) {
        return new Executions(
                type,
                NumberTypesTest::network,
                optimizer,
                block -> new MeanSquaredError(),
                BATCH,
                new Shape(WIDTH));
    }

    @ParameterizedTest
    @MethodSource("io.github.caadam.pytorch.OptimizerCase#optimizers")
    void halvesAreRefusedBeforeAnythingIsWritten(OptimizerCase optimizer) {
        // DJL 0.36.0 ends the whole process where PyTorch is asked for bfloat16.
        DataType type = DataType.FLOAT16;
        Block block = new SequentialBlock().add(Linear.builder().setUnits(3).build());
        block.setInitializer(Initializer.ONES, parameter -> true);
        block.initialize(manager, type, new Shape(1, 4));
        try (StatefulOptimizer created = optimizer.create(block)) {
            Parameter first = block.getParameters().valueAt(0);
            NDArray gradient = manager.ones(first.getShape()).toType(type, false);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> created.update(first.getId(), first.getArray(), gradient))
                    .withMessageMatching("(?is).*float16.*");
            assertThat(Executions.values(first.getArray())).containsOnly(1);
        }
    }

    @Test
    void halvesAreNotCompiled() {
        Block block = new SequentialBlock().add(Linear.builder().setUnits(2).build());
        block.setInitializer(Initializer.ONES, parameter -> true);
        block.initialize(manager, DataType.FLOAT16, new Shape(1, WIDTH));
        try (StatefulOptimizer optimizer = OptimizerCase.ADAM.create(block)) {
            assertThatThrownBy(
                            () -> {
                                try (CompiledEpoch epoch =
                                        CompiledEpoch.compile(
                                                block, new MeanSquaredError(), optimizer, BATCH)) {
                                    epoch.run(
                                            data.features().toType(DataType.FLOAT16, true),
                                            data.labels().toType(DataType.FLOAT16, true),
                                            TestData.order(ROWS, 1));
                                }
                            })
                    .isInstanceOfAny(IllegalArgumentException.class, NotAcceleratedException.class);
            assertThat(Executions.values(block.getParameters().valueAt(0).getArray()))
                    .containsOnly(1);
        }
    }

    /** The parameter without elements comes first. */
    @ParameterizedTest
    @MethodSource("io.github.caadam.pytorch.OptimizerCase#optimizers")
    void aParameterOfNoElementsChangesNothing(OptimizerCase optimizer) {
        requireSameWithNothing(optimizer::create);
    }

    @Test
    void aParameterOfNoElementsHasAFactorByItsGradientsConcentration() {
        requireSameWithNothing(NumberTypesTest::concentrated);
    }

    private void requireSameWithNothing(Function<Block, StatefulOptimizer> optimizer) {
        Supplier<Block> network =
                () -> smooth(new SequentialBlock().add(new RandomNetwork.EmptyPart()));
        try (Executions executions =
                new Executions(
                        network,
                        optimizer,
                        block -> new MeanSquaredError(),
                        BATCH,
                        new Shape(WIDTH))) {
            executions.train(data, 2).requireSame(Executions.TOLERANCE);

            assertThat(executions.refusal())
                    .hasValueSatisfying(
                            refusal ->
                                    assertThat(refusal)
                                            .containsAnyOf("EmptyPart", "depend on the gradient"));
        }
    }

    /** A layer of no inputs is a dense layer still. */
    @ParameterizedTest
    @MethodSource("io.github.caadam.pytorch.OptimizerCase#optimizers")
    void aLayerOfNoInputsIsTrainedTheSameInAllExecutions(OptimizerCase optimizer) {
        TestData nothing = new TestData(manager.zeros(new Shape(ROWS, 0)), data.labels());
        Supplier<Block> network =
                () -> {
                    SequentialBlock block = smooth(new SequentialBlock());
                    block.setInitializer(Initializer.ZEROS, parameter -> true);
                    return block;
                };
        try (Executions executions =
                new Executions(
                        network,
                        optimizer::create,
                        block -> new MeanSquaredError(),
                        BATCH,
                        new Shape(0))) {
            executions.train(nothing, 2).requireSame(Executions.TOLERANCE);
        }
    }

    /** Refused, or converted: but never mixed, and never found out in a later step. */
    @Test
    void stateOfDoublesIsNotMixedWithSingles(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("doubles.npz");
        try (Executions doubles = executions(DataType.FLOAT64);
                Executions singles = executions(DataType.FLOAT32)) {
            doubles.train(data.doubles(), 2);
            doubles.eager().optimizer().save(file);
            boolean refused = false;
            for (Twins.Side side :
                    new Twins.Side[] {singles.eager(), singles.fused(), singles.whole()}) {
                try {
                    side.optimizer().load(file);
                } catch (IllegalArgumentException e) {
                    refused = true;
                    assertThat(e).hasMessageMatching("(?is).*(float64|double).*");
                }
            }
            singles.train(data, 2).requireSame(Executions.TOLERANCE);
            if (!refused) {
                Path again = directory.resolve("singles.npz");
                singles.fused().optimizer().save(again);
                assertThat(Files.size(again)).isLessThan(Files.size(file));
            }
        }
    }
}
