// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.ParameterTracker;
import ai.djl.util.RandomUtils;
import io.github.caadam.Logs;
import io.github.caadam.Networks;
import io.github.caadam.Trainers;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.optimizer.Nadam;
import io.github.caadam.optimizer.ScheduleFreeAdamW;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.scaling.ScalingStrategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EpochListenerTest {

    private static final int ROWS = 32;

    private final Model model = Model.newInstance("test", "PyTorch");
    private StatefulOptimizer optimizer;

    @TempDir private Path directory;

    @BeforeEach
    void open() {
        model.setBlock(Networks.mlp(16, 1));
        optimizer =
                CaAdam.builder()
                        .setBlock(model.getBlock())
                        .setScaling(ScalingStrategy.depth())
                        .build();
    }

    @AfterEach
    void close() {
        optimizer.close();
        model.close();
    }

    @Test
    void fitStopsWithTheWeightsOfTheBestEpoch() throws Exception {
        // So large a rate that the validation loss soon gets worse.
        PlateauTracker rate = PlateauTracker.builder().setBaseValue(0.5f).optPatience(1).build();
        EarlyStopping stopping = EarlyStopping.builder().optPatience(4).build();
        EpochListener listener =
                EpochListener.builder().optEarlyStopping(stopping).optPlateauTracker(rate).build();

        try (Trainer trainer = trainer(adam(rate), listener)) {
            ArrayDataset validation = dataset(trainer, 2);
            assertThatExceptionOfType(EarlyStoppedException.class)
                    .isThrownBy(() -> EasyTrain.fit(trainer, 500, dataset(trainer, 1), validation))
                    .withMessage(
                            "validate_loss has not improved since epoch "
                                    + (stopping.bestEpoch() + 1));

            assertThat(validationLoss(trainer, validation)).isEqualTo((float) stopping.best());
            assertThat(rate.value()).isLessThan(0.5f);
        }
    }

    /** Whose last epoch is not the best. */
    @Test
    void blockHasTheBestWeightsAfterTheLastOfTheEpochs() throws Exception {
        EarlyStopping stopping = never();
        EpochListener listener =
                EpochListener.builder().optEarlyStopping(stopping).optEpochs(6).build();
        try (Trainer trainer = trainer(descendThenClimb(), listener)) {
            ArrayDataset validation = dataset(trainer, 1);
            EasyTrain.fit(trainer, 6, dataset(trainer, 1), validation);
            assertThat(stopping.bestEpoch()).isBetween(0, 4);
            assertThat(validationLoss(trainer, validation)).isEqualTo((float) stopping.best());
        }
    }

    @Test
    void bestWeightsAreRestoredOnRequestWhereTheNumberOfEpochsIsNotKnown() throws Exception {
        EarlyStopping stopping = never();
        EpochListener listener = EpochListener.builder().optEarlyStopping(stopping).build();
        try (Trainer trainer = trainer(descendThenClimb(), listener)) {
            assertThat(listener.restoreBestWeights()).isFalse();
            ArrayDataset validation = dataset(trainer, 1);
            EasyTrain.fit(trainer, 6, dataset(trainer, 1), validation);
            assertThat(validationLoss(trainer, validation)).isGreaterThan((float) stopping.best());
            assertThat(listener.restoreBestWeights()).isTrue();
            assertThat(validationLoss(trainer, validation)).isEqualTo((float) stopping.best());
        }
        assertThat(listener.restoreBestWeights()).isFalse();
    }

    @Test
    void closingTheTrainerRestoresTheBestWeightsUnlessTrainingHasEnded() throws Exception {
        List<float[]> best = new ArrayList<>();
        EarlyStopping stopping = never();
        EpochListener listener = EpochListener.builder().optEarlyStopping(stopping).build();
        try (Trainer trainer = trainer(descendThenClimb(), listener)) {
            EasyTrain.fit(trainer, 6, dataset(trainer, 1), dataset(trainer, 1));
            List<float[]> last = Networks.values(model.getBlock());
            listener.restoreBestWeights();
            best.addAll(Networks.values(model.getBlock()));
            setValues(last);
        }
        assertWeights(best);

        EpochListener knowing =
                EpochListener.builder().optEarlyStopping(never()).optEpochs(2).build();
        List<float[]> changed = new ArrayList<>();
        try (Trainer trainer = trainer(adam(0.01f), knowing)) {
            EasyTrain.fit(trainer, 2, dataset(trainer, 1), dataset(trainer, 1));
            setValues(best);
            changed.addAll(best);
        }
        assertWeights(changed);
    }

    /** To the digit; AssertJ's recursive comparison has a tolerance. */
    private void assertWeights(List<float[]> expected) {
        assertThat(Networks.values(model.getBlock()).stream().map(Arrays::toString).toList())
                .isEqualTo(expected.stream().map(Arrays::toString).toList());
    }

    private void setValues(List<float[]> values) {
        var parameters = model.getBlock().getParameters().values();
        for (int i = 0; i < values.size(); i++) {
            parameters.get(i).getArray().set(values.get(i));
        }
    }

    @Test
    void checkpointOfTheStopHoldsTheLastEpochNotTheBest() throws Exception {
        EarlyStopping stopping = EarlyStopping.builder().optPatience(1).build();
        Optimizer adam = descendThenClimb();
        EpochListener listener =
                EpochListener.builder()
                        .optEarlyStopping(stopping)
                        .optCheckpoints(directory, adam)
                        .optEvery(100)
                        .build();
        List<float[]> best;
        try (Trainer trainer = trainer(adam, listener)) {
            assertThatExceptionOfType(EarlyStoppedException.class)
                    .isThrownBy(
                            () ->
                                    EasyTrain.fit(
                                            trainer, 50, dataset(trainer, 1), dataset(trainer, 1)));
            best = Networks.values(model.getBlock());
        }
        Checkpoint saved = Checkpoint.latest(directory).orElseThrow();
        assertThat(saved.epoch()).isEqualTo(stopping.bestEpoch() + 2);
        Resumable.ofWeights(model.getBlock()).load(saved.directory().resolve("weights.npz"));
        assertThat(Networks.values(model.getBlock()).get(0)).isNotEqualTo(best.get(0));
        Resumable.ofWeights(model.getBlock()).load(saved.directory().resolve("best-weights.npz"));
        assertWeights(best);
    }

    @ParameterizedTest
    @ValueSource(strings = {"train_loss", "validate_loss", "own"})
    void anyEvaluationOrFunctionIsMonitored(String name) throws Exception {
        List<Float> seen = new ArrayList<>();
        Monitor monitor =
                name.equals("own")
                        ? Monitor.maximum(
                                name,
                                trainer -> {
                                    seen.add(0f);
                                    return -seen.size();
                                })
                        : Monitor.minimum(name);
        EarlyStopping stopping =
                EarlyStopping.builder().optMonitor(monitor).optPatience(100).build();
        EpochListener listener = EpochListener.builder().optEarlyStopping(stopping).build();
        TrainingListenerAdapter reader =
                new TrainingListenerAdapter() {
                    @Override
                    public void onEpoch(Trainer trainer) {
                        if (!name.equals("own")) {
                            seen.add(trainer.getTrainingResult().getEvaluations().get(name));
                        }
                    }
                };
        try (Trainer trainer =
                trainer(adam(0.01f), new EvaluatorTrainingListener(), listener, reader)) {
            EasyTrain.fit(trainer, 4, dataset(trainer, 1), dataset(trainer, 2));
        }
        float best =
                name.equals("own")
                        ? -1
                        : (float) seen.stream().mapToDouble(v -> v).min().orElseThrow();
        assertThat(seen).hasSize(4);
        assertThat((float) stopping.best()).isEqualTo(best);
    }

    @Test
    void trainingWithoutTheValidationSetThatIsMonitoredIsRefused() throws Exception {
        EpochListener listener = EpochListener.builder().optEarlyStopping(never()).build();
        try (Trainer trainer = trainer(adam(0.1f), listener)) {
            ArrayDataset training = dataset(trainer, 1);
            assertThatIllegalStateException()
                    .isThrownBy(() -> EasyTrain.fit(trainer, 2, training, null))
                    .withMessageContaining(
                            "There is no validate_loss: train with a validation set");
        }
    }

    @Test
    void evaluatorsListenerMustComeBefore() {
        for (List<TrainingListener> order :
                List.of(
                        List.<TrainingListener>of(stopping()),
                        List.<TrainingListener>of(stopping(), new EvaluatorTrainingListener()))) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> trainer(adam(0.1f), order.toArray(TrainingListener[]::new)))
                    .withMessageContaining("There is no validate_loss when this listener looks")
                    .withMessageContaining("EvaluatorTrainingListener");
        }
    }

    private static EpochListener stopping() {
        return EpochListener.builder().optEarlyStopping(never()).build();
    }

    @Test
    void evaluationThatDoesNotExistIsRefusedWithThoseThatDo() {
        EpochListener listener =
                EpochListener.builder()
                        .optEarlyStopping(
                                EarlyStopping.builder()
                                        .optMonitor(Monitor.maximum("validate_acc"))
                                        .build())
                        .build();
        assertThatIllegalStateException()
                .isThrownBy(() -> trainer(adam(0.1f), listener))
                .withMessageContaining("no evaluation validate_acc, but [")
                .withMessageContaining("validate_loss");
    }

    @Test
    void listenerStoppingAndTrackerServeOneTraining() throws Exception {
        PlateauTracker rate = PlateauTracker.builder().setBaseValue(0.1f).build();
        EarlyStopping early = never();
        EpochListener listener =
                EpochListener.builder().optEarlyStopping(early).optPlateauTracker(rate).build();
        try (Trainer trainer = trainer(adam(rate), listener)) {
            EasyTrain.fit(trainer, 1, dataset(trainer, 1), dataset(trainer, 2));
            EasyTrain.fit(trainer, 1, dataset(trainer, 1), dataset(trainer, 2));
            assertThat(early.toString()).contains("wait=");
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> trainer(adam(rate), listener))
                .withMessageContaining("This listener has served a trainer; build another one");
        assertThatIllegalStateException()
                .isThrownBy(
                        () ->
                                trainer(
                                        adam(rate),
                                        EpochListener.builder().optEarlyStopping(early).build()))
                .withMessageContaining("The early stopping has judged another training");
        assertThatIllegalStateException()
                .isThrownBy(
                        () ->
                                trainer(
                                        adam(rate),
                                        EpochListener.builder().optPlateauTracker(rate).build()))
                .withMessageContaining("The plateau tracker has judged another training");
    }

    @Test
    void trainingBeyondItsEndIsRefusedWithTheBestWeightsInTheBlock() throws Exception {
        EpochListener listener =
                EpochListener.builder().optEarlyStopping(never()).optEpochs(2).build();
        try (Trainer trainer = trainer(adam(0.1f), listener)) {
            EasyTrain.fit(trainer, 2, dataset(trainer, 1), dataset(trainer, 2));
            List<float[]> best = Networks.values(model.getBlock());
            assertThatIllegalStateException()
                    .isThrownBy(() -> EasyTrain.fit(trainer, 1, dataset(trainer, 1), null))
                    .withMessage(
                            "The last of the 2 epochs is over. Train fewer, or say so by"
                                    + " optEpochs.");
            assertWeights(best);
        }
    }

    @Test
    void fitAfterAStopStopsAtOnceAndSoItDoesInAnotherProcess() throws Exception {
        EarlyStopping stopping = EarlyStopping.builder().optThreshold(1e9).build();
        List<float[]> best;
        EpochListener listener =
                EpochListener.builder()
                        .optEarlyStopping(stopping)
                        .optCheckpoints(directory, optimizer)
                        .build();
        try (Trainer trainer = trainer(optimizer, listener)) {
            for (int fit = 0; fit < 2; fit++) {
                assertThatExceptionOfType(EarlyStoppedException.class)
                        .isThrownBy(
                                () ->
                                        EasyTrain.fit(
                                                trainer,
                                                5,
                                                dataset(trainer, 1),
                                                dataset(trainer, 2)))
                        .satisfies(e -> assertThat(e.getStopEpoch()).isEqualTo(1));
            }
            best = Networks.values(model.getBlock());
        }
        setValues(best.stream().map(values -> new float[values.length]).toList());
        EpochListener second =
                EpochListener.builder()
                        .optEarlyStopping(EarlyStopping.builder().build())
                        .optCheckpoints(directory, optimizer)
                        .build();
        try (Trainer trainer = trainer(optimizer, second)) {
            assertThat(second.resume(trainer)).isEqualTo(1);
            assertWeights(best);
            assertThatExceptionOfType(EarlyStoppedException.class)
                    .isThrownBy(
                            () ->
                                    EasyTrain.fit(
                                            trainer, 5, dataset(trainer, 1), dataset(trainer, 2)))
                    .withMessageContaining("has reached 1.0E9");
        }
    }

    @Test
    void keepsTheLatestAndLeavesNothingHalfWritten() throws Exception {
        EpochListener listener =
                EpochListener.builder()
                        .optCheckpoints(directory, optimizer)
                        .optEvery(2)
                        .optKeep(2)
                        .build();
        try (Trainer trainer = trainer(optimizer, listener)) {
            EasyTrain.fit(trainer, 9, dataset(trainer, 1), null);
        }
        assertThat(names(directory)).containsExactly("epoch-0008", "epoch-0009");
        assertThat(names(directory.resolve("epoch-0009")))
                .containsExactly("checkpoint.json", "optimizer.npz", "random.npz", "weights.npz");
    }

    @Test
    void trainingThatEndsWithinAnEpochIsNotSavedAsTheEpochBefore() {
        EpochListener listener =
                EpochListener.builder().optCheckpoints(directory, optimizer).optEvery(2).build();
        String log =
                Logs.of(
                        () -> {
                            try (Trainer trainer = trainer(optimizer, listener)) {
                                trainer.notifyListeners(l -> l.onEpoch(trainer));
                                listener.onTrainingBatch(trainer, null);
                            }
                        });
        assertThat(log).contains("Epoch 1 is not saved");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void optimizerThatWasClosedBeforeTheTrainerIsAWarning() {
        EpochListener listener =
                EpochListener.builder().optCheckpoints(directory, optimizer).optEvery(2).build();
        String log =
                Logs.of(
                        () -> {
                            try (Trainer trainer = trainer(optimizer, listener)) {
                                trainer.notifyListeners(l -> l.onEpoch(trainer));
                                optimizer.close();
                            }
                        });
        assertThat(log).contains("Epoch 1, the last one, cannot be saved");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void checkpointsOfALaterEpochAreNotOvertaken() throws Exception {
        try (Trainer trainer =
                trainer(
                        optimizer,
                        EpochListener.builder().optCheckpoints(directory, optimizer).build())) {
            EasyTrain.fit(trainer, 2, dataset(trainer, 1), null);
        }
        List<float[]> weights = Networks.values(model.getBlock());
        try (Trainer trainer =
                trainer(
                        optimizer,
                        EpochListener.builder().optCheckpoints(directory, optimizer).build())) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> EasyTrain.fit(trainer, 2, dataset(trainer, 1), null))
                    .withMessageContaining("holds a checkpoint of epoch 2")
                    .withMessageContaining("call resume(trainer) after trainer.initialize");
        }
        assertWeights(weights);
        assertThat(names(directory)).containsExactly("epoch-0002");
    }

    @Test
    void failureToSaveSaysWhichCheckpointAndLeavesTheBestWeights() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        EarlyStopping stopping = never();
        EpochListener listener =
                EpochListener.builder()
                        .optEarlyStopping(stopping)
                        .optCheckpoints(file, optimizer)
                        .build();
        List<float[]> best = new ArrayList<>();
        try (Trainer trainer = trainer(optimizer, listener)) {
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(
                            () ->
                                    EasyTrain.fit(
                                            trainer, 2, dataset(trainer, 1), dataset(trainer, 2)))
                    .withMessageContaining(
                            "The checkpoint of epoch 1 could not be saved to " + file);
            best.addAll(Networks.values(model.getBlock()));
            setValues(best.stream().map(values -> new float[values.length]).toList());
        }
        assertWeights(best);
    }

    @Test
    void anotherOptimizerThanTheTrainersIsRefused() {
        try (Nadam other = Nadam.builder().optBlock(model.getBlock()).build()) {
            EpochListener listener =
                    EpochListener.builder().optCheckpoints(directory, other).build();
            assertThatIllegalStateException()
                    .isThrownBy(() -> trainer(optimizer, listener))
                    .withMessageContaining("another optimizer (Nadam)")
                    .withMessageContaining("configuration (CaAdam)");
        }
    }

    @Test
    void stateOfAnotherOptimizerIsRefused() throws Exception {
        try (Trainer trainer =
                trainer(
                        optimizer,
                        EpochListener.builder().optCheckpoints(directory, optimizer).build())) {
            EasyTrain.fit(trainer, 1, dataset(trainer, 1), null);
        }
        try (Nadam nadam = Nadam.builder().optBlock(model.getBlock()).build()) {
            EpochListener listener =
                    EpochListener.builder().optCheckpoints(directory, nadam).build();
            try (Trainer trainer = trainer(nadam, listener)) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> listener.resume(trainer))
                        .withMessageContaining("algorithm=adam there, nadam here");
            }
        }
    }

    @Test
    void trainingWithEarlyStoppingIsNotResumedFromOneWithout() throws Exception {
        try (Trainer trainer =
                trainer(
                        optimizer,
                        EpochListener.builder().optCheckpoints(directory, optimizer).build())) {
            EasyTrain.fit(trainer, 1, dataset(trainer, 1), null);
        }
        EpochListener listener =
                EpochListener.builder()
                        .optCheckpoints(directory, optimizer)
                        .optEarlyStopping(never())
                        .build();
        try (Trainer trainer = trainer(optimizer, listener)) {
            assertThatIOException()
                    .isThrownBy(() -> listener.resume(trainer))
                    .withMessageContaining(
                            "does not hold [best-weights.npz, early-stopping.npz]: it was saved by"
                                    + " a training without");
        }
    }

    @Test
    void resumingAtTheWrongTimeOrForTheWrongTrainerIsRefused() throws Exception {
        EpochListener without = stopping();
        EpochListener listener =
                EpochListener.builder().optCheckpoints(directory, optimizer).build();
        try (Trainer other = trainer(adam(0.1f), without);
                Trainer trainer = trainer(optimizer, listener)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> without.resume(other))
                    .withMessageContaining("set optCheckpoints");
            assertThatIllegalStateException()
                    .isThrownBy(() -> listener.resume(other))
                    .withMessageContaining("belongs to another trainer");
            assertThat(listener.resume(trainer)).isZero();
            EasyTrain.fit(trainer, 1, dataset(trainer, 1), null);
            assertThatIllegalStateException()
                    .isThrownBy(() -> listener.resume(trainer))
                    .withMessageContaining("resume before the first epoch");
        }
    }

    @Test
    void listenerWithNothingToDoOrNowhereToKeepThingsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EpochListener.builder().build())
                .withMessageContaining("nothing to do");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                EpochListener.builder()
                                        .optEarlyStopping(never())
                                        .optResumable("mine.txt", new RandomState())
                                        .build())
                .withMessageContaining("no checkpoints to keep [mine.txt] in: set optCheckpoints");
        for (String taken : List.of("weights.npz", "mine.txt")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () ->
                                    EpochListener.builder()
                                            .optResumable("mine.txt", new RandomState())
                                            .optResumable(taken, new RandomState()))
                    .withMessageContaining("has a file " + taken + " already");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EpochListener.builder().optEvery(0))
                .withMessageContaining("1 or more, found 0");
        assertThatIllegalArgumentException().isThrownBy(() -> EpochListener.builder().optKeep(0));
        assertThatIllegalArgumentException().isThrownBy(() -> EpochListener.builder().optEpochs(0));
    }

    /** The last epoch is not the best; validating again sees what was validated in the best. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bestOfAveragedWeightsAreTheAveragesThatWereValidated(boolean ofRule) throws Exception {
        EarlyStopping stopping = never();
        EpochListener listener =
                EpochListener.builder().optEarlyStopping(stopping).optEpochs(8).build();
        ParameterTracker rate = LearningRateSchedule.of(step -> step < 4 ? 0.01 : 0.3 * step);
        try (StatefulOptimizer averaging =
                ofRule
                        ? ScheduleFreeAdamW.builder()
                                .optBlock(model.getBlock())
                                .optLearningRateTracker(rate)
                                .build()
                        : CaAdam.builder()
                                .setBlock(model.getBlock())
                                .setScaling(ScalingStrategy.depth())
                                .optWeightAverage(0.5f)
                                .optLearningRateTracker(rate)
                                .build()) {
            TrainingConfig config =
                    new DefaultTrainingConfig(new MeanSquaredError())
                            .optOptimizer(averaging)
                            .addTrainingListeners(new EvaluatorTrainingListener(), listener);
            try (Trainer trainer = Trainers.FUSED.apply(model, config)) {
                trainer.initialize(new Shape(ROWS, 8));
                ArrayDataset validation = dataset(trainer, 1);
                EasyTrain.fit(trainer, 8, dataset(trainer, 1), validation);
                assertThat(stopping.bestEpoch()).isBetween(0, 6);
                assertThat(validationLoss(trainer, validation)).isEqualTo((float) stopping.best());
            }
            try (Trainer trainer =
                    model.newTrainer(config(adam(0.1f), new TrainingListenerAdapter() {}))) {
                trainer.initialize(new Shape(ROWS, 8));
                assertThat(validationLoss(trainer, dataset(trainer, 1)))
                        .isEqualTo((float) stopping.best());
            }
        }
    }

    /** DJL changes them from the second epoch on, and does not show them. */
    @Test
    void runningStatisticsOfTorchScriptAreRefusedWhereWeightsAreKept() throws Exception {
        PlateauTracker rate = PlateauTracker.builder().setBaseValue(0.1f).build();
        try (Model script = KilledTraining.torchScript("residual")) {
            Optimizer adam = adam(0.1f);
            for (EpochListener listener :
                    List.of(
                            stopping(),
                            EpochListener.builder().optCheckpoints(directory, adam).build())) {
                assertThatIllegalStateException()
                        .isThrownBy(() -> script.newTrainer(config(adam, listener)))
                        .withMessageContaining("batch normalisation with running statistics")
                        .withMessageContaining("FrozenBatchNorm2d");
            }
            EpochListener plateau = EpochListener.builder().optPlateauTracker(rate).build();
            try (Trainer trainer = script.newTrainer(config(adam, plateau))) {
                assertThat(trainer.getModel()).isSameAs(script);
            }
        }
    }

    private static TrainingConfig config(Optimizer trained, TrainingListener listener) {
        return new DefaultTrainingConfig(new MeanSquaredError())
                .optOptimizer(trained)
                .addTrainingListeners(new EvaluatorTrainingListener(), listener);
    }

    /** The numbers of DJL's row orders, with a Gaussian number kept back or not. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void randomNumbersOfJavaGoOnExactly(int gaussians) throws IOException {
        Path file = directory.resolve("random.npz");
        RandomUtils.RANDOM.setSeed(-3);
        for (int i = 0; i < gaussians; i++) {
            RandomUtils.nextGaussian();
        }
        RandomState.normalize();
        new RandomState().save(file);
        double[] expected = {
            RandomUtils.random(), RandomUtils.nextGaussian(), RandomUtils.random()
        };

        RandomUtils.RANDOM.setSeed(99);
        RandomUtils.nextGaussian();
        new RandomState().load(file);
        assertThat(
                        new double[] {
                            RandomUtils.random(), RandomUtils.nextGaussian(), RandomUtils.random()
                        })
                .containsExactly(expected);
    }

    /** So a listener with checkpoints draws the same rows as a training without. */
    @Test
    void takingTheStateOfTheRandomNumbersDrawsNone() {
        RandomUtils.RANDOM.setSeed(7);
        int expected = RandomUtils.nextInt();
        RandomUtils.RANDOM.setSeed(7);
        RandomState.normalize();
        assertThat(RandomUtils.nextInt()).isEqualTo(expected);
    }

    private static EarlyStopping never() {
        return EarlyStopping.builder().optPatience(Integer.MAX_VALUE).build();
    }

    private Optimizer adam(float rate) {
        return adam(PlateauTracker.builder().setBaseValue(rate).build());
    }

    private Optimizer adam(PlateauTracker rate) {
        return Optimizer.adam().optLearningRateTracker(rate).build();
    }

    /** Steps that are small at first and make everything worse later. */
    private Optimizer descendThenClimb() {
        return Optimizer.adam()
                .optLearningRateTracker(
                        LearningRateSchedule.of(step -> step < 4 ? 0.01 : 0.3 * step))
                .build();
    }

    private Trainer trainer(Optimizer trained, EpochListener listener) {
        return trainer(trained, new EvaluatorTrainingListener(), listener);
    }

    private Trainer trainer(Optimizer trained, TrainingListener... listeners) {
        TrainingConfig config =
                new DefaultTrainingConfig(new MeanSquaredError())
                        .optOptimizer(trained)
                        .addTrainingListeners(listeners);
        Trainer trainer = model.newTrainer(config);
        trainer.initialize(new Shape(ROWS, 8));
        return trainer;
    }

    private static float validationLoss(Trainer trainer, ArrayDataset validation) throws Exception {
        EasyTrain.evaluateDataset(trainer, validation);
        float loss = trainer.getLoss().getAccumulator(EvaluatorTrainingListener.VALIDATE_EPOCH);
        trainer.getLoss().resetAccumulator(EvaluatorTrainingListener.VALIDATE_EPOCH);
        return loss;
    }

    private static ArrayDataset dataset(Trainer trainer, int seed) {
        Random random = new Random(seed);
        NDManager manager = trainer.getManager();
        float[] values = new float[ROWS * 8];
        float[] sums = new float[ROWS];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
            sums[i / 8] += values[i];
        }
        for (int i = 0; i < ROWS; i++) {
            sums[i] += (float) random.nextGaussian();
        }
        NDArray features = manager.create(values, new Shape(ROWS, 8));
        return new ArrayDataset.Builder()
                .setData(features)
                .optLabels(manager.create(sums, new Shape(ROWS, 1)))
                .setSampling(ROWS, false)
                .build();
    }

    private static List<String> names(Path parent) {
        return Arrays.stream(parent.toFile().list()).sorted().toList();
    }
}
