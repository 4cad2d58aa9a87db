// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import io.github.caadam.Logs;
import io.github.caadam.Networks;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.optimizer.Nadam;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.scaling.ScalingStrategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointListenerTest {

    private static final int ROWS = 48;

    @TempDir private Path directory;

    @Test
    void trainingGoesOnBitForBitFromACheckpoint() throws Exception {
        List<float[]> whole = train(directory.resolve("whole"), 4, Optional.empty());
        Path interrupted = directory.resolve("interrupted");
        train(interrupted, 2, Optional.empty());
        Optional<Checkpoint> checkpoint = Checkpoint.latest(interrupted);

        List<float[]> resumed = train(interrupted, 2, checkpoint);

        assertThat(checkpoint).map(Checkpoint::epoch).contains(2);
        assertThat(resumed).usingRecursiveComparison().isEqualTo(whole);
        assertThat(Checkpoint.latest(interrupted)).map(Checkpoint::epoch).contains(4);
    }

    @Test
    void keepsTheLatestAndLeavesNothingHalfWritten() throws Exception {
        try (Model model = model();
                StatefulOptimizer optimizer = optimizer(model)) {
            CheckpointListener listener =
                    CheckpointListener.builder()
                            .setDirectory(directory)
                            .setOptimizer(optimizer)
                            .optEvery(2)
                            .optKeep(2)
                            .build();
            fit(model, optimizer, 9, Optional.empty(), listener);
        }

        try (var children = Files.list(directory)) {
            assertThat(children.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("epoch-0008", "epoch-0009");
        }
        try (var files = Files.list(directory.resolve("epoch-0009"))) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("model-0000.params", "optimizer.npz");
        }
    }

    /** Nine epochs, of which every fourth is saved: the ninth is, too, and can be gone on from. */
    @Test
    void lastEpochIsSavedWhenTheTrainerIsClosed() throws Exception {
        try (Model model = model();
                StatefulOptimizer optimizer = optimizer(model)) {
            fit(model, optimizer, 9, Optional.empty(), every(4, optimizer));
            Checkpoint last = Checkpoint.latest(directory).orElseThrow();
            assertThat(last.epoch()).isEqualTo(9);
            try (Model loaded = model()) {
                last.loadModel(loaded);
                assertThat(Networks.values(loaded.getBlock()))
                        .usingRecursiveComparison()
                        .isEqualTo(Networks.values(model.getBlock()));
            }
        }
    }

    @Test
    void trainingThatEndsWithinAnEpochIsNotSavedAsTheEpochBefore() {
        try (Model model = model();
                StatefulOptimizer optimizer = optimizer(model)) {
            CheckpointListener listener = every(2, optimizer);
            DefaultTrainingConfig config =
                    new DefaultTrainingConfig(new MeanSquaredError())
                            .optOptimizer(optimizer)
                            .addTrainingListeners(listener);
            String log =
                    Logs.of(
                            () -> {
                                try (Trainer trainer = model.newTrainer(config)) {
                                    trainer.initialize(new Shape(16, 3));
                                    trainer.notifyListeners(l -> l.onEpoch(trainer));
                                    trainer.notifyListeners(l -> l.onTrainingBatch(trainer, null));
                                }
                            });
            assertThat(log).contains("Epoch 1 is not saved");
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void optimizerThatWasClosedBeforeTheTrainerIsAWarning() {
        try (Model model = model()) {
            StatefulOptimizer optimizer = optimizer(model);
            DefaultTrainingConfig config =
                    new DefaultTrainingConfig(new MeanSquaredError())
                            .optOptimizer(optimizer)
                            .addTrainingListeners(every(2, optimizer));
            String log =
                    Logs.of(
                            () -> {
                                try (Trainer trainer = model.newTrainer(config)) {
                                    trainer.initialize(new Shape(16, 3));
                                    trainer.notifyListeners(l -> l.onEpoch(trainer));
                                    optimizer.close();
                                }
                            });
            assertThat(log).contains("Epoch 1, the last one, cannot be saved");
        }
        assertThat(directory).isEmptyDirectory();
    }

    private CheckpointListener every(int epochs, StatefulOptimizer optimizer) {
        return CheckpointListener.builder()
                .setDirectory(directory)
                .setOptimizer(optimizer)
                .optEvery(epochs)
                .build();
    }

    @Test
    void trainingThatWouldOverwriteLaterCheckpointsIsRefused() throws Exception {
        train(directory, 3, Optional.empty());

        assertThatIllegalStateException()
                .isThrownBy(() -> train(directory, 1, Optional.empty()))
                .withMessageContaining("holds a checkpoint of epoch 3")
                .withMessageContaining("optCompletedEpochs(3)");
    }

    @Test
    void directoryThatCannotBeWrittenIsNamedAndTheCheckpointBeforeIsKept() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> train(file.resolve("checkpoints"), 1, Optional.empty()))
                .withMessageContaining("checkpoint of epoch 1 could not be saved")
                .withMessageContaining("checkpoints");
    }

    @Test
    void stateOfAnotherOptimizerIsRefused() throws Exception {
        train(directory, 1, Optional.empty());
        Checkpoint checkpoint = Checkpoint.latest(directory).orElseThrow();
        try (Model model = model();
                Nadam nadam = Nadam.builder().optBlock(model.getBlock()).build()) {
            checkpoint.loadModel(model);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> checkpoint.loadOptimizer(nadam))
                    .withMessageContaining("algorithm=adam there, nadam here");
        }
    }

    @Test
    void listenerNeedsADirectoryAndAnOptimizer() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CheckpointListener.builder().setDirectory(directory).build())
                .withMessageContaining("setOptimizer");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CheckpointListener.builder().optEvery(0))
                .withMessageContaining("1 or more, found 0");
    }

    @Test
    void noCheckpointIsFoundWhereThereIsNone() throws IOException {
        assertThat(Checkpoint.latest(directory.resolve("missing"))).isEmpty();
        assertThat(Checkpoint.latest(directory)).isEmpty();
    }

    private static List<float[]> train(Path directory, int epochs, Optional<Checkpoint> from)
            throws Exception {
        try (Model model = model();
                StatefulOptimizer optimizer = optimizer(model)) {
            CheckpointListener listener =
                    CheckpointListener.builder()
                            .setDirectory(directory)
                            .setOptimizer(optimizer)
                            .optCompletedEpochs(from.map(Checkpoint::epoch).orElse(0))
                            .build();
            fit(model, optimizer, epochs, from, listener);
            return Networks.values(model.getBlock());
        }
    }

    private static void fit(
            Model model,
            StatefulOptimizer optimizer,
            int epochs,
            Optional<Checkpoint> from,
            CheckpointListener listener)
            throws Exception {
        DefaultTrainingConfig config =
                new DefaultTrainingConfig(new MeanSquaredError())
                        .optOptimizer(optimizer)
                        .addTrainingListeners(listener);
        if (from.isPresent()) {
            from.get().loadModel(model);
        }
        try (Trainer trainer = model.newTrainer(config)) {
            trainer.initialize(new Shape(16, 3));
            NDManager manager = trainer.getManager();
            Random random = new Random(5);
            NDArray features = manager.create(gaussians(random, ROWS * 3), new Shape(ROWS, 3));
            NDArray targets = manager.create(gaussians(random, ROWS), new Shape(ROWS, 1));
            if (from.isEmpty()) {
                model.getBlock()
                        .getParameters()
                        .values()
                        .forEach(
                                parameter -> {
                                    int size = (int) parameter.getArray().getShape().size();
                                    parameter.getArray().set(magnitudes(random, size));
                                });
            }
            if (from.isPresent()) {
                from.get().loadOptimizer(optimizer);
            }
            ArrayDataset dataset =
                    new ArrayDataset.Builder()
                            .setData(features)
                            .optLabels(targets)
                            .setSampling(16, false)
                            .build();
            EasyTrain.fit(trainer, epochs, dataset, null);
        }
    }

    private static Model model() {
        Model model = Model.newInstance("checkpointed", "PyTorch");
        model.setBlock(
                new SequentialBlock()
                        .add(Linear.builder().setUnits(8).build())
                        .add(BatchNorm.builder().build())
                        .add(Activation.reluBlock())
                        .add(Linear.builder().setUnits(1).build()));
        return model;
    }

    private static StatefulOptimizer optimizer(Model model) {
        return CaAdam.builder()
                .setBlock(model.getBlock())
                .setScaling(ScalingStrategy.depth())
                .optAmsgrad(true)
                .build();
    }

    private static float[] gaussians(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Values above 0, so that a running variance can have them too. */
    private static float[] magnitudes(Random random, int count) {
        float[] values = gaussians(random, count);
        for (int i = 0; i < count; i++) {
            values[i] = 0.1f + Math.abs(values[i]);
        }
        return values;
    }
}
