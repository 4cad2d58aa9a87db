// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.metric.Metrics;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.initializer.ConstantInitializer;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.ParameterTracker;
import ai.djl.training.tracker.Tracker;
import ai.djl.util.PairList;
import io.github.caadam.Logs;
import io.github.caadam.Networks;
import io.github.caadam.Trainers;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.optimizer.Lion;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.pytorch.OptimizerCase;
import io.github.caadam.scaling.ScalingStrategy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class FusedTrainerTest {

    private static final int STEPS = 200;

    /**
     * Relative to a parameter's largest value, or to 1. Both ways round, each operation by up to
     * 6e-8 of its result, and 200 steps of training carry that on: up to 1e-5 was seen.
     */
    private static final double TOLERANCE = 2e-5;

    @TempDir private Path directory;

    static Stream<Arguments> trainings() {
        return OptimizerCase.all()
                .flatMap(
                        optimizer ->
                                Stream.of(SmallTraining.Network.values())
                                        .map(network -> Arguments.of(optimizer, network)));
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void weightsAreThoseOfStepsParameterByParameter(
            OptimizerCase optimizer, SmallTraining.Network network) {
        requireSameWeights(
                network.block(), network.block(), network.input(), Device.cpu(), optimizer);
    }

    /** As above, where there is a GPU. */
    @ParameterizedTest
    @MethodSource("trainings")
    void weightsOnGpuAreThoseOfStepsParameterByParameter(
            OptimizerCase optimizer, SmallTraining.Network network) {
        assumeThat(Engine.getEngine("PyTorch").getGpuCount()).as("number of GPUs").isPositive();
        requireSameWeights(
                network.block(), network.block(), network.input(), Device.gpu(), optimizer);
    }

    private static void requireSameWeights(
            Block stock, Block fused, Shape input, Device device, OptimizerCase optimizer) {
        try (SmallTraining expected =
                        new SmallTraining(
                                stock, input, device, optimizer::create, SmallTraining.STOCK);
                SmallTraining actual =
                        new SmallTraining(
                                fused, input, device, optimizer::create, Trainers.FUSED)) {
            requireClose(actual.steps(STEPS).weights(), expected.steps(STEPS).weights());
            assertThat(actual.fused().fallbackReason()).isEmpty();
        }
    }

    private static void requireClose(List<float[]> actual, List<float[]> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            float largest = 1;
            for (float value : expected.get(i)) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertThat(actual.get(i))
                    .as("parameter %d", i)
                    .containsExactly(expected.get(i), within((float) (TOLERANCE * largest)));
        }
    }

    /** Trains an MLP both ways, lets something happen before each step, and compares. */
    private static void requireSameWeights(
            Function<Block, ? extends Optimizer> optimizers,
            BiConsumer<SmallTraining, Integer> beforeStep) {
        List<List<float[]>> weights = new ArrayList<>();
        for (boolean fused : new boolean[] {false, true}) {
            try (SmallTraining training =
                    new SmallTraining(
                            SmallTraining.Network.MLP,
                            optimizers,
                            fused ? Trainers.FUSED : SmallTraining.STOCK)) {
                for (int step = 0; step < STEPS; step++) {
                    beforeStep.accept(training, step);
                    training.steps(1);
                }
                weights.add(training.weights());
            }
        }
        requireClose(weights.get(1), weights.get(0));
    }

    @ParameterizedTest
    @MethodSource("io.github.caadam.pytorch.OptimizerCase#all")
    void takesTurnsWithStepsParameterByParameter(OptimizerCase optimizer) {
        try (SmallTraining expected =
                        new SmallTraining(
                                SmallTraining.Network.MLP, optimizer::create, SmallTraining.STOCK);
                SmallTraining actual =
                        new SmallTraining(
                                SmallTraining.Network.MLP, optimizer::create, Trainers.FUSED);
                Trainer other = actual.model().newTrainer(actual.config())) {
            other.initialize(SmallTraining.Network.MLP.input());
            expected.steps(STEPS);
            for (int i = 0; i < STEPS / 20; i++) {
                actual.steps(10).steps(10, other);
            }

            requireClose(actual.weights(), expected.weights());
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.caadam.pytorch.OptimizerCase#all")
    void goesOnExactlyFromASavedOptimizer(OptimizerCase optimizer) throws Exception {
        Path file = directory.resolve("optimizer.npz");
        List<float[]> before;
        List<float[]> whole;
        try (SmallTraining training =
                new SmallTraining(SmallTraining.Network.MLP, optimizer::create, Trainers.FUSED)) {
            before = training.steps(50).weights();
            ((StatefulOptimizer) training.optimizer()).save(file);
            whole = training.steps(50).weights();
        }

        try (SmallTraining training =
                new SmallTraining(SmallTraining.Network.MLP, optimizer::create, Trainers.FUSED)) {
            training.steps(10);
            ((StatefulOptimizer) training.optimizer()).load(file);
            training.setWeights(before);

            assertThat(training.steps(50).weights()).containsExactlyElementsOf(whole);
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.caadam.pytorch.OptimizerCase#optimizers")
    void followsWhatIsFrozenAndUnfrozen(OptimizerCase optimizer) {
        requireSameWeights(
                optimizer::create,
                (training, step) -> {
                    Block first = training.block().getChildren().valueAt(0);
                    if (step == 50 || step == 100) {
                        first.freezeParameters(step == 50);
                    }
                    if (step == 150 || step == 170) {
                        training.block().freezeParameters(step == 150);
                        first.freezeParameters(false);
                    }
                });
    }

    @Test
    void nothingMovesWhileEverythingIsFrozen() {
        try (SmallTraining training =
                new SmallTraining(
                        SmallTraining.Network.MLP,
                        OptimizerCase.CAADAM_ADDITIVE::create,
                        Trainers.FUSED)) {
            List<float[]> before = training.steps(3).weights();
            training.block().freezeParameters(true);
            training.trainer().step();

            assertThat(training.weights()).containsExactlyElementsOf(before);
            assertThat(training.fused().fallbackReason()).isEmpty();
        }
    }

    /** A second layer that joins in the middle; before, weight decay alone moves it. */
    @Test
    void updatesParametersThatHaveNoGradientYet() {
        Function<Block, Optimizer> optimizers =
                block ->
                        CaAdam.builder()
                                .setBlock(block)
                                .setScaling(ScalingStrategy.additive())
                                .optLearningRateTracker(Tracker.fixed(0.01f))
                                .optDecoupledWeightDecay(0.1f)
                                .optDecayExclusions()
                                .build();
        List<List<float[]>> weights = new ArrayList<>();
        for (boolean fused : new boolean[] {false, true}) {
            TwoHeads block = new TwoHeads();
            try (SmallTraining training =
                    new SmallTraining(
                            block,
                            new Shape(16, 4),
                            Device.cpu(),
                            optimizers,
                            fused ? Trainers.FUSED : SmallTraining.STOCK)) {
                training.steps(40);
                block.both = true;
                weights.add(training.steps(40).weights());
            }
        }

        requireClose(weights.get(1), weights.get(0));
    }

    @Test
    void followsAHeadThatIsReplaced() {
        requireSameWeights(
                OptimizerCase.NADAM::create,
                (training, step) -> {
                    if (step == 50) {
                        Block head = Linear.builder().setUnits(1).build();
                        head.setInitializer(new ConstantInitializer(0.1f), parameter -> true);
                        head.initialize(
                                training.trainer().getManager(), DataType.FLOAT32, new Shape(1, 4));
                        ((SequentialBlock) training.block()).replaceLastBlock(head);
                    }
                });
    }

    @Test
    void regroupsWhenLearningRatesPart() {
        requireSameWeights(
                block ->
                        CaAdam.builder()
                                .setBlock(block)
                                .setScaling(ScalingStrategy.none())
                                .optLearningRateTracker(new Parting(block))
                                .build(),
                (training, step) -> {});
    }

    /** Whatever the engine reads from Java's memory would be gone then. */
    @Test
    void garbageCollectionsChangeNothing() {
        requireSameWeights(
                OptimizerCase.CAADAM_ADDITIVE::create,
                (training, step) -> {
                    if (step % 20 == 5) {
                        System.gc();
                        for (int i = 0; i < 1000; i++) {
                            ByteBuffer.allocateDirect(8).putDouble(Double.NaN);
                        }
                    }
                });
    }

    @Test
    void servesEasyTrain() throws Exception {
        List<List<float[]>> weights = new ArrayList<>();
        for (boolean fused : new boolean[] {false, true}) {
            try (SmallTraining training =
                    new SmallTraining(
                            SmallTraining.Network.MLP,
                            OptimizerCase.CAADAM_ADDITIVE::create,
                            fused ? Trainers.FUSED : SmallTraining.STOCK)) {
                training.trainer().setMetrics(new Metrics());
                EasyTrain.fit(training.trainer(), 25, training.dataset(), training.dataset());
                weights.add(training.weights());
                assertThat(training.trainer().getMetrics().getMetric("step")).hasSize(100);
            }
        }

        requireClose(weights.get(1), weights.get(0));
    }

    @Test
    void refusesAFirstStepWithoutGradients() {
        try (SmallTraining training =
                new SmallTraining(
                        SmallTraining.Network.MLP,
                        OptimizerCase.CAADAM_ADDITIVE::create,
                        Trainers.FUSED)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> training.trainer().step())
                    .withMessageContaining("backward");
        }
    }

    @Test
    void setsInitializersAsOtherTrainersDo() {
        try (Model model = Model.newInstance("test", "PyTorch")) {
            model.setBlock(Networks.mlp(3, 1));
            DefaultTrainingConfig config =
                    new DefaultTrainingConfig(new MeanSquaredError())
                            .optInitializer(new ConstantInitializer(5), Parameter.Type.WEIGHT)
                            .optDevices(new Device[] {Device.cpu()})
                            .optOptimizer(OptimizerCase.CAADAM_ADDITIVE.create(model.getBlock()));
            try (Trainer trainer = Trainers.FUSED.apply(model, config)) {
                trainer.initialize(new Shape(1, 2));

                assertThat(Networks.values(model.getBlock()).get(0)).containsOnly(5);
            }
        }
    }

    /** DJL ends the process when PyTorch is asked for bfloat16, so it must not come to that. */
    @ParameterizedTest
    @EnumSource(names = {"BFLOAT16", "FLOAT16"})
    void refusesModelsWhoseSmallStepsWouldBeLost(DataType type) {
        try (Model model = Model.newInstance("halves", "PyTorch")) {
            model.setDataType(type);
            model.setBlock(Networks.mlp(1));
            FusedTrainer.Builder builder =
                    FusedTrainer.builder()
                            .setModel(model)
                            .setConfig(
                                    new DefaultTrainingConfig(new MeanSquaredError())
                                            .optOptimizer(Lion.builder().build()));
            assertThatIllegalArgumentException()
                    .isThrownBy(builder::build)
                    .withMessageContaining("train them in float32");
        }
    }

    @Test
    void fallsBackForOtherOptimizersAndSaysSoOnce() {
        List<float[]> expected;
        try (SmallTraining training =
                new SmallTraining(
                        SmallTraining.Network.MLP,
                        block -> Optimizer.adam().build(),
                        SmallTraining.STOCK)) {
            expected = training.steps(10).weights();
        }
        String log =
                Logs.of(
                        () -> {
                            try (SmallTraining training =
                                    new SmallTraining(
                                            SmallTraining.Network.MLP,
                                            block -> Optimizer.adam().build(),
                                            Trainers.FUSED)) {
                                assertThat(training.steps(10).weights())
                                        .containsExactlyElementsOf(expected);
                            }
                        });

        assertThat(log)
                .containsOnlyOnce(
                        "Steps are made parameter by parameter, because Adam is not an optimizer"
                                + " of this library.");
    }

    @Test
    void fallsBackForFactorsThatDependOnTheGradient() {
        Function<Block, Optimizer> optimizers =
                block ->
                        CaAdam.builder()
                                .setBlock(block)
                                .setScaling(ScalingStrategy.gradientConcentration(1))
                                .build();
        try (SmallTraining expected =
                        new SmallTraining(
                                SmallTraining.Network.MLP, optimizers, SmallTraining.STOCK);
                SmallTraining actual =
                        new SmallTraining(SmallTraining.Network.MLP, optimizers, Trainers.FUSED)) {
            assertThat(actual.fused().fallbackReason())
                    .hasValue("the factors of the steps depend on the gradient");
            assertThat(actual.steps(10).weights())
                    .containsExactlyElementsOf(expected.steps(10).weights());
        }
    }

    @Test
    void fallsBackOnSeveralDevices() {
        try (Model model = Model.newInstance("test", "PyTorch")) {
            model.setBlock(Networks.mlp(3, 1));
            DefaultTrainingConfig config =
                    new DefaultTrainingConfig(new MeanSquaredError())
                            .optDevices(new Device[] {Device.cpu(), Device.gpu()})
                            .optOptimizer(OptimizerCase.CAADAM_ADDITIVE.create(model.getBlock()));
            try (FusedTrainer trainer =
                    FusedTrainer.builder().setModel(model).setConfig(config).build()) {
                assertThat(trainer.fallbackReason()).hasValue("the training runs on 2 devices");
            }
        }
    }

    /** Gives the first parameter a rate of its own from step 20 on. */
    private record Parting(Block block) implements ParameterTracker {

        @Override
        public float getNewValue(String parameterId, int step) {
            String first = block.getParameters().valueAt(0).getId();
            return step > 20 && parameterId.equals(first) ? 0.003f : 0.01f;
        }
    }

    /** The sum of two layers, of which the second stands aside at first. */
    private static final class TwoHeads extends AbstractBlock {

        private final Block first = addChildBlock("first", Linear.builder().setUnits(1).build());
        private final Block second = addChildBlock("second", Linear.builder().setUnits(1).build());
        private boolean both;

        @Override
        protected NDList forwardInternal(
                ParameterStore store,
                NDList inputs,
                boolean training,
                PairList<String, Object> parameters) {
            NDList output = first.forward(store, inputs, training);
            if (!both) {
                return output;
            }
            return new NDList(output.head().add(second.forward(store, inputs, training).head()));
        }

        @Override
        public Shape[] getOutputShapes(Shape[] shapes) {
            return first.getOutputShapes(shapes);
        }

        @Override
        protected void initializeChildBlocks(
                NDManager manager, DataType type, Shape... inputShapes) {
            first.initialize(manager, type, inputShapes);
            second.initialize(manager, type, inputShapes);
        }
    }
}
