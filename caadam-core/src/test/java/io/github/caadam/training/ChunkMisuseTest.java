// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.loss.Loss;
import io.github.caadam.Networks;
import io.github.caadam.Trainers;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.pytorch.OptimizerCase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipFile;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loops that do something else with a chunk than {@code EasyTrain.fit} does. */
class ChunkMisuseTest {

    @TempDir private Path directory;

    private final FitTraining training =
            new FitTraining(
                    Networks.mlp(12, 5, 1),
                    OptimizerCase.CAADAM_ADDITIVE::create,
                    Trainers.COMPILED);
    private final Trainer trainer = training.trainer();

    @AfterEach
    void close() {
        training.close();
    }

    private Batch chunk() throws Exception {
        return trainer.iterateDataset(training.shuffled()).iterator().next();
    }

    /** The optimizer's state, by its checksums. */
    private List<String> state() {
        Path file = directory.resolve("state.npz");
        try {
            ((StatefulOptimizer) training.optimizer()).save(file);
            try (ZipFile zip = new ZipFile(file.toFile())) {
                return zip.stream().map(e -> e.getName() + " " + e.getCrc()).toList();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void requireRefused(ThrowingCallable loop, String what) {
        List<float[]> weights = training.weights();
        List<String> state = state();
        assertThatIllegalStateException()
                .isThrownBy(loop)
                .withMessageContaining(what)
                .withMessageContaining("EasyTrain.trainBatch(trainer, batch)")
                .withMessageContaining("optStepsPerExecution(1)");
        assertThat(training.weights()).containsExactlyElementsOf(weights);
        assertThat(state()).isEqualTo(state);
    }

    private void requireRefused(GradientCollector collector, ThrowingCallable loop, String what) {
        try (collector) {
            requireRefused(loop, what);
        }
    }

    private void requireUsable() {
        training.fit(2, training.shuffled(), training.inOrder());
        assertThat(training.fused().fallbackReason()).isEmpty();
    }

    @Test
    void aForwardPassWithoutLabelsIsRefused() throws Exception {
        try (Batch batch = chunk()) {
            requireRefused(
                    trainer.newGradientCollector(),
                    () -> trainer.forward(batch.getData()),
                    "without the labels");
        }
        requireUsable();
    }

    @Test
    void aForwardPassOfOtherArraysIsRefused() throws Exception {
        try (Batch batch = chunk()) {
            NDList larger = new NDList(batch.getData().head().mul(2));
            requireRefused(
                    trainer.newGradientCollector(),
                    () -> trainer.forward(larger, batch.getLabels()),
                    "other arrays");
            NDList others = new NDList(batch.getLabels().head().mul(2));
            requireRefused(
                    trainer.newGradientCollector(),
                    () -> trainer.forward(batch.getData(), others),
                    "other arrays");
        }
        requireUsable();
    }

    @Test
    void aCollectorOfTheEnginesOwnIsRefused() throws Exception {
        try (Batch batch = chunk()) {
            requireRefused(
                    Engine.getEngine("PyTorch").newGradientCollector(),
                    () -> trainer.forward(batch.getData(), batch.getLabels()),
                    "outside of trainer.newGradientCollector()");
        }
        requireUsable();
    }

    @Test
    void aBackwardPassOfTheBlocksOwnForwardPassIsRefused() throws Exception {
        try (Batch batch = chunk();
                GradientCollector collector = trainer.newGradientCollector()) {
            NDArray loss = batch.getLabels().head().mean();
            requireRefused(() -> collector.backward(loss), "without trainer.forward(data, labels)");
        }
        requireUsable();
    }

    @Test
    void aStepWithoutAForwardPassIsRefused() throws Exception {
        try (Batch batch = chunk()) {
            assertThat(batch.getSize()).isEqualTo(FitTraining.ROWS);
            requireRefused(trainer::step, "without trainer.forward(data, labels)");
        }
        requireUsable();
    }

    /** The steps are made by then; the message says so. */
    @Test
    void anotherLossIsRefusedAtItsBackwardPass() throws Exception {
        try (Batch batch = chunk();
                GradientCollector collector = trainer.newGradientCollector()) {
            NDList predictions = trainer.forward(batch.getData(), batch.getLabels());
            NDArray loss = Loss.l1Loss().evaluate(batch.getLabels(), predictions);
            assertThatIllegalStateException()
                    .isThrownBy(() -> collector.backward(loss))
                    .withMessageContaining("something else than the trainer's loss")
                    .withMessageContaining("have been made already")
                    .withMessageContaining("optStepsPerExecution(1)");
        }
        requireUsable();
    }

    @Test
    void theLossTimesANumberIsAnotherLoss() throws Exception {
        try (Batch batch = chunk();
                GradientCollector collector = trainer.newGradientCollector()) {
            NDList predictions = trainer.forward(batch.getData(), batch.getLabels());
            NDArray loss = trainer.getLoss().evaluate(batch.getLabels(), predictions).mul(0.5);
            assertThatIllegalStateException().isThrownBy(() -> collector.backward(loss));
        }
        requireUsable();
    }

    private void forwardAndBackward(Batch batch, int passes) {
        try (GradientCollector collector = trainer.newGradientCollector()) {
            NDList predictions = trainer.forward(batch.getData(), batch.getLabels());
            NDArray loss = trainer.getLoss().evaluate(batch.getLabels(), predictions);
            for (int i = 0; i < passes; i++) {
                collector.backward(loss);
            }
        }
    }

    @Test
    void aSecondBackwardPassIsRefused() throws Exception {
        try (Batch batch = chunk()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> forwardAndBackward(batch, 2))
                    .withMessageContaining("several backward passes");
        }
        requireUsable();
    }

    @Test
    void aStepWithoutABackwardPassIsRefused() throws Exception {
        try (Batch batch = chunk()) {
            forwardAndBackward(batch, 0);
            assertThatIllegalStateException()
                    .isThrownBy(trainer::step)
                    .withMessageContaining("without a backward pass");
        }
        requireUsable();
    }

    @Test
    void aSecondForwardPassIsRefused() throws Exception {
        try (Batch batch = chunk()) {
            EasyTrain.trainBatch(trainer, batch);
            requireRefused(
                    () -> EasyTrain.trainBatch(trainer, batch), "second forward pass of a batch");
            trainer.step();
            requireRefused(
                    () -> EasyTrain.trainBatch(trainer, batch), "second forward pass of a batch");
        }
        requireUsable();
    }

    /** Such a loop accumulates gradients, which the optimizer has an option for. */
    @Test
    void aLoopThatMakesNoStepIsRefusedWhenItGoesOn() throws Exception {
        try (Batch batch = chunk()) {
            EasyTrain.trainBatch(trainer, batch);
        }
        requireRefused(this::chunk, "did not call trainer.step()");
        requireUsable();
    }

    @Test
    void aChunkThatIsSkippedTrainsNothing() throws Exception {
        List<float[]> weights = training.weights();
        for (Batch batch : trainer.iterateDataset(training.shuffled())) {
            batch.close();
        }
        assertThat(training.weights()).containsExactlyElementsOf(weights);
        requireUsable();
    }

    /** A listener may validate between a chunk and its step. */
    @Test
    void validationInTheMiddleOfABatchIsNoMisuse() throws Exception {
        TrainingListenerAdapter validating =
                new TrainingListenerAdapter() {
                    @Override
                    public void onTrainingBatch(Trainer of, BatchData batchData) {
                        for (Batch batch : batches(of)) {
                            of.evaluate(batch.getData());
                            batch.close();
                        }
                    }

                    private Iterable<Batch> batches(Trainer of) {
                        try {
                            return of.iterateDataset(training.inOrder());
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    }
                };
        List<float[]> expected = training.fit(2, training.shuffled(), null).weights();
        try (FitTraining other =
                new FitTraining(
                        Networks.mlp(12, 5, 1),
                        OptimizerCase.CAADAM_ADDITIVE::create,
                        Trainers.compiled(3),
                        validating)) {
            other.fit(2, other.shuffled(), null);

            assertThat(other.weights()).containsExactlyElementsOf(expected);
        }
    }

    /** DJL's loop does not close the batch in which a listener throws. */
    @Test
    void aLoopThatAListenerLeftMayBeginAgain() {
        boolean[] throwing = {true};
        TrainingListenerAdapter stopping =
                new TrainingListenerAdapter() {
                    @Override
                    public void onTrainingBatch(Trainer of, BatchData batchData) {
                        if (throwing[0]) {
                            throw new UnsupportedOperationException("stop");
                        }
                    }
                };
        try (FitTraining other =
                new FitTraining(
                        Networks.mlp(12, 5, 1),
                        OptimizerCase.CAADAM_ADDITIVE::create,
                        Trainers.compiled(3),
                        stopping)) {
            try {
                other.fit(1, other.shuffled(), null);
            } catch (UnsupportedOperationException e) {
                throwing[0] = false;
            }
            other.fit(1, other.shuffled(), null);

            assertThat(throwing[0]).isFalse();
            assertThat(other.fused().fallbackReason()).isEmpty();
        }
    }

    /** The listener that throws comes before the one that saves, which hears of no batch. */
    @Test
    void anEpochThatAListenerLeftInItsFirstChunkIsNotSaved() throws Exception {
        int[] epochs = {0};
        TrainingListenerAdapter stopping =
                new TrainingListenerAdapter() {
                    @Override
                    public void onTrainingBatch(Trainer of, BatchData batchData) {
                        if (epochs[0] == 1) {
                            throw new UnsupportedOperationException("stop");
                        }
                    }

                    @Override
                    public void onEpoch(Trainer of) {
                        epochs[0]++;
                    }
                };
        SequentialBlock block = Networks.mlp(12, 5, 1);
        StatefulOptimizer optimizer = OptimizerCase.CAADAM_ADDITIVE.create(block);
        EpochListener saving =
                EpochListener.builder().optCheckpoints(directory, optimizer).optEvery(10).build();
        try (FitTraining other =
                new FitTraining(block, b -> optimizer, Trainers.COMPILED, stopping, saving)) {
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> other.fit(2, other.shuffled(), null));
        }
        assertThat(Checkpoint.latest(directory)).isEmpty();
    }

    @Test
    void withEverythingFrozenThereIsNothingToTrain() throws Exception {
        training.block().freezeParameters(true);
        try (Batch batch = chunk()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> EasyTrain.trainBatch(trainer, batch))
                    .withMessageContaining("nothing to train");
        }
        training.block().freezeParameters(false);
        requireUsable();
    }

    @Test
    void aTrainerThatWasNotInitializedSaysSo() {
        try (Model model = Model.newInstance("test", Device.cpu(), "PyTorch")) {
            model.setBlock(Networks.mlp(3, 1));
            try (Trainer fresh =
                    Trainers.COMPILED.apply(
                            model,
                            new DefaultTrainingConfig(new MeanSquaredError())
                                    .optOptimizer(OptimizerCase.ADAM.create(model.getBlock())))) {
                assertThatIllegalStateException()
                        .isThrownBy(() -> fresh.iterateDataset(training.shuffled()))
                        .withMessageContaining("trainer.initialize");
            }
        }
    }

    @Test
    void aLastBatchOfOneRowBehindANormalizationIsRefusedBeforeAnythingIsWritten() {
        try (FitTraining normalized =
                new FitTraining(
                        new SequentialBlock()
                                .add(Linear.builder().setUnits(4).build())
                                .add(BatchNorm.builder().build())
                                .add(Linear.builder().setUnits(1).build()),
                        OptimizerCase.ADAM::create,
                        Trainers.COMPILED)) {
            List<float[]> before = normalized.weights();
            ArrayDataset data =
                    normalized.builder().setSampling(16, false).optLimit(2 * 16 + 1).build();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> normalized.fit(1, data, null))
                    .withMessageContaining("batch of one row");
            assertThat(normalized.weights()).containsExactlyElementsOf(before);
        }
    }

