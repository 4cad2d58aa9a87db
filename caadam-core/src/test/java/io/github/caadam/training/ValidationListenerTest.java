// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.loss.Loss;
import io.github.caadam.Networks;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.scaling.ScalingStrategy;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ValidationListenerTest {

    private static final int ROWS = 32;

    private Model model;

    @BeforeEach
    void openModel() {
        model = Model.newInstance("test", "PyTorch");
        model.setBlock(Networks.mlp(16, 1));
    }

    @AfterEach
    void closeModel() {
        model.close();
    }

    @Test
    void fitStopsWithTheWeightsOfTheBestEpoch() throws Exception {
        // So large a rate that the validation loss soon gets worse.
        PlateauTracker learningRate =
                PlateauTracker.builder().setBaseValue(0.5f).optPatience(1).build();
        EarlyStopping stopping = EarlyStopping.builder().optPatience(4).build();

        try (Trainer trainer =
                trainer(
                        learningRate,
                        true,
                        ValidationListener.builder()
                                .optEarlyStopping(stopping)
                                .optPlateauTracker(learningRate)
                                .build())) {
            ArrayDataset training = dataset(trainer, 1);
            ArrayDataset validation = dataset(trainer, 2);

            assertThatThrownBy(() -> EasyTrain.fit(trainer, 500, training, validation))
                    .isInstanceOf(EarlyStoppedException.class)
                    .hasMessageContaining(
                            "has not improved since epoch " + (stopping.bestEpoch() + 1));

            EasyTrain.evaluateDataset(trainer, validation);
            double restored =
                    trainer.getLoss().getAccumulator(EvaluatorTrainingListener.VALIDATE_EPOCH);
            assertThat((float) restored).isEqualTo((float) stopping.best());
            assertThat(learningRate.value()).isLessThan(0.5f);
        }
    }

    @Test
    void trainingWithoutAValidationSetIsRefused() throws Exception {
        PlateauTracker learningRate = PlateauTracker.builder().setBaseValue(0.1f).build();
        try (Trainer trainer =
                trainer(
                        learningRate,
                        true,
                        ValidationListener.builder().optPlateauTracker(learningRate).build())) {
            ArrayDataset training = dataset(trainer, 1);

            assertThatIllegalStateException()
                    .isThrownBy(() -> EasyTrain.fit(trainer, 2, training, null))
                    .withMessageContaining("train with a validation set");
        }
    }

    @Test
    void bestWeightsAreRestoredOnAnyThread() throws Exception {
        PlateauTracker learningRate = PlateauTracker.builder().setBaseValue(0.1f).build();
        try (Trainer trainer =
                        trainer(
                                learningRate,
                                false,
                                ValidationListener.builder()
                                        .optPlateauTracker(learningRate)
                                        .build());
                BestWeights best = new BestWeights(model.getBlock())) {
            NDArray weight = model.getBlock().getParameters().get("01Linear_weight").getArray();
            float[] before = weight.toFloatArray();
            CompletableFuture.runAsync(best::capture).get();
            weight.set(new float[16 * 8]);
            assertThat(CompletableFuture.supplyAsync(best::restore).get()).isTrue();

            assertThat(weight.toFloatArray()).containsExactly(before);
            assertThat(trainer.getDevices()).isNotEmpty();
        }
    }

    @Test
    void saysWhatIsMissingWhenThereIsNoValidationLoss() {
        PlateauTracker learningRate = PlateauTracker.builder().setBaseValue(0.1f).build();
        try (Trainer trainer =
                trainer(
                        learningRate,
                        false,
                        ValidationListener.builder().optPlateauTracker(learningRate).build())) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> trainer.notifyListeners(l -> l.onEpoch(trainer)))
                    .withMessageContaining("EvaluatorTrainingListener");
        }
    }

    @Test
    void listenerWithNothingToDoIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> ValidationListener.builder().build());
    }

    @Test
    void bestWeightsAreRestoredInPlaceHoweverOftenTheyAreCaptured() {
        PlateauTracker learningRate = PlateauTracker.builder().setBaseValue(0.1f).build();
        try (Trainer trainer =
                        trainer(
                                learningRate,
                                false,
                                ValidationListener.builder()
                                        .optPlateauTracker(learningRate)
                                        .build());
                BestWeights best = new BestWeights(model.getBlock())) {
            assertThat(best.restore()).isFalse();
            NDArray weight = model.getBlock().getParameters().get("01Linear_weight").getArray();
            weight.set(new float[16 * 8]);
            for (int i = 0; i < 100; i++) {
                weight.addi(1);
                best.capture();
            }
            weight.addi(1);

            assertThat(best.restore()).isTrue();
            assertThat(model.getBlock().getParameters().get("01Linear_weight").getArray())
                    .isSameAs(weight);
            assertThat(weight.toFloatArray()).containsOnly(100f);
            assertThat(weight.hasGradient()).isTrue();
            assertThat(trainer.getDevices()).isNotEmpty();
        }
    }

    private Trainer trainer(
            PlateauTracker learningRate, boolean evaluates, ValidationListener listener) {
        DefaultTrainingConfig config =
                new DefaultTrainingConfig(Loss.l2Loss())
                        .optOptimizer(
                                CaAdam.builder()
                                        .setBlock(model.getBlock())
                                        .setScaling(ScalingStrategy.depth())
                                        .optLearningRateTracker(learningRate)
                                        .build());
        if (evaluates) {
            config.addTrainingListeners(new EvaluatorTrainingListener());
        }
        Trainer trainer = model.newTrainer(config.addTrainingListeners(listener));
        trainer.initialize(new Shape(ROWS, 8));
        return trainer;
    }

    private static ArrayDataset dataset(Trainer trainer, int seed) {
        trainer.getManager().getEngine().setRandomSeed(seed);
        NDArray x = trainer.getManager().randomNormal(new Shape(ROWS, 8));
        NDArray noise = trainer.getManager().randomNormal(new Shape(ROWS, 1));
        return new ArrayDataset.Builder()
                .setData(x)
                .optLabels(x.sum(new int[] {1}, true).add(noise))
                .setSampling(ROWS, false)
                .build();
    }
}
