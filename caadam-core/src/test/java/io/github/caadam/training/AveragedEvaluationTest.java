// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.repository.zoo.Criteria;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.listener.EvaluatorTrainingListener;
import io.github.caadam.LibraryOptimizer;
import io.github.caadam.Networks;
import io.github.caadam.Trainers;
import io.github.caadam.optimizer.StatefulOptimizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Evaluation by averages of weights, and accumulated gradients, inside {@code EasyTrain.fit}. */
class AveragedEvaluationTest {

    private enum Way {
        FUSED(Trainers.FUSED),
        COMPILED(Trainers.COMPILED),
        CHUNKS(Trainers.compiled(4));

        @SuppressWarnings("ImmutableEnumChecker") // It captures nothing.
        private final BiFunction<Model, TrainingConfig, Trainer> trainers;

        Way(BiFunction<Model, TrainingConfig, Trainer> trainers) {
            this.trainers = trainers;
        }
    }

    private static Block normalized() {
        return new SequentialBlock()
                .add(Linear.builder().setUnits(5).build())
                .add(BatchNorm.builder().build())
                .add(Activation.reluBlock())
                .add(Linear.builder().setUnits(1).build());
    }

    private static StatefulOptimizer averaging(Block block) {
        return LibraryOptimizer.CAADAM.create(block, b -> b.optWeightAverage(0.9f));
    }

    private static float[] evaluated(FitTraining training) {
        return training.trainer().evaluate(new NDList(training.features())).head().toFloatArray();
    }

    /** As after training, of the block's own arrays. */
    private static float[] predicted(FitTraining training) {
        ParameterStore store = new ParameterStore(training.trainer().getManager(), false);
        return training.block()
                .forward(store, new NDList(training.features()), false)
                .head()
                .toFloatArray();
    }

    /** An optimizer that keeps an average, because it was asked to or by its rule. */
    private enum Average {
        AS_OPTION(AveragedEvaluationTest::averaging),
        OF_RULE(block -> LibraryOptimizer.SCHEDULEFREEADAMW.create(block, b -> {}));

        @SuppressWarnings("ImmutableEnumChecker") // It captures nothing.
        private final Function<Block, StatefulOptimizer> optimizer;

        Average(Function<Block, StatefulOptimizer> optimizer) {
            this.optimizer = optimizer;
        }
    }

    static Stream<Arguments> waysAndAverages() {
        return Stream.of(Way.values())
                .flatMap(
                        way ->
                                Stream.of(Average.values())
                                        .map(average -> Arguments.of(way, average)));
    }

    @ParameterizedTest
    @MethodSource("waysAndAverages")
    void evaluationUsesTheAveragesAndLeavesTheWeights(Way way, Average average) {
        try (FitTraining training =
                new FitTraining(normalized(), average.optimizer, way.trainers)) {
            assertThat(evaluated(training)).isEqualTo(predicted(training));
            training.fit(3, training.shuffled(), training.inOrder());
            List<float[]> weights = training.weights();
            float[] averaged = evaluated(training);

            assertThat(training.weights()).containsExactlyElementsOf(weights);
            assertThat(averaged).isNotEqualTo(predicted(training));
            ((StatefulOptimizer) training.optimizer()).applyAverage();
            assertThat(averaged).isEqualTo(predicted(training));
            assertThat(training.fused().fallbackReason()).isEmpty();
        }
    }

    @Test
    void aFrozenParameterIsEvaluatedAsItIs() {
        try (FitTraining training =
                new FitTraining(
                        normalized(), AveragedEvaluationTest::averaging, Trainers.COMPILED)) {
            training.fit(3, training.shuffled(), null);
            Parameter weight = training.block().getParameters().valueAt(0);
            assertThat(training.fused().evaluated(weight))
                    .hasValueSatisfying(
                            average -> assertThat(average).isNotSameAs(weight.getArray()));
            weight.freeze(true);
            assertThat(training.fused().evaluated(weight)).isEmpty();
            training.block().freezeParameters(true);

            assertThat(evaluated(training)).isEqualTo(predicted(training));
        }
    }

    /** Averages differ by nothing but rounding, whichever way steps are made. */
    @ParameterizedTest
    @EnumSource
    void averagesOfAllWaysAreEqual(Average average) {
        List<List<float[]>> averages = new ArrayList<>();
        for (Way way : Way.values()) {
            try (FitTraining training =
                    new FitTraining(Networks.mlp(8, 1), average.optimizer, way.trainers)) {
                training.fit(3, training.shuffled(), null);
                ((StatefulOptimizer) training.optimizer()).applyAverage();
                averages.add(training.weights());
            }
        }

        FitTraining.requireSame(averages.get(1), averages.get(0));
        assertThat(averages.get(2)).containsExactlyElementsOf(averages.get(1));
    }

    /** Ten batches an epoch, a step at every third: what is left over waits for the next epoch. */
    @Test
    void accumulatedGradientsAreCarriedOverChunksAndEpochs() {
        List<List<float[]>> weights = new ArrayList<>();
        for (Way way : Way.values()) {
            try (FitTraining training =
                    new FitTraining(
                            Networks.mlp(8, 1),
                            block ->
                                    LibraryOptimizer.CAADAM.create(
                                            block, b -> b.optGradientAccumulationSteps(3)),
                            way.trainers)) {
                weights.add(training.fit(4, training.shuffled(), training.inOrder()).weights());
                assertThat(training.fused().fallbackReason()).isEmpty();
            }
        }

        FitTraining.requireSame(weights.get(1), weights.get(0));
        assertThat(weights.get(2)).containsExactlyElementsOf(weights.get(1));
    }

    @Test
    void aTorchScriptFileIsRefused() throws Exception {
        Criteria<NDList, NDList> criteria =
                Criteria.builder()
                        .setTypes(NDList.class, NDList.class)
                        .optModelPath(Path.of("src/test/resources/torchscript/residual.pt"))
                        .optEngine("PyTorch")
                        .optDevice(Device.cpu())
                        .optOption("trainParam", "true")
                        .build();
        try (Model model = criteria.loadModel()) {
            PlateauTracker rate = PlateauTracker.builder().setBaseValue(0.1f).build();
            TrainingConfig config =
                    new DefaultTrainingConfig(new MeanSquaredError())
                            .optOptimizer(averaging(model.getBlock()))
                            .addTrainingListeners(
                                    new EvaluatorTrainingListener(),
                                    EpochListener.builder().optPlateauTracker(rate).build());
            assertThatIllegalStateException()
                    .isThrownBy(() -> Trainers.FUSED.apply(model, config))
                    .withMessageContaining("TorchScript")
                    .withMessageContaining("applyAverage()");
            // As the message says, and the listener has served no trainer yet.
            try (Trainer trainer = model.newTrainer(config)) {
                assertThat(trainer.getModel().getBlock()).isSameAs(model.getBlock());
            }
        }
    }
}
