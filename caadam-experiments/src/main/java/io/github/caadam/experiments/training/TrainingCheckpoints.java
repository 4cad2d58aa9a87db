// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.util.Utils;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.caadam.experiments.training.TrainingResult.Epoch;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.training.BestWeights;
import io.github.caadam.training.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of a training under way, kept in a directory between epochs, so that another process
 * goes on with it where this one was stopped: network and optimizer as a {@link Checkpoint}, the
 * best weights so far, and the epochs. All else that a training remembers follows from its seed and
 * its epochs. What is kept is written once a minute at most, so that short trainings keep nothing,
 * and is of no more use once a training has its result.
 *
 * <p>A training that goes on comes to the same result as one that was never stopped, where epochs
 * are reproducible at all: on CPUs, but not on GPUs, and not with a network that draws random
 * numbers, as for dropout. Compiled epochs of a convolutional network differ in the last digits of
 * their validation losses: PyTorch executes a program in another way once it has seen it twice, and
 * a new process has not.
 */
public final class TrainingCheckpoints {

    private static final Logger logger = LoggerFactory.getLogger(TrainingCheckpoints.class);

    private static final Duration BETWEEN = Duration.ofMinutes(1);
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final Optional<Path> directory;
    private final Duration between;
    private final String here;
    private List<String> places = List.of();
    private long latest = System.nanoTime();

    /**
     * What is kept beside arrays.
     *
     * @param epochs the epochs so far
     * @param seconds the wall time of the training so far
     * @param places where it was made, in order, each once
     */
    private record State(List<Epoch> epochs, double seconds, List<String> places) {}

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
     * @return what the processes before this one said of themselves, in order and each once; empty
     *     if this one started the training
     */
    public List<String> earlierPlaces() {
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
            logger.warn("The checkpoints in {} cannot be read.", directory.get(), e);
            return Optional.empty();
        }
    }

    /** Loads a network; before a trainer is made of it. */
    void load(Checkpoint checkpoint, Model model) throws IOException {
        try {
            checkpoint.loadModel(model);
        } catch (MalformedModelException | IllegalArgumentException e) {
            throw new IOException("It is of another network, or cut off.", e);
        }
    }

    /** Loads what belongs to a network; after its trainer was initialized. */
    Past resume(Checkpoint checkpoint, StatefulOptimizer optimizer, BestWeights best)
            throws IOException {
        State state = JSON.readValue(states(checkpoint.epoch()).toFile(), State.class);
        try {
            checkpoint.loadOptimizer(optimizer);
        } catch (IllegalArgumentException e) {
            throw new IOException(e);
        }
        if (Files.exists(bestWeights(checkpoint.epoch()))) {
            best.load(bestWeights(checkpoint.epoch()));
        }
        places = List.copyOf(state.places());
        return new Past(List.copyOf(state.epochs()), state.seconds());
    }

    /** Keeps the state after an epoch if it is time. What cannot be written is not kept. */
    void offer(
            Model model,
            StatefulOptimizer optimizer,
            BestWeights best,
            List<Epoch> epochs,
            double seconds) {
        if (directory.isEmpty() || System.nanoTime() - latest < between.toNanos()) {
            return;
        }
        int count = epochs.size();
        List<String> all = new ArrayList<>(places);
        if (!all.contains(here)) {
            all.add(here);
        }
        try {
            Files.createDirectories(directory.get());
            best.save(bestWeights(count));
            JSON.writeValue(states(count).toFile(), new State(epochs, seconds, all));
            // What makes the files before it count.
            Checkpoint.save(directory.get(), count, model, optimizer, 1);
            removeAllBut(count);
        } catch (IOException e) {
            logger.warn(
                    "The training could not be kept after epoch {}; it goes on, but starts anew if"
                            + " it is stopped: {}",
                    count,
                    e.toString());
        }
        latest = System.nanoTime();
    }

    /** Forgets what was kept. */
    void discard() {
        directory.ifPresent(Utils::deleteQuietly);
    }

    private void removeAllBut(int epochs) throws IOException {
        List<Path> keep = List.of(states(epochs), bestWeights(epochs));
        try (Stream<Path> files = Files.list(directory.orElseThrow())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!keep.contains(file)) {
                    Files.delete(file);
                }
            }
        }
    }

    private Path states(int epochs) {
        return file("epochs-%04d.json", epochs);
    }

    private Path bestWeights(int epochs) {
        return file("best-%04d.npz", epochs);
    }

    private Path file(String name, int epochs) {
        return directory.orElseThrow().resolve(String.format(Locale.ROOT, name, epochs));
    }
}
