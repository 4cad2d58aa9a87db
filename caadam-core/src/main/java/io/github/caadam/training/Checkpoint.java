// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import io.github.caadam.internal.Requirements;
import io.github.caadam.optimizer.StatefulOptimizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A model and its optimizer as they were at the end of an epoch, kept in one directory: DJL's
 * {@code model-NNNN.params}, and {@code optimizer.npz}. A directory appears under its name when it
 * is complete, so that a kill leaves the checkpoint before. To go on from the latest one:
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

    private static final String MODEL = "model";
    private static final String OPTIMIZER = "optimizer.npz";
    private static final Pattern NAME = Pattern.compile("epoch-([0-9]{4,9})");

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
     * Finds the checkpoint with the most epochs.
     *
     * @param parent the directory that a {@link CheckpointListener} writes to
     * @return the checkpoint, or empty if there is none
     * @throws IOException if the directory cannot be read
     */
    public static Optional<Checkpoint> latest(Path parent) throws IOException {
        return all(Objects.requireNonNull(parent, "parent")).stream()
                .max(Comparator.comparingInt(Checkpoint::epoch));
    }

    private static List<Checkpoint> all(Path parent) throws IOException {
        List<Checkpoint> checkpoints = new ArrayList<>();
        if (Files.isDirectory(parent)) {
            try (Stream<Path> children = Files.list(parent)) {
                for (Path child : children.toList()) {
                    Matcher matcher = NAME.matcher(child.getFileName().toString());
                    if (matcher.matches()) {
                        checkpoints.add(new Checkpoint(child, Integer.parseInt(matcher.group(1))));
                    }
                }
            }
        }
        return checkpoints;
    }

    /**
     * Saves a checkpoint, then removes all but the latest ones.
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
        if (!Files.isDirectory(parent)) {
            Files.createDirectories(parent);
        }
        Path temporary = Files.createTempDirectory(parent, "epoch");
        try {
            model.save(temporary, MODEL);
            optimizer.save(temporary.resolve(OPTIMIZER));
            Path target = parent.resolve(String.format(Locale.ROOT, "epoch-%04d", epoch));
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(temporary);
        }
        List<Checkpoint> oldestFirst =
                all(parent).stream().sorted(Comparator.comparingInt(Checkpoint::epoch)).toList();
        for (Checkpoint old : oldestFirst.subList(0, Math.max(oldestFirst.size() - keep, 0))) {
            delete(old.directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> tree = Files.walk(directory)) {
                for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
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
