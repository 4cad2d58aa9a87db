// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.Networks;
import io.github.caadam.Trainers;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.training.BestWeights;
import io.github.caadam.training.CompiledEpoch;
import io.github.caadam.training.MeanSquaredError;
import io.github.caadam.training.PlateauTracker;
import io.github.caadam.training.ResidualBlock;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The compiled epoch on MLPs, for which gradients are written out. */
class CompiledEpochTest {

    /** Ten steps an epoch, the last one on fewer rows. */
    private static final int ROWS = 310;

    private static final int BATCH = 32;
    private static final int WIDTH = 6;
    private static final int OUTPUTS = 2;

    /** Single precision's relative spacing is 6e-8 to 1.2e-7, weights are around 1. */
    private static final double WEIGHT_TOLERANCE = 5e-6;

    /**
     * Spacings of double precision are 1.1e-16 to 2.2e-16. A learning rate or a decay that is wrong
     * by a millionth of itself moves weights by 2e-9 in one step.
     */
    private static final double DOUBLE_TOLERANCE = 1e-12;

    private static final double LOSS_TOLERANCE = 1e-6;

    private final NDManager manager = NDManager.newBaseManager("PyTorch");
    private final TestData data = TestData.regression(manager, ROWS, WIDTH, OUTPUTS);

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @MethodSource("io.github.caadam.pytorch.OptimizerCase#all")
    void makesTheStepsOfTheEagerLoop(OptimizerCase optimizer) throws Exception {
        try (Twins twins = twins(optimizer::create)) {
            assertSameTraining(twins, 0, 20);

            assertThat(twins.largestDifference()).isLessThan(WEIGHT_TOLERANCE);
            assertThat(twins.epoch().evaluate(data.features(), data.labels()))
                    .isCloseTo(
                            twins.eager().evaluateEagerly(data.features(), data.labels()),
                            within(LOSS_TOLERANCE));
            assertThat(twins.epoch().source()).doesNotContain("autograd");
        }
    }

