// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.util.JsonUtils;
import com.google.gson.JsonParseException;
import io.github.caadam.internal.Draft;
import io.github.caadam.internal.Requirements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a training remembers at the end of an epoch, kept in one directory: a file for each part,
 * such as {@code weights.npz} and {@code optimizer.npz}, and {@code checkpoint.json} with the
 * format's version, the epoch and the names of the parts. A directory appears under its name when
 * it is complete, so that a kill leaves the checkpoint before. It is called {@code epoch-NNNN}, and
 * {@code epoch-NNNN-2} and so on where that epoch was saved before. Files and directories have the
 * permissions that the process gives to new ones (its umask).
 *
 * <p>An {@link EpochListener} saves and loads checkpoints of a training by {@code EasyTrain.fit}. A
 * loop of your own does it so:
 *
 * <pre>{@code
 * Map<String, Resumable> parts = new LinkedHashMap<>();
 * parts.put("optimizer.npz", Resumable.ofOptimizer(optimizer, block));
 * parts.put("weights.npz", Resumable.ofWeights(trainer));
 * int epoch = 0;
 * Optional<Checkpoint> checkpoint = Checkpoint.latest(directory);
 * if (checkpoint.isPresent()) {                     // after trainer.initialize
 *     checkpoint.get().load(parts);
 *     epoch = checkpoint.get().epoch();
 * }
 * for (; epoch < epochs; epoch++) {
 *     ...
 *     Checkpoint.save(directory, epoch + 1, parts, 1);
 * }
 * }</pre>
 *
 * @param directory where it is
 * @param epoch how many epochs it has behind it, 0 or more
 * @since 0.1.0
 */
public record Checkpoint(Path directory, int epoch) {

    private static final Logger logger = LoggerFactory.getLogger(Checkpoint.class);

    private static final int FORMAT = 1;
    private static final String FORMAT_KEY = "format";
    private static final String EPOCH_KEY = "epoch";
    private static final String PARTS_KEY = "parts";
    private static final String HEAD = "checkpoint.json";
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
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
     * @param parent the directory that an {@link EpochListener} writes to
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
     * <p>The latest are those with the most epochs. So a directory is for one training.
     *
     * @param parent the directory of the checkpoints; created if missing
     * @param epoch how many epochs it has behind it, 0 or more
     * @param parts what is kept, by the names of the files
     * @param keep how many checkpoints stay, 1 or more
     * @throws IOException if it cannot be written; the checkpoint before is still there
     * @throws IllegalArgumentException if {@code epoch} is negative, {@code keep} below 1, or a
     *     name is not of letters, digits, dots, hyphens and underscores, or is {@code
     *     checkpoint.json}
     * @throws IllegalStateException if the directory holds a checkpoint of a later epoch
     */
    public static void save(
            Path parent, int epoch, Map<String, ? extends Resumable> parts, int keep)
            throws IOException {
        Objects.requireNonNull(parent, "parent");
        Objects.requireNonNull(parts, PARTS_KEY);
        Requirements.nonNegative("epoch of a checkpoint", epoch);
        Requirements.positive("number of checkpoints", keep);
        parts.keySet().forEach(Checkpoint::requirePart);
        Draft.sweep(parent);
        requireNothingLater(parent, epoch);
        Path target = parent.resolve(nextName(parent, epoch));
        try (Draft draft = Draft.of(target)) {
            // A temporary directory of the JDK's would be its owner's alone, whatever the umask.
            Files.createDirectory(draft.path());
            for (Map.Entry<String, ? extends Resumable> part : parts.entrySet()) {
                part.getValue().save(draft.path().resolve(part.getKey()));
            }
            Map<String, Object> head = new LinkedHashMap<>();
            head.put(FORMAT_KEY, FORMAT);
            head.put(EPOCH_KEY, epoch);
            head.put(PARTS_KEY, List.copyOf(parts.keySet()));
            Files.writeString(draft.path().resolve(HEAD), JsonUtils.GSON_PRETTY.toJson(head));
            draft.publish(target);
        }
        removeAllButLatest(parent, keep);
    }

    /**
     * Checks the name of a part's file.
     *
     * @param name the name
     * @return the name
     * @throws IllegalArgumentException if it is no such name
     */
    static String requirePart(String name) {
        if (!PART.matcher(name).matches() || name.equals(HEAD)) {
            throw new IllegalArgumentException(
                    "A part of a checkpoint is a file of its name: letters, digits, dots, hyphens"
                            + " and underscores, 100 at most, and not "
                            + HEAD
                            + "; found "
                            + name
                            + ".");
        }
        return name;
    }

    private static void requireNothingLater(Path parent, int epoch) throws IOException {
        int latest = latest(parent).map(Checkpoint::epoch).orElse(0);
        if (latest > epoch) {
            throw new IllegalStateException(
                    parent
                            + " holds a checkpoint of epoch "
                            + latest
                            + ", and epoch "
                            + epoch
                            + " would not be the latest: load it and go on from there, or choose"
                            + " another directory.");
        }
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
     * Loads parts, in the order of the map. All of them must have been saved; a part that was saved
     * and is not asked for is a logged warning.
     *
     * @param parts what is to go on from here, by the names of the files
     * @throws IOException if the checkpoint cannot be read, is of another format or network, or
     *     lacks a part; parts before the one that cannot be read may have been loaded then
     * @throws IllegalArgumentException if a part is of something else, such as another optimizer
     */
    public void load(Map<String, ? extends Resumable> parts) throws IOException {
        Objects.requireNonNull(parts, PARTS_KEY);
        TreeSet<String> missing = new TreeSet<>(parts.keySet());
        TreeSet<String> left = new TreeSet<>(savedParts());
        missing.removeAll(left);
        left.removeAll(parts.keySet());
        if (!missing.isEmpty()) {
            throw new IOException(
                    directory
                            + " does not hold "
                            + missing
                            + ": it was saved by a training without. Go on as it was, or start the"
                            + " training anew in another directory.");
        }
        if (!left.isEmpty()) {
            logger.warn("{} holds {}, which this training does not ask for.", directory, left);
        }
        for (Map.Entry<String, ? extends Resumable> part : parts.entrySet()) {
            part.getValue().load(directory.resolve(part.getKey()));
        }
    }

    /** Reads the names of the parts. */
    private List<String> savedParts() throws IOException {
        Path file = directory.resolve(HEAD);
        try {
            if (JsonUtils.GSON.fromJson(Files.readString(file), Object.class)
                            instanceof Map<?, ?> head
                    && head.containsKey(FORMAT_KEY)) {
                SavedValues.requireFormat(file, head.get(FORMAT_KEY), FORMAT);
                if (head.get(PARTS_KEY) instanceof List<?> names) {
                    return names.stream().map(String::valueOf).toList();
                }
            }
        } catch (NoSuchFileException e) {
            throw new IOException(directory + " is no checkpoint: it has no " + HEAD + '.', e);
        } catch (JsonParseException e) {
            throw new IOException(file + " is not the head of a checkpoint.", e);
        }
        throw new IOException(file + " is not the head of a checkpoint.");
    }
}
