// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of a directory: {@code runs/ID.json} with a result each, {@code failed/ID.json} for
 * those without, {@code replicas/} for runs that were made in a second place, {@code
 * checkpoints/ID/} for long ones under way, {@code plan.json}, and {@code store.json}, which names
 * the format. A file is written under a temporary name, forced to the disk and then renamed, so
 * that a kill leaves either a whole file or none.
 *
 * <p>A file that cannot be read, because it was cut or is not of its run, counts as not there; who
 * reads is warned, and who writes sets it aside with {@link #clean}, so that its run is made again.
 */
public final class RunStore {

    private static final Logger logger = LoggerFactory.getLogger(RunStore.class);

    private static final ObjectMapper COMPACT =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                                    .build())
                    .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .build();

    private static final ObjectMapper JSON =
            COMPACT.copy().enable(SerializationFeature.INDENT_OUTPUT);

    private static final String HISTORY = "history";

    /** In place of the epochs, and of what stands behind them. */
    private static final String NO_EPOCHS = "{\"history\": [], \"stints\": []}";

    private static final String SUFFIX = ".json";
    private static final String CORRUPT = ".corrupt";

    private final Enclosure root;
    private final Set<Path> warnedOf = ConcurrentHashMap.newKeySet();

    private RunStore(Enclosure root) {
        this.root = root;
    }

    /**
     * Opens a store to write to.
     *
     * @param out the directory that the user named; created if missing
     * @throws StoreException if it cannot be created or written
     * @throws IOException if it holds a store of an older or a newer format, or of links; nothing
     *     was changed then
     */
    public RunStore(Path out) throws IOException {
        this(new Enclosure(out));
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new IOException(out + " is no directory; name one, or a new one.");
        }
        boolean whole = StoreFormat.check(out);
        StoreLayout.requireEnclosed(root);
        try {
            Files.createDirectories(out);
            if (!whole) {
                Path format = out.resolve(StoreFormat.FILE);
                if (Files.exists(format, LinkOption.NOFOLLOW_LINKS)) {
                    setAside(format);
                }
                StoreFormat.write(out);
            }
            root.directory(StoreLayout.RUNS);
        } catch (IOException e) {
            throw new StoreException(out, e);
        }
    }

    /**
     * Opens a store that must exist, to read it; nothing is created or changed.
     *
     * @param out the directory that a study wrote to
     * @return the store
     * @throws IOException if there is no store, or one of an older or a newer format
     */
    public static RunStore existing(Path out) throws IOException {
        if (!isStore(out)) {
            throw new IOException(
                    out + " holds no runs; name the directory that --out of \"caadam run\" named.");
        }
        StoreFormat.check(out);
        return new RunStore(new Enclosure(out));
    }

    /**
     * Returns whether a directory holds a store, of whatever format.
     *
     * @param directory the directory
     * @return whether it does
     */
    public static boolean isStore(Path directory) {
        return Files.isDirectory(directory.resolve(StoreLayout.RUNS));
    }

    /**
     * Opens the store of the runs that tried learning rates for a store's study, to write to it.
     *
     * @return their store below this one, created if missing
     * @throws IOException as {@link #RunStore(Path)}
     */
    public RunStore ownTuning() throws IOException {
        return new RunStore(StoreLayout.tuning(directory()));
    }

    /**
     * Returns where the store is.
     *
     * @return the directory that the user named, or one below it
     */
    public Path directory() {
        return root.root();
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
     * Sets aside what an interruption or a broken disk left behind: removes temporary files, the
     * states of runs that are done and what is no state, such as links, and renames files that
     * cannot be read, and what is no file, to {@code ID.json.corrupt} (or {@code .corrupt2}), so
     * that their runs are made again. Of a plan that cannot be read, the runs that were made stay
     * planned. To be called under the lock.
     *
     * @return the files that were set aside
     * @throws IOException if the store cannot be read or a file not be renamed
     */
    public List<Path> clean() throws IOException {
        // Those of runs.csv are left alone, which is written without the lock.
        List<Path> parts = new ArrayList<>(root.files(WholeFile.PART));
        parts.removeIf(file -> !file.getFileName().toString().startsWith(StoreLayout.PLAN));
        for (String directory :
                List.of(StoreLayout.RUNS, StoreLayout.FAILED, StoreLayout.REPLICAS)) {
            parts.addAll(root.files(WholeFile.PART, directory));
        }
        for (Path part : parts) {
            Files.delete(part);
        }
        List<Path> corrupt = new ArrayList<>();
        setAsideUnreadable(StoreLayout.RUNS, RunRecord.class, corrupt);
        setAsideUnreadable(StoreLayout.REPLICAS, RunRecord.class, corrupt);
        setAsideUnreadable(StoreLayout.FAILED, RunFailure.class, corrupt);
        Path plan = root.child(StoreLayout.PLAN);
        if (Files.exists(plan, LinkOption.NOFOLLOW_LINKS) && isUnreadable(plan, StudyPlan.class)) {
            corrupt.add(setAside(plan));
            planWhatWasMade();
        }
        Path checkpoints = root.child(StoreLayout.CHECKPOINTS);
        if (Files.isDirectory(checkpoints)) {
            List<String> done;
            try (Stream<Path> states = Files.list(checkpoints)) {
                done = states.map(path -> path.getFileName().toString()).toList();
            }
            for (String id : done) {
                if (SafeName.isRunId(id)
                        && (contains(id) || !isTreeOfFiles(checkpoints.resolve(id)))) {
                    discardCheckpoint(id);
                }
            }
        }
        return corrupt;
    }

    /**
     * Else the next command for a part of a study would make the plan that part. Of which study it
     * was is not known: a run names the one that asked for it first.
     */
    private void planWhatWasMade() throws IOException {
        List<PlannedRun> made = new ArrayList<>();
        for (RunRecord run : all()) {
            made.add(run.planned());
        }
        if (!made.isEmpty()) {
            plan("", "the plan was lost, and only the runs that were made are known", 1, made);
        }
    }

    private void setAsideUnreadable(String directory, Class<?> type, List<Path> corrupt)
            throws IOException {
        Path path = root.child(directory);
        if (!Files.isDirectory(path)) {
            return;
        }
        List<Path> named;
        try (Stream<Path> all = Files.list(path)) {
            named =
                    all.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                            .filter(file -> !Files.isSymbolicLink(file))
                            .sorted()
                            .toList();
        }
        for (Path file : named) {
            if (isUnreadable(file, type)) {
                corrupt.add(setAside(file));
            }
        }
    }

    /** What is no file, such as a directory or a pipe, of which a read never ends, is not. */
    private static boolean isRegular(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** Whether a directory holds files and directories only: no links, and no pipes. */
    private static boolean isTreeOfFiles(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            return all.allMatch(
                    path -> isRegular(path) || Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS));
        }
    }

    private static boolean isUnreadable(Path file, Class<?> type) throws IOException {
        if (!isRegular(file)) {
            return true;
        }
        try {
            parse(file, type);
            return false;
        } catch (JacksonException e) {
            return true;
        }
    }

    private static Path setAside(Path file) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + CORRUPT);
        for (int i = 2; Files.exists(aside, LinkOption.NOFOLLOW_LINKS); i++) {
            aside = file.resolveSibling(file.getFileName() + CORRUPT + i);
        }
        return Files.move(file, aside);
    }

    /**
     * Returns whether a run is in the store.
     *
     * @param id the run's id
     * @return whether its file can be read
     * @throws IOException as {@link #find}
     */
    public boolean contains(String id) throws IOException {
        return find(id).isPresent();
    }

    /**
     * Reads a run.
     *
     * @param id the run's id
     * @return the run, or empty if it is not in the store or its file cannot be read
     * @throws IOException if the disk fails, or the file is a link
     */
    public Optional<RunRecord> find(String id) throws IOException {
        return read(root.child(StoreLayout.RUNS, file(id)), RunRecord.class);
    }

    /**
     * Reads all runs.
     *
     * @return the runs whose files can be read, by id
     * @throws IOException if the disk fails
     */
    public List<RunRecord> all() throws IOException {
        return readAll(StoreLayout.RUNS, RunRecord.class);
    }

    /**
     * Reads all runs without their epochs and places, which are most of a file and are not
     * understood, only looked through for where a file is cut.
     *
     * @return the runs whose files can be read, by id; without history and stints
     * @throws IOException if the disk fails
     */
    public List<RunRecord> heads() throws IOException {
        return readAll(
                StoreLayout.RUNS,
                file -> JsonFile.readHead(file, JSON, RunRecord.class, HISTORY, NO_EPOCHS));
    }

    /**
     * Reads the runs that were made in a second place. Their results are in no line of {@code
     * runs.csv}.
     *
     * @return the runs whose files can be read
     * @throws IOException if the disk fails
     */
    public List<RunRecord> replicas() throws IOException {
        return readAll(StoreLayout.REPLICAS, RunRecord.class);
    }

    /**
     * Keeps a run, replacing an earlier one of the same id, a failure and a checkpoint. When it
     * returns, the run is on the disk.
     *
     * @param run the run
     * @throws StoreException if it cannot be written
     */
    public void save(RunRecord run) throws StoreException {
        try {
            WholeFile.write(root.child(StoreLayout.RUNS, file(run.id())), text(run));
            root.delete(StoreLayout.FAILED, file(run.id()));
            discardCheckpoint(run.id());
        } catch (IOException e) {
            throw new StoreException(root.root(), e);
        }
    }

    /**
     * Keeps a run that was made in a second place, beside the one that stays.
     *
     * @param run the run
     * @throws StoreException if it cannot be written
     */
    void saveReplica(RunRecord run) throws StoreException {
        try {
            WholeFile.write(
                    root.child(StoreLayout.REPLICAS, run.id() + "-" + run.placeDigest() + SUFFIX),
                    text(run));
        } catch (IOException e) {
            throw new StoreException(root.root(), e);
        }
    }

    /** Forgets a replica that has become the run. */
    void discardReplica(RunRecord run) throws IOException {
        root.delete(StoreLayout.REPLICAS, run.id() + "-" + run.placeDigest() + SUFFIX);
    }

    /**
     * Returns where checkpoints are kept.
     *
     * @return a directory that is there while long runs are under way
     */
    public Path checkpoints() {
        return root.root().resolve(StoreLayout.CHECKPOINTS);
    }

    /**
     * Returns where the state of a run is kept while it is made.
     *
     * @param checkpoints a store's {@link #checkpoints}
     * @param id the run's id
     * @return a directory for the run alone; it need not exist
     */
    public static Path checkpoint(Path checkpoints, String id) {
        return checkpoints.resolve(SafeName.runId(id).text());
    }

    /**
     * Removes the state of a run, so that it starts anew.
     *
     * @param id the run's id
     * @throws IOException if it cannot be removed
     */
    public void discardCheckpoint(String id) throws IOException {
        root.delete(StoreLayout.CHECKPOINTS, SafeName.runId(id).text());
        // Stays while it is not empty.
        checkpoints().toFile().delete();
    }

    /**
     * Keeps a failure, replacing an earlier one of the same run.
     *
     * @param failure the failure
     * @throws StoreException if it cannot be written
     */
    public void save(RunFailure failure) throws StoreException {
        try {
            WholeFile.write(root.child(StoreLayout.FAILED, file(failure.id())), text(failure));
        } catch (IOException e) {
            throw new StoreException(root.root(), e);
        }
    }

    /**
     * Reads all failures.
     *
     * @return the failures of runs that have no result, by id
     * @throws IOException if the disk fails
     */
    public List<RunFailure> failures() throws IOException {
        List<RunFailure> failures = new ArrayList<>();
        for (RunFailure failure : readAll(StoreLayout.FAILED, RunFailure.class)) {
            // A kill may come between the two files.
            if (!isRegular(root.child(StoreLayout.RUNS, file(failure.id())))) {
                failures.add(failure);
            }
        }
        return failures;
    }

    /**
     * Adds runs to the plan, which never loses one, and leaves how they are to be compared.
     *
     * @param study the study's name
     * @param reductions what the plan reduces against the full protocol
     * @param workers how many runs are made at a time
     * @param runs the runs
     * @return the plan
     * @throws StoreException if it cannot be written
     * @throws IOException if the store is of another study, or a label of the plan means another
     *     run there; nothing is changed then
     */
    public StudyPlan plan(String study, String reductions, int workers, List<PlannedRun> runs)
            throws IOException {
        CompareSettings compare = plan().map(StudyPlan::compare).orElse(CompareSettings.NONE);
        return plan(study, reductions, workers, runs, compare);
    }

    /**
     * Adds runs to the plan, which never loses one, and says how all are to be compared.
     *
     * @param study the study's name
     * @param reductions what the plan reduces against the full protocol
     * @param workers how many runs are made at a time
     * @param runs the runs
     * @param compare how the study wants its runs compared
     * @return the plan
     * @throws StoreException if it cannot be written
     * @throws IOException if the store is of another study, or a label of the plan means another
     *     run there; nothing is changed then
     */
    public StudyPlan plan(
            String study,
            String reductions,
            int workers,
            List<PlannedRun> runs,
            CompareSettings compare)
            throws IOException {
        StudyPlan all;
        Optional<StudyPlan> kept = plan();
        String other = kept.map(StudyPlan::study).orElse("");
        if (!other.isEmpty() && !other.equals(study)) {
            throw new IOException(
                    root.root()
                            + " holds runs of the study "
                            + other
                            + ", and their lines would be called "
                            + study
                            + "'s; name another directory for that study. \"--reuse "
                            + root.root()
                            + "\" takes over what the two have in common.");
        }
        try {
            List<PlannedRun> before = kept.map(StudyPlan::runs).orElse(List.of());
            all = new StudyPlan(study, reductions, workers, before, compare).with(runs);
        } catch (IllegalArgumentException e) {
            throw new IOException(root.root() + ": " + e.getMessage(), e);
        }
        try {
            WholeFile.write(root.child(StoreLayout.PLAN), COMPACT.writeValueAsString(all) + "\n");
        } catch (IOException e) {
            throw new StoreException(root.root(), e);
        }
        forgetFailures(kept, all);
        return all;
    }

    /** Forgets the failures of runs that others took the place of. */
    private void forgetFailures(Optional<StudyPlan> before, StudyPlan after) throws IOException {
        Set<String> planned = new HashSet<>();
        after.runs().forEach(run -> planned.add(run.id()));
        for (PlannedRun run : before.map(StudyPlan::runs).orElse(List.of())) {
            if (!planned.contains(run.id())) {
                root.delete(StoreLayout.FAILED, file(run.id()));
            }
        }
    }

    /**
     * Reads the plan.
     *
     * @return the plan, or empty if none was kept or it cannot be read
     * @throws IOException if the disk fails
     */
    public Optional<StudyPlan> plan() throws IOException {
        return read(root.child(StoreLayout.PLAN), StudyPlan.class);
    }

    /** Makes a value of a file. */
    @FunctionalInterface
    private interface Reader<T> {

        T read(Path file) throws IOException;
    }

    private <T> List<T> readAll(String directory, Class<T> type) throws IOException {
        return readAll(directory, file -> JsonFile.read(file, JSON, type));
    }

    /**
     * Reads the files of a directory on all cores: what takes time is to understand them. Values,
     * and warnings of what cannot be read, come in the order of the files.
     */
    private <T> List<T> readAll(String directory, Reader<T> reader) throws IOException {
        List<Attempt<T>> attempts =
                root.files(SUFFIX, directory).parallelStream()
                        .map(file -> Attempt.of(file, reader))
                        .toList();
        List<T> values = new ArrayList<>();
        for (Attempt<T> attempt : attempts) {
            value(attempt).ifPresent(values::add);
        }
        return values;
    }

    /**
     * What came of reading a file.
     *
     * @param file the file
     * @param value what it holds; null if it could not be read, or is no file any more
     * @param fault why it could not be read; null if it could
     */
    private record Attempt<T>(Path file, T value, IOException fault) {

        static <T> Attempt<T> of(Path file, Reader<T> reader) {
            try {
                T value = isRegular(file) ? named(file, reader.read(file)) : null;
                return new Attempt<>(file, value, null);
            } catch (IOException e) {
                return new Attempt<>(file, null, e);
            }
        }
    }

    private <T> Optional<T> read(Path file, Class<T> type) throws IOException {
        return value(Attempt.of(file, one -> JsonFile.read(one, JSON, type)));
    }

    private <T> Optional<T> value(Attempt<T> attempt) throws IOException {
        if (attempt.fault() instanceof JacksonException fault) {
            if (warnedOf.add(attempt.file())) {
                logger.warn(
                        "{} cannot be read and counts as not there; \"caadam run\" sets it aside"
                                + " and makes it again. {}",
                        attempt.file(),
                        JsonFile.reason(fault));
            }
        } else if (attempt.fault() != null) {
            throw attempt.fault();
        }
        return Optional.ofNullable(attempt.value());
    }

    /** Reads a file whose name must be that of what is in it. */
    private static <T> T parse(Path file, Class<T> type) throws IOException {
        return named(file, JsonFile.read(file, JSON, type));
    }

    private static <T> T named(Path file, T value) throws JsonMappingException {
        String name = file.getFileName().toString();
        boolean named =
                value instanceof RunRecord run
                        ? name.equals(file(run.id()))
                                || name.equals(run.id() + "-" + run.placeDigest() + SUFFIX)
                        : !(value instanceof RunFailure failure) || name.equals(file(failure.id()));
        if (!named) {
            throw new JsonMappingException(null, "It is not what its name says.");
        }
        return value;
    }

    private static String text(Object value) throws IOException {
        return JSON.writeValueAsString(value) + "\n";
    }

    private static String file(String id) {
        return SafeName.runId(id).text() + SUFFIX;
    }
}