    /**
     * Both call the same kernels on the same numbers, but products and sums are grouped otherwise;
     * in double precision nothing but an error shows.
     */
    @ParameterizedTest
    @MethodSource("io.github.caadam.pytorch.OptimizerCase#all")
    void makesTheStepsOfAFusedTrainer(OptimizerCase optimizer) throws Exception {
        Supplier<Block> network = () -> Networks.mlp(16, 8, OUTPUTS);
        try (Twins twins =
                new Twins(
                        manager.getDevice(),
                        DataType.FLOAT64,
                        network,
                        optimizer::create,
                        block -> new MeanSquaredError(),
                        BATCH,
                        new Shape(WIDTH),
                        Trainers.FUSED)) {
            TestData doubles = data.doubles();
            for (int epoch = 0; epoch < 20; epoch++) {
                int[] order = TestData.order(ROWS, epoch);
                twins.eager().trainEagerly(doubles.features(), doubles.labels(), order);
                twins.epoch().run(doubles.features(), doubles.labels(), order);
            }

            assertThat(twins.largestDifference()).isLessThan(DOUBLE_TOLERANCE);
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.caadam.pytorch.OptimizerCase#all")
    void takesTurnsWithTheEagerLoop(OptimizerCase optimizer) throws Exception {
        try (Twins twins = twins(optimizer::create)) {
            for (int epoch = 0; epoch < 6; epoch++) {
                int[] order = TestData.order(ROWS, epoch);
                trainEagerly(twins.eager(), order);
                if (epoch % 2 == 0) {
                    twins.epoch().run(data.features(), data.labels(), order);
                } else {
                    trainEagerly(twins.compiled(), order);
                }
            }

            assertThat(twins.largestDifference()).isLessThan(WEIGHT_TOLERANCE);
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.caadam.pytorch.OptimizerCase#optimizers")
    void whatItTrainedIsSavedAndLoaded(OptimizerCase optimizer, @TempDir Path directory)
            throws Exception {
        try (Twins twins = twins(optimizer::create)) {
            assertSameTraining(twins, 0, 3);
            twins.compiled().optimizer().save(directory.resolve("optimizer.npz"));
            twins.compiled().model().save(directory, "model");
            try (Twins resumed = twins(optimizer::create)) {
                resumed.compiled().model().load(directory, "model");
                resumed.compiled().optimizer().load(directory.resolve("optimizer.npz"));
                for (int epoch = 3; epoch < 6; epoch++) {
                    int[] order = TestData.order(ROWS, epoch);
                    twins.epoch().run(data.features(), data.labels(), order);
                    resumed.epoch().run(data.features(), data.labels(), order);
                }
                assertThat(Networks.values(resumed.compiled().block()))
                        .containsExactlyElementsOf(Networks.values(twins.compiled().block()));
            }
        }
    }

    @Test
    void sameOrderGivesBitIdenticalWeights() throws Exception {
        Function<Block, StatefulOptimizer> optimizer = OptimizerCase.CAADAM_ADDITIVE::create;
        try (Twins first = twins(optimizer);
                Twins second = twins(optimizer)) {
            for (int epoch = 0; epoch < 5; epoch++) {
                int[] order = TestData.order(ROWS, epoch);
                assertThat(second.epoch().run(data.features(), data.labels(), order))
                        .isEqualTo(first.epoch().run(data.features(), data.labels(), order));
            }
            assertThat(Networks.values(second.compiled().block()))
                    .containsExactlyElementsOf(Networks.values(first.compiled().block()));
        }
    }

    @Test
    void parametersMayBeFrozenAndUnfrozen() throws Exception {
        try (Twins twins = twins(OptimizerCase.CAADAM_ADDITIVE::create)) {
            assertSameTraining(twins, 0, 2);
            freeze(twins, "01Linear_weight", true);
            freeze(twins, "03Linear_bias", true);
            float[] frozen = twins.compiled().parameter("01Linear_weight").toFloatArray();
            assertSameTraining(twins, 2, 4);
            assertThat(twins.compiled().parameter("01Linear_weight").toFloatArray())
                    .isEqualTo(frozen);
            freeze(twins, "01Linear_bias", true);
            assertSameTraining(twins, 4, 6);
            freeze(twins, "01Linear_weight", false);
            freeze(twins, "01Linear_bias", false);
            assertSameTraining(twins, 6, 8);

            assertThat(twins.largestDifference()).isLessThan(WEIGHT_TOLERANCE);
        }
    }

    private static void freeze(Twins twins, String path, boolean frozen) {
        for (Twins.Side side : new Twins.Side[] {twins.eager(), twins.compiled()}) {
            side.block().getParameters().get(path).freeze(frozen);
        }
    }

    @Test
    void withEverythingFrozenThereIsNothingToTrain() throws Exception {
        try (Twins twins = twins(OptimizerCase.ADAM::create)) {
            twins.compiled().block().freezeParameters(true);
            assertThatIllegalStateException()
                    .isThrownBy(() -> runOnce(twins))
                    .withMessageContaining("nothing to train");
        }
    }

    @Test
    void restoredWeightsAreTrainedOn() throws Exception {
        try (Twins twins = twins(OptimizerCase.ADAM::create);
                BestWeights eagerBest = new BestWeights(twins.eager().block());
                BestWeights compiledBest = new BestWeights(twins.compiled().block())) {
            eagerBest.capture();
            compiledBest.capture();
            assertSameTraining(twins, 0, 2);
            eagerBest.restore();
            compiledBest.restore();
            assertSameTraining(twins, 2, 4);

            assertThat(twins.largestDifference()).isLessThan(WEIGHT_TOLERANCE);
        }
    }

    @Test
    void fallingLearningRateNeedsNoOtherProgram() throws Exception {
        PlateauTracker tracker = PlateauTracker.builder().setBaseValue(0.01f).build();
        try (Twins twins =
                twins(
                        block ->
                                CaAdam.builder()
                                        .setBlock(block)
                                        .setScaling(ScalingStrategy.none())
                                        .optLearningRateTracker(tracker)
                                        .build())) {
            runOnce(twins);
            String source = twins.epoch().source();
            for (int i = 0; i < 20; i++) {
                tracker.update(1);
            }
            runOnce(twins);

            assertThat(tracker.value()).isLessThan(0.01f);
            assertThat(twins.epoch().source()).isSameAs(source);
        }
    }

    @Test
    void factorsAndRatesStandInTheArgumentsNotInTheProgram() throws Exception {
        try (Twins one = twins(block -> caAdam(block, 0.5));
                Twins other = twins(block -> caAdam(block, 0.25))) {
            runOnce(one);
            runOnce(other);

            assertThat(other.epoch().source()).isEqualTo(one.epoch().source());
        }
    }

    private static CaAdam caAdam(Block block, double factor) {
        return CaAdam.builder()
                .setBlock(block)
                .setScaling(ScalingStrategy.none().overriding("^03", factor))
                .optLearningRateTracker(Tracker.fixed((float) factor))
                .build();
    }

    @Test
    void ordersOfOtherLengthsAreTrainedOn() throws Exception {
        try (Twins twins = twins(OptimizerCase.ADAM::create)) {
            for (int rows : new int[] {1, BATCH, BATCH + 1, 3}) {
                int[] order = TestData.order(rows, rows);
                double eager = trainEagerly(twins.eager(), order);

                assertThat(twins.epoch().run(data.features(), data.labels(), order))
                        .isCloseTo(eager, within(LOSS_TOLERANCE));
            }
            assertThat(twins.largestDifference()).isLessThan(WEIGHT_TOLERANCE);
        }
    }

    @Test
    void rowsAndDataAreChecked() throws Exception {
        try (Twins twins = twins(OptimizerCase.ADAM::create)) {
            CompiledEpoch epoch = twins.epoch();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> epoch.run(data.features(), data.labels(), new int[0]))
                    .withMessageContaining("no rows");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> epoch.run(data.features(), data.labels(), new int[] {ROWS}))
                    .withMessageContaining("row " + ROWS);
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () ->
                                    epoch.evaluate(
                                            data.features(), manager.zeros(new Shape(3, OUTPUTS))))
                    .withMessageContaining("same number of rows");
        }
    }

    @Test
    void closedEpochsRefuseToRun() throws Exception {
        try (Twins twins = twins(OptimizerCase.ADAM::create)) {
            twins.epoch().close();
            twins.epoch().close();
            assertThatIllegalStateException()
                    .isThrownBy(() -> runOnce(twins))
                    .withMessageContaining("closed");
        }
    }

    @Test
    void evaluationInPiecesIsTheEvaluationOfTheWhole() throws Exception {
        int rows = 200_000;
        TestData many = TestData.regression(manager, rows, WIDTH, OUTPUTS);
        try (Twins twins = twins(OptimizerCase.ADAM::create)) {
            // Single precision sums 400,000 squares here, in another order.
            assertThat(twins.epoch().evaluate(many.features(), many.labels()))
                    .isCloseTo(
                            twins.eager().evaluateEagerly(many.features(), many.labels()),
                            within(1e-5));
        }
    }

    /** A chain this wide is evaluated by 256 rows. */
    @Test
    void everyRowOfAWideChainIsEvaluatedOnce() throws Exception {
        Supplier<Block> network =
                () ->
                        new SequentialBlock()
                                .add(Linear.builder().setUnits(600).build())
                                .add(Activation.reluBlock())
                                .add(Linear.builder().setUnits(OUTPUTS).build());
        try (Twins twins =
                new Twins(
                        manager.getDevice(),
                        network,
                        OptimizerCase.ADAM::create,
                        block -> new MeanSquaredError(),
                        BATCH,
                        new Shape(WIDTH))) {
            for (int rows : new int[] {1, 255, 256, 257, 512, 769}) {
                TestData some = TestData.regression(manager, rows, WIDTH, OUTPUTS);
                double expected = twins.eager().evaluateEagerly(some.features(), some.labels());

                assertThat(twins.epoch().evaluate(some.features(), some.labels()))
                        .as("%d rows", rows)
                        .isCloseTo(expected, within(LOSS_TOLERANCE * Math.max(1, expected)));
            }
        }
    }

    /** Values take the place of what a layer made, never of the rows or of what is used again. */
    @Test
    void evaluationLeavesRowsAndWhatIsUsedAgainAlone() throws Exception {
        Supplier<Block> network =
                () ->
                        new SequentialBlock()
                                .add(Activation.tanhBlock())
                                .add(Linear.builder().setUnits(WIDTH).build())
                                .add(
                                        new ResidualBlock(
                                                new SequentialBlock()
                                                        .add(
                                                                Linear.builder()
                                                                        .setUnits(WIDTH)
                                                                        .build())
                                                        .add(Activation.reluBlock()),
                                                Blocks.identityBlock()))
                                .add(Activation.sigmoidBlock())
                                .add(Linear.builder().setUnits(OUTPUTS).build());
        float[] rows = data.features().toFloatArray();
        try (Twins twins =
                new Twins(
                        manager.getDevice(),
                        network,
                        OptimizerCase.ADAM::create,
                        block -> new MeanSquaredError(),
                        BATCH,
                        new Shape(WIDTH))) {
            double expected = twins.eager().evaluateEagerly(data.features(), data.labels());
            for (int i = 0; i < 2; i++) {
                assertThat(twins.epoch().evaluate(data.features(), data.labels()))
                        .isCloseTo(expected, within(LOSS_TOLERANCE));
            }
            assertThat(data.features().toFloatArray()).isEqualTo(rows);
        }
    }

    private Twins twins(Function<Block, StatefulOptimizer> optimizer) throws Exception {
        Supplier<Block> network = () -> Networks.mlp(16, 8, OUTPUTS);
        return new Twins(
                manager.getDevice(),
                network,
                optimizer,
                block -> new MeanSquaredError(),
                BATCH,
                new Shape(WIDTH));
    }

    private void assertSameTraining(Twins twins, int from, int to) {
        for (int epoch = from; epoch < to; epoch++) {
            int[] order = TestData.order(ROWS, epoch);
            double eager = trainEagerly(twins.eager(), order);
            assertThat(twins.epoch().run(data.features(), data.labels(), order))
                    .isCloseTo(eager, within(LOSS_TOLERANCE));
        }
    }

    private double trainEagerly(Twins.Side side, int[] order) {
        return side.trainEagerly(data.features(), data.labels(), order);
    }

    private void runOnce(Twins twins) {
        twins.epoch().run(data.features(), data.labels(), TestData.order(ROWS, 0));
    }
}
