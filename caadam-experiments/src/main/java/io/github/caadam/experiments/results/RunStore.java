// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import ai.djl.util.Utils;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The runs of a directory: {@code runs/ID.json} with a result each, {@code failed/ID.json} for
 * those without, {@code checkpoints/ID/} for long ones under way, and {@code study.json}, the plan.
 * A file is written under a temporary name and then renamed, so that a kill leaves either a whole
 * file or none.
 */
public final class RunStore {

    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .build();

    private static final String SUFFIX = ".json";
    private static final String CORRUPT = ".corrupt";

    private final Path root;
    private final Path runs;
    private final Path failed;
    private final Path checkpoints;
    private final Path plan;

    /**
     * Opens a store.
     *
     * @param out the directory that the user named; {@code runs/} below it is created if missing
     * @throws IOException if it cannot be created
     */
    public RunStore(Path out) throws IOException {
        this.root = out;
        this.runs = Files.createDirectories(out.resolve("runs"));
        this.failed = out.resolve("failed");
        this.checkpoints = out.resolve("checkpoints");
        this.plan = out.resolve("study.json");
    }

    /**
     * Opens a store that must exist.
     *
     * @param out the directory that a study wrote to
     * @return the store
     * @throws IOException if there is no store
     */
    public static RunStore existing(Path out) throws IOException {
        if (!Files.isDirectory(out.resolve("runs"))) {
            throw new IOException(
                    out + " holds no runs; name the directory that --out of \"caadam run\" named.");
        }
        return new RunStore(out);
    }

    /**
     * Takes the store for this process until the lock is closed.
     *
     * @return the lock
     * @throws IOException if another process has it, or the directory cannot be written
     */
    public StoreLock lock() throws IOException {
        return StoreLock.acquire(root);
    }

    /**
     * Sets aside what an interruption or a broken disk left behind: removes temporary files, and
     * renames runs that cannot be read to {@code ID.json.corrupt}, so that they are made again. To
     * be called under the lock.
     *
     * @return the files that were set aside
     * @throws IOException if the store cannot be read or a file not be renamed
     */
    public List<Path> clean() throws IOException {
        List<Path> corrupt = new ArrayList<>();
        for (Path file : files(runs, "")) {
            String name = file.getFileName().toString();
            if (name.endsWith(WholeFile.PART)) {
                Files.delete(file);
            } else if (name.endsWith(SUFFIX) && !isRun(file)) {
                Path aside = file.resolveSibling(name + CORRUPT);
                Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
                corrupt.add(aside);
            }
        }
        return corrupt;
    }

    private static boolean isRun(Path file) throws IOException {
        try {
            RunRecord run = JSON.readValue(file.toFile(), RunRecord.class);
            return run != null && file.getFileName().toString().equals(run.id() + SUFFIX);
        } catch (JacksonException e) {
            return false;
        }
    }

    /**
     * Returns whether a run is in the store, without reading it.
     *
     * @param id the run's id
     * @return whether its file exists
     */
    public boolean contains(String id) {
        return Files.exists(file(id));
    }

    /**
     * Reads a run.
     *
     * @param id the run's id
     * @return the run, or empty if it is not in the store
     * @throws IOException if its file is not a run; the message says which file to delete
     */
    public Optional<RunRecord> find(String id) throws IOException {
        return read(file(id), RunRecord.class);
    }

    /**
     * Reads all runs.
     *
     * @return the runs, by id
     * @throws IOException if a file is not a run; the message says which file to delete
     */
    public List<RunRecord> all() throws IOException {
        List<RunRecord> all = new ArrayList<>();
        for (Path file : files(runs, SUFFIX)) {
            read(file, RunRecord.class).ifPresent(all::add);
        }
        return all;
    }

    /**
     * Keeps a run, replacing an earlier one of the same id, a failure and a checkpoint.
     *
     * @param run the run
     * @throws StoreException if it cannot be written
     */
    public void save(RunRecord run) throws StoreException {
        try {
            write(file(run.id()), run);
            Files.deleteIfExists(failed.resolve(run.id() + SUFFIX));
            discardCheckpoint(run.id());
        } catch (IOException e) {
            throw new StoreException(root, e);
        }
    }

    /**
     * Returns where checkpoints are kept.
     *
     * @return a directory that is there while long runs are under way
     */
    public Path checkpoints() {
        return checkpoints;
    }

    /**
     * Returns where the state of a run is kept while it is made.
     *
     * @param checkpoints a store's {@link #checkpoints}
     * @param id the run's id
     * @return a directory for the run alone; it need not exist
     */
    public static Path checkpoint(Path checkpoints, String id) {
        return checkpoints.resolve(id);
    }

    /**
     * Removes the state of a run, so that it starts anew.
     *
     * @param id the run's id
     */
    public void discardCheckpoint(String id) {
        if (Files.isDirectory(checkpoints)) {
            Utils.deleteQuietly(checkpoint(checkpoints, id));
            // Stays while it is not empty.
            checkpoints.toFile().delete();
        }
    }

    /**
     * Keeps a failure, replacing an earlier one of the same run.
     *
     * @param failure the failure
     * @throws StoreException if it cannot be written
     */
    public void save(RunFailure failure) throws StoreException {
        try {
            write(failed.resolve(failure.id() + SUFFIX), failure);
        } catch (IOException e) {
            throw new StoreException(root, e);
        }
    }

    /**
     * Reads all failures.
     *
     * @return the failures, by id
     * @throws IOException if one cannot be read
     */
    public List<RunFailure> failures() throws IOException {
        List<RunFailure> failures = new ArrayList<>();
        for (Path file : files(failed, SUFFIX)) {
            read(file, RunFailure.class).ifPresent(failures::add);
        }
        return failures;
    }

    /**
     * Keeps the plan.
     *
     * @param studyPlan which runs the store is to hold
     * @throws StoreException if it cannot be written
     */
    public void save(StudyPlan studyPlan) throws StoreException {
        try {
            write(plan, studyPlan);
        } catch (IOException e) {
            throw new StoreException(root, e);
        }
    }

    /**
     * Reads the plan.
     *
     * @return the plan, or empty if none was kept
     * @throws IOException if it cannot be read
     */
    public Optional<StudyPlan> plan() throws IOException {
        return read(plan, StudyPlan.class);
    }

    private static List<Path> files(Path directory, String suffix) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    private static <T> Optional<T> read(Path file, Class<T> type) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(file.toFile(), type));
        } catch (JacksonException e) {
            throw new IOException(
                    file
                            + " is not a run: "
                            + e.getOriginalMessage()
                            + ". Delete it and run again.",
                    e);
        }
    }

    private static void write(Path file, Object value) throws IOException {
        WholeFile.write(file, JSON.writeValueAsString(value) + "\n");
    }

    private Path file(String id) {
        return runs.resolve(id + SUFFIX);
    }
}
