// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import io.github.caadam.internal.Draft;
import io.github.caadam.internal.Requirements;
import io.github.caadam.optimizer.StatefulOptimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model and its optimizer as they were at the end of an epoch, kept in one directory: DJL's
 * {@code model-NNNN.params}, and {@code optimizer.npz}. A directory appears under its name when it
 * is complete, so that a kill leaves the checkpoint before. It is called {@code epoch-NNNN}, and
 * {@code epoch-NNNN-2} and so on where that epoch was saved before. Files and directories have the
 * permissions that the process gives to new ones (its umask). To go on from the latest one:
 *
 * <pre>{@code
 * Optional<Checkpoint> checkpoint = Checkpoint.latest(directory);
 * model.setBlock(block);
 * if (checkpoint.isPresent()) {
 *     checkpoint.get().loadModel(model);          // before the trainer is made
 * }
 * try (Trainer trainer = model.newTrainer(config)) {
 *     trainer.initialize(shape);
 *     if (checkpoint.isPresent()) {
 *         checkpoint.get().loadOptimizer(optimizer); // after the block is initialized
 *     }
 *     ...
 * }
 * }</pre>
 *
 * @param directory where it is
 * @param epoch how many epochs it has behind it, 0 or more
 * @since 0.1.0
 */
public record Checkpoint(Path directory, int epoch) {

    private static final Logger logger = LoggerFactory.getLogger(Checkpoint.class);

    private static final String MODEL = "model";
    private static final String OPTIMIZER = "optimizer.npz";
    private static final Pattern NAME = Pattern.compile("epoch-([0-9]{4,9})(?:-([0-9]{1,9}))?");

    /**
     * Checks the epoch.
     *
     * @param directory where it is
     * @param epoch how many epochs it has behind it
     * @throws IllegalArgumentException if the epoch is negative
     */
    public Checkpoint {
        Objects.requireNonNull(directory, "directory");
        Requirements.nonNegative("epoch of a checkpoint", epoch);
    }

    /**
     * Finds the checkpoint with the most epochs. What killed saves left in the directory is
     * deleted, where that is allowed; a save that another process makes right now is left alone.
     *
     * @param parent the directory that a {@link CheckpointListener} writes to
     * @return the checkpoint, or empty if there is none
     * @throws IOException if the directory cannot be read
     */
    public static Optional<Checkpoint> latest(Path parent) throws IOException {
        Draft.sweep(Objects.requireNonNull(parent, "parent"));
        return oldestFirst(parent).reduce((older, newer) -> newer).map(Saved::checkpoint);
    }

    private static Stream<Saved> oldestFirst(Path parent) throws IOException {
        List<Saved> all = new ArrayList<>();
        if (Files.isDirectory(parent)) {
            try (Stream<Path> children = Files.list(parent)) {
                for (Path child : children.toList()) {
                    Matcher matcher = NAME.matcher(child.getFileName().toString());
                    if (matcher.matches()) {
                        String again = matcher.group(2);
                        int epoch = Integer.parseInt(matcher.group(1));
                        all.add(
                                new Saved(
                                        new Checkpoint(child, epoch),
                                        again == null ? 1 : Integer.parseInt(again)));
                    }
                }
            }
        }
        return all.stream()
                .sorted(Comparator.comparingInt(Saved::epoch).thenComparingInt(Saved::times));
    }

    /**
     * A checkpoint in its directory.
     *
     * @param checkpoint the checkpoint
     * @param times how often its epoch was saved until then, 1 or more
     */
    private record Saved(Checkpoint checkpoint, int times) {

        int epoch() {
            return checkpoint.epoch;
        }
    }

    /**
     * Saves a checkpoint, then removes all but the latest ones. A checkpoint of the same epoch is
     * replaced: it goes when the new one is there. An old checkpoint that cannot be deleted is a
     * logged warning.
     *
     * @param parent the directory of the checkpoints; created if missing
     * @param epoch how many epochs it has behind it, 0 or more
     * @param model the model
     * @param optimizer its optimizer, which must know the model's block
     * @param keep how many checkpoints stay, 1 or more
     * @throws IOException if it cannot be written; the checkpoint before is still there
     * @throws IllegalArgumentException if {@code epoch} is negative or {@code keep} below 1
     */
    public static void save(
            Path parent, int epoch, Model model, StatefulOptimizer optimizer, int keep)
            throws IOException {
        Objects.requireNonNull(parent, "parent");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(optimizer, "optimizer");
        Requirements.nonNegative("epoch of a checkpoint", epoch);
        Requirements.positive("number of checkpoints", keep);
        Draft.sweep(parent);
        Path target = parent.resolve(nextName(parent, epoch));
        try (Draft draft = Draft.of(target)) {
            // A temporary directory of the JDK's would be its owner's alone, whatever the umask.
            Files.createDirectory(draft.path());
            model.save(draft.path(), MODEL);
            optimizer.save(draft.path().resolve(OPTIMIZER));
            draft.publish(target);
        }
        removeAllButLatest(parent, keep);
    }

    /** A name of its own, since a directory cannot be replaced by another in one step. */
    private static String nextName(Path parent, int epoch) throws IOException {
        int times =
                oldestFirst(parent)
                        .filter(saved -> saved.epoch() == epoch)
                        .mapToInt(Saved::times)
                        .max()
                        .orElse(0);
        String name = String.format(Locale.ROOT, "epoch-%04d", epoch);
        return times == 0 ? name : name + "-" + (times + 1);
    }

    private static void removeAllButLatest(Path parent, int keep) throws IOException {
        List<Saved> all = oldestFirst(parent).toList();
        long epochs = all.stream().mapToInt(Saved::epoch).distinct().count();
        for (int i = 0; i + 1 < all.size(); i++) {
            boolean isReplaced = all.get(i).epoch() == all.get(i + 1).epoch();
            if (isReplaced || epochs > keep) {
                delete(all.get(i).checkpoint.directory);
            }
            if (!isReplaced) {
                epochs--;
            }
        }
    }

    private static void delete(Path old) {
        try {
            Draft.delete(old);
        } catch (IOException e) {
            logger.warn(
                    "The old checkpoint {} cannot be deleted; the training goes on: {}",
                    old,
                    e.toString());
        }
    }

    /**
     * Loads the model's parameters, running statistics included. Call it before a trainer is made
     * of the model, since DJL replaces the parameters' arrays.
     *
     * @param model a model whose block is of the same form as the saved one
     * @throws IOException if the parameters cannot be read
     * @throws MalformedModelException if they are not those of such a block
     */
    public void loadModel(Model model) throws IOException, MalformedModelException {
        Objects.requireNonNull(model, "model").load(directory, MODEL);
    }

    /**
     * Loads the optimizer's state.
     *
     * @param optimizer an optimizer of the loaded model's block, which must be initialized
     * @throws IOException if the state cannot be read
     * @throws IllegalArgumentException if it is the state of another algorithm or network
     */
    public void loadOptimizer(StatefulOptimizer optimizer) throws IOException {
        Objects.requireNonNull(optimizer, "optimizer").load(directory.resolve(OPTIMIZER));
    }
}
