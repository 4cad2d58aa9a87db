// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import ai.djl.training.Trainer;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.util.Utils;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.caadam.experiments.training.TrainingResult.Epoch;
import io.github.caadam.training.BestWeights;
import io.github.caadam.training.Checkpoint;
import io.github.caadam.training.Resumable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of a training under way, kept in a directory between epochs, so that another process
 * goes on with it where this one was stopped: a {@link Checkpoint} of network and optimizer, the
 * best weights so far, and the epochs. All else that a training remembers follows from its seed and
 * its epochs. What is kept is written once a minute at most, so that short trainings keep nothing,
 * and is of no more use once a training has its result.
 *
 * <p>A training that goes on comes to the same result as one that was never stopped, where epochs
 * are reproducible at all: on CPUs, but not on GPUs, and not with a network that draws random
 * numbers, as for dropout.
 */
public final class TrainingCheckpoints {

    private static final Logger logger = LoggerFactory.getLogger(TrainingCheckpoints.class);

    /** The system property that says how many seconds lie between checkpoints: 60 if not set. */
    public static final String SECONDS_BETWEEN = "caadam.checkpointSeconds";

    private static final Duration BETWEEN =
            Duration.ofSeconds(Integer.getInteger(SECONDS_BETWEEN, 60));

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final Optional<Path> directory;
    private final Duration between;
    private final String here;
    private List<Stretch> places = List.of();
    private long latest = System.nanoTime();
    private boolean cannotBeKept;

    /**
     * What is kept beside arrays.
     *
     * @param epochs the epochs so far
     * @param seconds the wall time of the training so far
     * @param places where it was made, in order
     */
    private record State(List<Epoch> epochs, double seconds, List<Stretch> places) {}

    /**
     * Epochs that were made in one place.
     *
     * @param epochs how many epochs had been made when it left off, those of earlier places
     *     included
     * @param place what it said of itself
     */
    public record Stretch(int epochs, String place) {}

    /** The state of a training as a part of a checkpoint. */
    private static final class KeptState implements Resumable {

        private State state;

        KeptState(State state) {
            this.state = state;
        }

        @Override
        public void save(Path file) throws IOException {
            JSON.writeValue(file.toFile(), state);
        }

        @Override
        public void load(Path file) throws IOException {
            state = JSON.readValue(file.toFile(), State.class);
        }
    }

    /**
     * What was trained before.
     *
     * @param epochs the epochs, one at least
     * @param seconds their wall time
     */
    record Past(List<Epoch> epochs, double seconds) {}

    private TrainingCheckpoints(Optional<Path> directory, Duration between, String here) {
        this.directory = directory;
        this.between = between;
        this.here = here;
    }

    /**
     * Keeps nothing.
     *
     * @return checkpoints of a training that starts anew whenever it is stopped
     */
    public static TrainingCheckpoints none() {
        return new TrainingCheckpoints(Optional.empty(), BETWEEN, "");
    }

    /**
     * Keeps a training's state, and finds it there.
     *
     * @param directory a directory for this training alone; created when there is something to keep
     * @param here what a process that goes on is to know of this one, such as device and commit
     * @return the checkpoints
     */
    public static TrainingCheckpoints in(Path directory, String here) {
        return in(directory, here, BETWEEN);
    }

    static TrainingCheckpoints in(Path directory, String here, Duration between) {
        return new TrainingCheckpoints(Optional.of(directory), between, here);
    }

    /**
     * Returns where a training was made before this process went on with it.
     *
     * @return what the processes before this one said of themselves, in order; empty if this one
     *     started the training
     */
    public List<Stretch> earlierPlaces() {
        return places;
    }

    /** Returns the latest checkpoint, to be given to {@link #resume}. */
    Optional<Checkpoint> find() {
        if (directory.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Checkpoint.latest(directory.get());
        } catch (IOException e) {
            logger.warn("The checkpoints in {} cannot be read: {}", directory.get(), e.toString());
            return Optional.empty();
        }
    }

    /** Loads a training; after its trainer was initialized. */
    Past resume(Checkpoint checkpoint, Trainer trainer, Optimizer optimizer, BestWeights best)
            throws IOException {
        KeptState kept = new KeptState(null);
        try {
            checkpoint.load(parts(trainer, optimizer, best, kept));
        } catch (IllegalArgumentException e) {
            throw new IOException(e);
        }
        places = List.copyOf(kept.state.places());
        return new Past(List.copyOf(kept.state.epochs()), kept.state.seconds());
    }

    /** Keeps the state after an epoch if it is time. What cannot be written is not kept. */
    void offer(
            Trainer trainer,
            Optimizer optimizer,
            BestWeights best,
            List<Epoch> epochs,
            double seconds) {
        if (directory.isEmpty() || cannotBeKept || System.nanoTime() - latest < between.toNanos()) {
            return;
        }
        List<Stretch> all = new ArrayList<>(places);
        all.add(new Stretch(epochs.size(), here));
        KeptState kept = new KeptState(new State(epochs, seconds, all));
        Map<String, Resumable> parts;
        try {
            parts = parts(trainer, optimizer, best, kept);
        } catch (IllegalArgumentException e) {
            logger.warn("The training starts anew if it is stopped: {}", e.getMessage());
            cannotBeKept = true;
            return;
        }
        try {
            Checkpoint.save(directory.get(), epochs.size(), parts, 1);
        } catch (IOException e) {
            logger.warn(
                    "The training could not be kept after epoch {}; it goes on, but starts anew if"
                            + " it is stopped: {}",
                    epochs.size(),
                    e.toString());
        }
        latest = System.nanoTime();
    }

    private static Map<String, Resumable> parts(
            Trainer trainer, Optimizer optimizer, BestWeights best, KeptState kept) {
        Map<String, Resumable> parts = new LinkedHashMap<>();
        parts.put("epochs.json", kept);
        parts.put("best-weights.npz", best);
        parts.put("optimizer.npz", Resumable.ofOptimizer(optimizer, trainer.getModel().getBlock()));
        parts.put("weights.npz", Resumable.ofWeights(trainer));
        return parts;
    }

    /** Forgets what was kept. */
    void discard() {
        directory.ifPresent(Utils::deleteQuietly);
    }
}
