// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListenerAdapter;
import io.github.caadam.internal.Requirements;
import io.github.caadam.optimizer.StatefulOptimizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves model and optimizer together at the end of every epoch, or of every few, and of the last
 * one; see {@link Checkpoint} for how to go on from what it saved.
 *
 * <pre>{@code
 * config.addTrainingListeners(
 *         CheckpointListener.builder()
 *                 .setDirectory(Path.of("checkpoints"))
 *                 .setOptimizer(optimizer)
 *                 .optCompletedEpochs(checkpoint.map(Checkpoint::epoch).orElse(0))
 *                 .build());
 * }</pre>
 *
 * <p>What a learning-rate tracker or a {@link ValidationListener} remembers is not saved.
 *
 * <p>The last epoch is saved when the trainer is closed, since {@code EasyTrain.fit} tells no
 * listener that it has ended: close the trainer before the optimizer and the model.
 *
 * @since 0.1.0
 */
public final class CheckpointListener extends TrainingListenerAdapter {

    private static final Logger logger = LoggerFactory.getLogger(CheckpointListener.class);

    private final Path directory;
    private final StatefulOptimizer optimizer;
    private final int every;
    private final int keep;
    private int epoch;
    private int offered;
    private boolean isWithinEpoch;

    private CheckpointListener(Builder builder) {
        directory = builder.directory;
        optimizer = builder.optimizer;
        every = builder.every;
        keep = builder.keep;
        epoch = builder.completedEpochs;
        offered = epoch;
    }

    /**
     * Checks that the directory holds nothing that this training would overtake or overwrite.
     *
     * @throws IllegalStateException if it holds checkpoints of later epochs than those completed
     * @throws UncheckedIOException if it cannot be read
     */
    @Override
    public void onTrainingBegin(Trainer trainer) {
        try {
            int latest = Checkpoint.latest(directory).map(Checkpoint::epoch).orElse(0);
            if (latest > epoch) {
                throw new IllegalStateException(
                        directory
                                + " holds a checkpoint of epoch "
                                + latest
                                + ", but "
                                + epoch
                                + " are completed: load it and call optCompletedEpochs("
                                + latest
                                + "), or choose another directory.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Saves a checkpoint if it is time.
     *
     * @throws UncheckedIOException if it cannot be written; the checkpoint before is still there
     */
    @Override
    public void onEpoch(Trainer trainer) {
        epoch++;
        isWithinEpoch = false;
        if (epoch % every == 0) {
            save(trainer);
        }
    }

    /** Notes that an epoch has begun. */
    @Override
    public void onTrainingBatch(Trainer trainer, BatchData batchData) {
        isWithinEpoch = true;
    }

    /**
     * Saves the last epoch if it was not saved, when the trainer is closed. Where training ended
     * within an epoch, as by an exception, the weights are no longer those of the epoch before, and
     * nothing is saved.
     *
     * @throws UncheckedIOException if it cannot be written; the checkpoint before is still there
     */
    @Override
    public void onTrainingEnd(Trainer trainer) {
        if (epoch == offered) {
            return;
        }
        if (isWithinEpoch) {
            logger.warn("Epoch {} is not saved: training went on and did not end.", epoch);
            return;
        }
        try {
            save(trainer);
        } catch (IllegalStateException e) {
            logger.warn("Epoch {}, the last one, cannot be saved: {}", epoch, e.getMessage());
        }
    }

    private void save(Trainer trainer) {
        offered = epoch;
        try {
            Checkpoint.save(directory, epoch, trainer.getModel(), optimizer, keep);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The checkpoint of epoch "
                            + epoch
                            + " could not be saved to "
                            + directory
                            + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /**
     * Creates a builder.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link CheckpointListener}. */
    public static final class Builder {

        private Path directory;
        private StatefulOptimizer optimizer;
        private int every = 1;
        private int keep = 1;
        private int completedEpochs;

        private Builder() {}

        /**
         * Sets where checkpoints go; created if missing.
         *
         * @param directory the directory
         * @return this builder
         */
        public Builder setDirectory(Path directory) {
            this.directory = Objects.requireNonNull(directory, "directory");
            return this;
        }

        /**
         * Sets the trainer's optimizer, which must know its block.
         *
         * @param optimizer the optimizer
         * @return this builder
         */
        public Builder setOptimizer(StatefulOptimizer optimizer) {
            this.optimizer = Objects.requireNonNull(optimizer, "optimizer");
            return this;
        }

        /**
         * Sets after how many epochs a checkpoint is saved (default 1). The last epoch is saved
         * whatever its number.
         *
         * @param every the number of epochs, 1 or more
         * @return this builder
         */
        public Builder optEvery(int every) {
            this.every = Requirements.positive("number of epochs between checkpoints", every);
            return this;
        }

        /**
         * Sets how many checkpoints are kept (default 1, the latest).
         *
         * @param keep the number, 1 or more
         * @return this builder
         */
        public Builder optKeep(int keep) {
            this.keep = Requirements.positive("number of checkpoints", keep);
            return this;
        }

        /**
         * Sets how many epochs were trained before, which is where counting goes on (default 0).
         *
         * @param completedEpochs the epoch of the checkpoint that was loaded, 0 or more
         * @return this builder
         */
        public Builder optCompletedEpochs(int completedEpochs) {
            this.completedEpochs = Requirements.nonNegative("completed epochs", completedEpochs);
            return this;
        }

        /**
         * Builds the listener.
         *
         * @return the listener
         * @throws IllegalArgumentException if no directory or no optimizer was set
         */
        public CheckpointListener build() {
            if (directory == null || optimizer == null) {
                throw new IllegalArgumentException(
                        "A checkpoint needs a directory and the trainer's optimizer: call"
                                + " setDirectory and setOptimizer.");
            }
            return new CheckpointListener(this);
        }
    }
}