    @Test
    void labelsThatAreNoClassesAreRefusedBeforeAnythingIsWritten() {
        try (FitTraining classifying =
                new FitTraining(
                        Networks.mlp(4, 3),
                        new Shape(FitTraining.WIDTH),
                        OptimizerCase.ADAM::create,
                        Loss.softmaxCrossEntropyLoss(),
                        List.of(),
                        Trainers.COMPILED)) {
            List<float[]> before = classifying.weights();
            float[] classes = new float[FitTraining.ROWS];
            classes[FitTraining.ROWS - 1] = 3;
            ArrayDataset data =
                    new ArrayDataset.Builder()
                            .setData(classifying.features())
                            .optLabels(classifying.trainer().getManager().create(classes))
                            .setSampling(16, true)
                            .build();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> classifying.fit(1, data, null))
                    .withMessageContaining("from 0 to 2");
            assertThat(classifying.weights()).containsExactlyElementsOf(before);
        }
    }

    @Test
    void wrongNumbersOfStepsAndMissingPartsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FusedTrainer.builder().optStepsPerExecution(0))
                .withMessageContaining("1 or more, found 0");
        assertThatIllegalStateException()
                .isThrownBy(() -> FusedTrainer.builder().build())
                .withMessageContaining("setModel(model)");
    }
}
