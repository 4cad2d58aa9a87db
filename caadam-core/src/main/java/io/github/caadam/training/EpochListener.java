// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.training.Trainer;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.optimizer.Optimizer;
import io.github.caadam.internal.Requirements;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings to {@code EasyTrain.fit} what DJL lacks between epochs: early stopping with the best
 * weights, a learning rate that falls on plateaus, and checkpoints from which a training goes on as
 * if it had not been killed.
 *
 * <pre>{@code
 * PlateauTracker learningRate = PlateauTracker.builder().setBaseValue(1e-3f).build();
 * Optimizer optimizer = CaAdam.builder()...optLearningRateTracker(learningRate).build();
 * EpochListener listener = EpochListener.builder()
 *         .optEpochs(1000)
 *         .optEarlyStopping(EarlyStopping.builder().optPatience(15).build())
 *         .optPlateauTracker(learningRate)
 *         .optCheckpoints(Path.of("checkpoints"), optimizer)
 *         .build();
 * TrainingConfig config = new DefaultTrainingConfig(loss)
 *         .optOptimizer(optimizer)
 *         .addTrainingListeners(TrainingListener.Defaults.basic())
 *         .addTrainingListeners(listener);
 * try (Trainer trainer = model.newTrainer(config)) {
 *     trainer.initialize(shape);
 *     int done = listener.resume(trainer);          // 0 where there is no checkpoint
 *     EasyTrain.fit(trainer, 1000 - done, training, validation);
 * } catch (EarlyStoppingListener.EarlyStoppedException e) {
 *     // stopped early
 * }
 * // model has its best weights
 * }</pre>
 *
 * <table>
 *   <caption>What happens, in this order</caption>
 *   <tr><th>when<th>what
 *   <tr><td rowspan="6">an epoch ends<td>1. The monitored values are read.
 *   <tr><td>2. The plateau tracker takes its value, and may reduce the learning rate.
 *   <tr><td>3. Early stopping judges; the weights are captured if they are the best so far.
 *   <tr><td>4. A checkpoint is saved if it is due, or if training ends here: because early stopping
 *       says so, or with the last of the epochs.
 *   <tr><td>5. If training ends here, the best weights are restored.
 *   <tr><td>6. If early stopping says so, DJL's {@link EarlyStoppedException} is thrown; its epochs
 *       count from 1.
 *   <tr><td rowspan="3">the trainer is closed<td>1. The last epoch is saved if it was not. A part of
 *       an epoch, as after an exception, is not saved.
 *   <tr><td>2. If training has not ended yet, the best weights are restored.
 *   <tr><td>3. The copy of the best weights is freed.
 * </table>
 *
 * <p>So the block has the best weights when {@code fit} returns or throws, if the listener knows
 * the number of epochs ({@link Builder#optEpochs}); otherwise after {@link #restoreBestWeights}, or
 * once the trainer is closed. Close the trainer before the optimizer and the model.
 *
 * <p><b>Resuming.</b> A checkpoint holds the weights with running statistics, the optimizer, the
 * plateau tracker, early stopping with its time, the best weights, the number of epochs, and the
 * state of DJL's random numbers of Java, from which row orders are drawn. With the same program,
 * data and number of threads, a training on a CPU that was killed and resumed ends with the same
 * bits. The engine's own random numbers, from which dropout draws, cannot be read through DJL; give
 * the training a seed by {@link Builder#optSeed}. What else your training remembers is kept by
 * {@link Builder#optResumable}. With several devices, the running statistics of the first are kept.
 *
 * <p><b>Averages.</b> The weights that are kept as the best are those that were validated. With
 * {@code optWeightAverage}, or a {@link io.github.caadam.optimizer.ScheduleFreeAdamW}, under a
 * {@link FusedTrainer} these are the averages; they are restored into the weights. A trainer of
 * DJL's validates the weights themselves.
 *
 * <p><b>TorchScript.</b> DJL trains a loaded TorchScript in evaluation mode until it was evaluated
 * once (so in the first epoch), and in training mode after that; a resumed training goes on in the
 * same mode. One with a batch normalisation that has running statistics is refused, since DJL
 * changes them in training mode but does not show them.
 *
 * <p>Monitored evaluations are DJL's, so its {@link EvaluatorTrainingListener} (part of {@code
 * TrainingListener.Defaults}) must be added before this listener. An instance serves one trainer,
 * as do its early stopping and plateau tracker: they are refused when they are used again. {@code
 * fit} may be called several times; epochs count on.
 *
 * @since 0.1.0
 */
public final class EpochListener extends TrainingListenerAdapter {

    private static final Logger logger = LoggerFactory.getLogger(EpochListener.class);

    private static final String OPTIMIZER = "optimizer.npz";
    private static final String WEIGHTS = "weights.npz";
    private static final String BEST_WEIGHTS = "best-weights.npz";
    private static final String EARLY_STOPPING = "early-stopping.npz";
    private static final String PLATEAU = "plateau.npz";
    private static final String RANDOM = "random.npz";
    private static final String TORCHSCRIPT = "torchscript.npz";
    private static final List<String> OWN =
            List.of(OPTIMIZER, WEIGHTS, BEST_WEIGHTS, EARLY_STOPPING, PLATEAU, RANDOM, TORCHSCRIPT);

    private final int epochs;
    private final EarlyStopping earlyStopping;
    private final PlateauTracker plateauTracker;
    private final Path directory;
    private final Optimizer optimizer;
    private final int every;
    private final int keep;
    private final Long seed;
    private final Map<String, Resumable> resumables;

    private Trainer trainer;
    private BestWeights bestWeights;
    private Optional<TorchScriptState> torchScript = Optional.empty();
    private final Map<String, Resumable> parts = new LinkedHashMap<>();
    private int epoch;
    private int offered;
    private boolean hasBegun;
    private boolean isWithinEpoch;
    private boolean isValidated;
    private boolean hasEnded;

    private EpochListener(Builder builder) {
        epochs = builder.epochs;
        earlyStopping = builder.earlyStopping;
        plateauTracker = builder.plateauTracker;
        directory = builder.directory;
        optimizer = builder.optimizer;
        every = builder.every;
        keep = builder.keep;
        seed = builder.seed;
        resumables = new LinkedHashMap<>(builder.resumables);
    }

    /**
     * Prepares for a trainer, which is being made.
     *
     * @throws IllegalStateException if this listener, its early stopping or its plateau tracker
     *     served another trainer; the trainer has no such evaluation as is monitored, or evaluates
     *     it after this listener; its optimizer is not the one whose state is to be saved; or
     *     weights are to be kept, and the block is a TorchScript with running statistics
     */
    @Override
    public void onTrainingBegin(Trainer trainer) {
        requireUnused();
        requireEvaluations(trainer);
        if (directory != null) {
            requireOptimizer(trainer);
        }
        torchScript = TorchScriptState.of(trainer.getModel().getBlock());
        if (earlyStopping != null || directory != null) {
            torchScript.ifPresent(TorchScriptState::requireNoRunningStatistics);
        }
        this.trainer = trainer;
        if (earlyStopping != null) {
            bestWeights = new BestWeights(trainer);
            earlyStopping.start();
        }
        collectParts();
        drawNext();
    }

    private void requireUnused() {
        if (trainer != null) {
            throw new IllegalStateException(
                    "This listener has served a trainer; build another one, with another early"
                            + " stopping, plateau tracker and optimizer.");
        }
        if (earlyStopping != null && earlyStopping.isUsed()) {
            throw new IllegalStateException(
                    "The early stopping has judged another training; build another one: "
                            + earlyStopping);
        }
        if (plateauTracker != null && plateauTracker.isUsed()) {
            throw new IllegalStateException(
                    "The plateau tracker has judged another training; build another one, which is"
                            + " also the optimizer's: "
                            + plateauTracker);
        }
    }

    private List<Monitor> monitors() {
        return Stream.of(
                        Optional.ofNullable(earlyStopping).map(EarlyStopping::monitor),
                        Optional.ofNullable(plateauTracker).map(PlateauTracker::monitor))
                .flatMap(Optional::stream)
                .toList();
    }

    private void requireEvaluations(Trainer trainer) {
        List<TrainingListener> listeners = new ArrayList<>();
        trainer.notifyListeners(listeners::add);
        boolean isEvaluated =
                listeners.subList(0, listeners.indexOf(this)).stream()
                        .anyMatch(EvaluatorTrainingListener.class::isInstance);
        for (Monitor monitor : monitors()) {
            if (monitor.isEvaluation() && !isEvaluated) {
                throw new IllegalStateException(
                        "There is no "
                                + monitor.name()
                                + " when this listener looks: add DJL's EvaluatorTrainingListener"
                                + " (part of TrainingListener.Defaults) before this listener.");
            }
            monitor.requireKnownTo(trainer);
        }
    }

    /** Checks, where DJL shows it, that the state of the right optimizer is saved. */
    private void requireOptimizer(Trainer trainer) {
        Optional<Optimizer> own = TrainedArrays.optimizerOf(trainer);
        if (own.isPresent() && own.get() != optimizer) {
            throw new IllegalStateException(
                    "optCheckpoints was given another optimizer ("
                            + optimizer.getClass().getSimpleName()
                            + ") than the training configuration ("
                            + own.get().getClass().getSimpleName()
                            + "): give both the same instance.");
        }
    }

    private void collectParts() {
        if (directory == null) {
            return;
        }
        parts.put(OPTIMIZER, Resumable.ofOptimizer(optimizer, trainer.getModel().getBlock()));
        parts.put(WEIGHTS, Resumable.ofWeights(trainer));
        if (earlyStopping != null) {
            parts.put(BEST_WEIGHTS, bestWeights);
            parts.put(EARLY_STOPPING, earlyStopping);
        }
        if (plateauTracker != null) {
            parts.put(PLATEAU, plateauTracker);
        }
        torchScript.ifPresent(state -> parts.put(TORCHSCRIPT, state));
        parts.putAll(resumables);
        parts.put(RANDOM, new RandomState());
    }

    /**
     * Goes on from the latest checkpoint, if there is one. Call it after {@code trainer.initialize}
     * and before {@code fit}. Where the training had ended, the best weights are restored.
     *
     * @param trainer the trainer that this listener was made for
     * @return how many epochs are behind the training; 0 if there is no checkpoint
     * @throws IOException if the checkpoint cannot be read, is of another network or format, or was
     *     saved by a training with fewer parts; build trainer and optimizer anew then, as parts of
     *     it may have been loaded
     * @throws IllegalArgumentException if it was saved by another optimizer, or with another
     *     monitor
     * @throws IllegalStateException if there is no directory of checkpoints, the trainer is another
     *     or not initialized, or training has begun
     */
    public int resume(Trainer trainer) throws IOException {
        if (directory == null) {
            throw new IllegalStateException(
                    "There are no checkpoints to resume from: set optCheckpoints.");
        }
        if (trainer != this.trainer) {
            throw new IllegalStateException(
                    "This listener belongs to another trainer: add it to the training"
                            + " configuration that the trainer is made of.");
        }
        if (hasBegun) {
            throw new IllegalStateException("Training has begun; resume before the first epoch.");
        }
        Optional<Checkpoint> latest = Checkpoint.latest(directory);
        if (latest.isPresent()) {
            latest.get().load(parts);
            epoch = latest.get().epoch();
            offered = epoch;
        }
        if (seed != null) {
            reseed();
        }
        if (epoch > 0 && (isLast() || stopReason().isPresent())) {
            end();
        }
        return epoch;
    }

    private boolean isLast() {
        return epochs > 0 && epoch >= epochs;
    }

    private Optional<String> stopReason() {
        return Optional.ofNullable(earlyStopping).flatMap(EarlyStopping::stopReason);
    }

    /**
     * Notes that an epoch has begun.
     *
     * @throws EarlyStoppedException if the training was stopped early before; it has its best
     *     weights
     * @throws IllegalStateException if the last of the epochs is over, or the directory holds
     *     checkpoints of later epochs, so that this training would overtake another
     * @throws UncheckedIOException if the directory cannot be read
     */
    @Override
    public void onTrainingBatch(Trainer trainer, BatchData batchData) {
        if (hasEnded) {
            restoreBestWeights();
            if (stopReason().isPresent()) {
                throw stopped();
            }
            throw new IllegalStateException(
                    "The last of the "
                            + epochs
                            + " epochs is over. Train fewer, or say so by optEpochs.");
        }
        if (!hasBegun && directory != null) {
            requireNothingLater();
        }
        hasBegun = true;
        isWithinEpoch = true;
    }

    private void requireNothingLater() {
        try {
            int latest = Checkpoint.latest(directory).map(Checkpoint::epoch).orElse(0);
            if (latest > epoch) {
                throw new IllegalStateException(
                        directory
                                + " holds a checkpoint of epoch "
                                + latest
                                + ", but this training begins after "
                                + epoch
                                + ": call resume(trainer) after trainer.initialize, or choose"
                                + " another directory.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Notes that there is a validation set. */
    @Override
    public void onValidationBatch(Trainer trainer, BatchData batchData) {
        isValidated = true;
        torchScript.ifPresent(TorchScriptState::noteEvaluation);
    }

    /**
     * Does what is to be done at the end of an epoch, in the order of the table above.
     *
     * @throws EarlyStoppedException if training is to stop; the best weights are restored
     * @throws IllegalStateException if a value of the validation set is monitored, and there is
     *     none
     * @throws UncheckedIOException if a checkpoint cannot be written; the one before is still there
     */
    @Override
    public void onEpoch(Trainer trainer) {
        double stoppingValue = earlyStopping == null ? 0 : value(earlyStopping.monitor());
        double plateauValue = plateauTracker == null ? 0 : value(plateauTracker.monitor());
        isValidated = false;
        isWithinEpoch = false;
        hasBegun = true;
        epoch++;
        if (plateauTracker != null) {
            plateauTracker.update(plateauValue);
        }
        boolean isStopped = false;
        if (earlyStopping != null) {
            EarlyStopping.Decision decision = earlyStopping.update(epoch - 1, stoppingValue);
            if (decision.keepsWeights()) {
                bestWeights.capture();
            }
            isStopped = decision.stops();
        }
        drawNext();
        boolean ends = isStopped || isLast();
        if (directory != null && (ends || epoch % every == 0)) {
            save();
        }
        if (ends) {
            end();
        }
        if (isStopped) {
            throw stopped();
        }
    }

    private double value(Monitor monitor) {
        if (monitor.needsValidation() && !isValidated) {
            throw new IllegalStateException(
                    "There is no "
                            + monitor.name()
                            + ": train with a validation set, or monitor another value by"
                            + " optMonitor, such as train_loss.");
        }
        return monitor.value(trainer);
    }

    private EarlyStoppedException stopped() {
        return new EarlyStoppedException(epoch, stopReason().orElseThrow());
    }

    private void end() {
        hasEnded = true;
        restoreBestWeights();
    }

    /** Prepares the random numbers of the next epoch, whether or not a checkpoint is saved. */
    private void drawNext() {
        if (seed != null) {
            reseed();
        } else if (directory != null) {
            RandomState.normalize();
        }
    }

    /** Seeds DJL and the engine by the seed and the number of the epoch. */
    private void reseed() {
        long ofEpoch = new SplittableRandom(seed).nextLong() + epoch;
        trainer.getManager().getEngine().setRandomSeed(new SplittableRandom(ofEpoch).nextInt());
    }

    private void save() {
        offered = epoch;
        try {
            Checkpoint.save(directory, epoch, parts, keep);
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
     * Restores the best weights so far into the block, and into the trainer's copies on other
     * devices. {@code EasyTrain.fit} tells no listener that it has ended; call this after it if the
     * listener does not know the number of epochs.
     *
     * @return whether there were any; false without early stopping, before the first epoch that is
     *     judged, and after the trainer was closed, which restored them
     * @throws IllegalStateException if the block has other parameters than when they were captured
     */
    public boolean restoreBestWeights() {
        return bestWeights != null && bestWeights.restore();
    }

    /**
     * Saves the last epoch if it was not, and restores the best weights. Where training ended
     * within an epoch, as by an exception, the weights are no longer those of the epoch before, and
     * nothing is saved.
     *
     * @throws UncheckedIOException if the checkpoint cannot be written; the one before is still
     *     there, and the best weights are restored
     */
    @Override
    public void onTrainingEnd(Trainer trainer) {
        try {
            if (directory != null) {
                saveLast();
            }
        } finally {
            if (bestWeights != null) {
                if (!hasEnded) {
                    end();
                }
                bestWeights.close();
            }
        }
    }

    private void saveLast() {
        if (epoch == offered) {
            return;
        }
        // A chunk is trained before listeners hear of it.
        if (isWithinEpoch || (trainer instanceof FusedTrainer fused && fused.isWithinChunk())) {
            logger.warn("Epoch {} is not saved: training went on and did not end.", epoch);
            return;
        }
        try {
            save();
        } catch (IllegalStateException e) {
            logger.warn("Epoch {}, the last one, cannot be saved: {}", epoch, e.getMessage());
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

    /** Builds an {@link EpochListener}. */
    public static final class Builder {

        private int epochs;
        private EarlyStopping earlyStopping;
        private PlateauTracker plateauTracker;
        private Path directory;
        private Optimizer optimizer;
        private int every = 1;
        private int keep = 1;
        private Long seed;
        private final Map<String, Resumable> resumables = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Sets the number of epochs of the whole training, those before a resume included (default:
         * not known). After the last one the best weights are restored.
         *
         * @param epochs the number, 1 or more
         * @return this builder
         */
        public Builder optEpochs(int epochs) {
            this.epochs = Requirements.positive("number of epochs", epochs);
            return this;
        }

        /**
         * Stops early and restores the best weights (default: neither).
         *
         * @param earlyStopping when to stop; not used before
         * @return this builder
         */
        public Builder optEarlyStopping(EarlyStopping earlyStopping) {
            this.earlyStopping = Objects.requireNonNull(earlyStopping, "earlyStopping");
            return this;
        }

        /**
         * Updates a learning rate at the end of every epoch (default: none).
         *
         * @param plateauTracker the tracker, which is also the optimizer's; not used before
         * @return this builder
         */
        public Builder optPlateauTracker(PlateauTracker plateauTracker) {
            this.plateauTracker = Objects.requireNonNull(plateauTracker, "plateauTracker");
            return this;
        }

        /**
         * Saves checkpoints (default: none). Optimizers that can be saved are those of this
         * library, which must know their block by {@code optBlock}; DJL's {@code Sgd}, {@code Adam}
         * and {@code AdamW}; and your own if it is {@link Resumable}.
         *
         * @param directory where checkpoints go; created if missing
         * @param optimizer the trainer's optimizer
         * @return this builder
         * @throws IllegalArgumentException if the optimizer cannot be saved
         */
        public Builder optCheckpoints(Path directory, Optimizer optimizer) {
            this.directory = Objects.requireNonNull(directory, "directory");
            OptimizerStates.requireKnown(optimizer);
            this.optimizer = optimizer;
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
         * Keeps something else in each checkpoint, such as a metric's history or a random generator
         * of your own.
         *
         * @param name the name of its file in a checkpoint
         * @param resumable what is kept
         * @return this builder
         * @throws IllegalArgumentException if the name is not of letters, digits, dots, hyphens and
         *     underscores, or taken
         */
        public Builder optResumable(String name, Resumable resumable) {
            Checkpoint.requirePart(Objects.requireNonNull(name, "name"));
            Objects.requireNonNull(resumable, "resumable");
            if (OWN.contains(name) || resumables.putIfAbsent(name, resumable) != null) {
                throw new IllegalArgumentException(
                        "A checkpoint has a file " + name + " already; choose another name.");
            }
            return this;
        }

        /**
         * Seeds DJL and the engine anew before each epoch, by this seed and the number of the epoch
         * (default: not). So an epoch draws the same row order and the same dropout whether or not
         * the training was resumed before it. Seeds are those of the whole process.
         *
         * @param seed the seed
         * @return this builder
         */
        public Builder optSeed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Builds the listener.
         *
         * @return the listener
         * @throws IllegalArgumentException if it has nothing to do, or something to keep and no
         *     checkpoints to keep it in
         */
        public EpochListener build() {
            if (earlyStopping == null && plateauTracker == null && directory == null) {
                throw new IllegalArgumentException(
                        "The listener has nothing to do: set optEarlyStopping, optPlateauTracker or"
                                + " optCheckpoints.");
            }
            if (directory == null && !resumables.isEmpty()) {
                throw new IllegalArgumentException(
                        "There are no checkpoints to keep "
                                + resumables.keySet()
                                + " in: set optCheckpoints.");
            }
            return new EpochListener(this);
        }
    }
}
