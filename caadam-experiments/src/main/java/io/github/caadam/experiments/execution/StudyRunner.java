// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import ai.djl.Device;
import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.dataset.FileDataset;
import io.github.caadam.experiments.results.Place;
import io.github.caadam.experiments.results.PlannedRun;
import io.github.caadam.experiments.results.RunFailure;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunStatus;
import io.github.caadam.experiments.results.RunStore;
import io.github.caadam.experiments.results.Stint;
import io.github.caadam.experiments.results.StoreLock;
import io.github.caadam.experiments.results.StudyRuns;
import io.github.caadam.experiments.study.DataFacts;
import io.github.caadam.experiments.study.Part;
import io.github.caadam.experiments.study.RunSet;
import io.github.caadam.experiments.study.RunSpec;
import io.github.caadam.experiments.study.Study;
import io.github.caadam.experiments.training.Execution;
import io.github.caadam.experiments.training.NetworkTraining;
import io.github.caadam.plugin.DataContext;
import io.github.caadam.plugin.DataSource;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.ModelFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what is missing of a study and collects {@code runs.csv}. A run that was kept before is not
 * made again unless that is forced; a run that fails is kept as a failure, and the others go on.
 */
public final class StudyRunner {

    private static final Logger logger = LoggerFactory.getLogger(StudyRunner.class);

    private final Study study;
    private final Study whole;
    private final Catalog catalog;
    private final DataContext directories;
    private final Map<String, DataSplit> data = new LinkedHashMap<>();
    private final Path out;
    private final double loadSeconds;
    private final RunStore store;
    private final RunSet runs;
    private final Set<RunSpec> standing = new HashSet<>();

    /**
     * Loads the study's data sets and opens the directory of its results.
     *
     * @param study the study, or a part of it
     * @param whole the whole study, against which captions name what is left out
     * @param catalog what the components of its runs are looked up in
     * @param directories where to look for data
     * @param out the directory of the results; created if missing
     * @throws IOException if the data cannot be had or the directory not be written
     */
    public StudyRunner(Study study, Study whole, Catalog catalog, DataContext directories, Path out)
            throws IOException {
        this.catalog = catalog;
        this.study = study;
        this.whole = whole;
        this.directories = directories;
        LoadedData loaded = new LoadedData(directories);
        long start = System.nanoTime();
        Map<String, DataFacts> facts = new HashMap<>();
        for (Part part : study.data()) {
            DataSplit rows = loaded.get(part.component());
            study.models().forEach(model -> requireFits(model, part, rows));
            study.measures().requireFit(rows.signature());
            NetworkTraining.requireFit(rows, study.protocol());
            data.put(part.label(), rows);
            facts.put(part.label(), DataFacts.of(rows));
        }
        this.loadSeconds = (System.nanoTime() - start) / 1e9;
        this.out = out;
        this.runs = RunSet.of(study, facts);
        this.store = new RunStore(out);
    }

    private static void requireFits(Part model, Part data, DataSplit rows) {
        model.component()
                .factory(ModelFactory.class)
                .refuses(rows.signature(), model.component().options())
                .ifPresent(
                        reason -> {
                            throw new IllegalArgumentException(
                                    "The model "
                                            + model.name()
                                            + " cannot be trained on "
                                            + data.label()
                                            + ": "
                                            + reason
                                            + ".");
                        });
    }

    /**
     * Returns what the study has twice.
     *
     * @return a sentence each
     */
    public List<String> notes() {
        return runs.notes();
    }

    /**
     * Says how many runs that are there were compiled, where the study asks for eager ones. They
     * are the same runs, so that they are not made again. The other way round there is nothing to
     * say: what cannot be compiled is trained eagerly.
     *
     * @return a sentence, or empty if there are none
     * @throws IOException if the store cannot be read
     */
    public Optional<String> otherwiseExecuted() throws IOException {
        String asked = study.execution().label();
        if (study.execution() != Execution.EAGER) {
            return Optional.empty();
        }
        long others =
                made().values().stream()
                        .filter(run -> run.stints().stream().anyMatch(one -> isOther(one, asked)))
                        .count();
        return others == 0
                ? Optional.empty()
                : Optional.of(
                        others
                                + " of the runs that are there were not made "
                                + asked
                                + ", and are not made again; --force makes them again.");
    }

    private static boolean isOther(Stint stint, String asked) {
        return !stint.place().facts().getOrDefault(Place.PATH, asked).equals(asked);
    }

    /**
     * Keeps the runs of this study that were made and collected before, so that they count as made.
     * What is in the directory of the results already stays as it is.
     *
     * @param collected the runs
     * @return how many were kept
     * @throws IOException if another process has the directory, or a run cannot be kept
     */
    @SuppressWarnings("try") // The lock is held, not used.
    public int reuse(CollectedRuns collected) throws IOException {
        int kept = 0;
        try (StoreLock lock = store.lock()) {
            for (PlannedRun planned : runs.runs().keySet()) {
                if (!store.contains(planned.id())) {
                    Optional<RunRecord> run =
                            collected.find(
                                    study.name(), planned, data.get(planned.dataset()).source());
                    if (run.isPresent()) {
                        store.save(run.get());
                        kept++;
                    }
                }
            }
        }
        return kept;
    }

    /**
     * Lets failures stand: these runs are not tried again, unless that is forced.
     *
     * @param failed runs that failed
     */
    public void letStand(Set<RunSpec> failed) {
        standing.addAll(failed);
    }

    /**
     * Counts the runs of which nothing is known.
     *
     * @return how many were neither made nor failed
     * @throws IOException if the store cannot be read
     */
    public int unmade() throws IOException {
        return runs.runs().size() - made().size() - failed().size();
    }

    /**
     * Makes the missing runs in this process, one after the other.
     *
     * @param shard which of the study's runs
     * @param force whether to make runs again that were kept before
     * @param device where to train
     * @return how many runs failed
     * @throws IOException if another process has the directory, or a result cannot be kept
     * @throws InterruptedException if this thread is interrupted
     */
    public int runHere(Shard shard, boolean force, Device device)
            throws IOException, InterruptedException {
        return run(
                shard,
                force,
                (todo, session) -> {},
                () ->
                        new InProcessPool(
                                catalog, directories, Optional.of(store.checkpoints()), device));
    }

    /**
     * Makes the missing runs in several processes.
     *
     * @param shard which of the study's runs
     * @param force whether to make runs again that were kept before
     * @param settings the processes
     * @return how many runs failed
     * @throws IOException if another process has the directory, a process cannot be started or a
     *     result not be kept
     * @throws InterruptedException if this thread is interrupted; the processes are then stopped
     */
    public int runInWorkers(Shard shard, boolean force, WorkerSettings settings)
            throws IOException, InterruptedException {
        WorkerSettings here =
                settings.with(WorkerServer.CHECKPOINTS, store.checkpoints().toString());
        return run(
                shard,
                force,
                (todo, session) -> tryOut(todo, settings, settings.devices().get(0), session),
                () -> new WorkerPool(here, out));
    }

    /**
     * Makes the missing runs on a cluster.
     *
     * @param shard which of the study's runs
     * @param force whether to make runs again that were kept before
     * @param cluster what connects to it
     * @param master its address
     * @param settings how its workers make runs
     * @return how many runs failed
     * @throws IOException if another process has the directory, the cluster cannot be had or a
     *     result not be kept
     * @throws InterruptedException if this thread is interrupted; the cluster is then left
     */
    public int runOnCluster(
            Shard shard,
            boolean force,
            ClusterProvider cluster,
            String master,
            WorkerSettings settings)
            throws IOException, InterruptedException {
        return run(
                shard,
                force,
                (todo, session) ->
                        tryOut(todo, settings, WorkerSettings.name(Device.cpu()), session),
                () -> cluster.connect(master, study.name(), settings, files()));
    }

    /** The files of data and networks, and those that options name. */
    private List<Path> files() {
        Set<Path> files = new LinkedHashSet<>();
        for (Part part : study.data()) {
            if (part.component().factory(DataSource.class) instanceof FileDataset onDisk) {
                files.addAll(onDisk.files(directories));
            }
        }
        Set<String> named = new LinkedHashSet<>();
        for (RunSpec spec : runs.runs().values()) {
            spec.components().forEach(component -> named.addAll(component.files()));
        }
        named.forEach(file -> files.add(directories.resolve(file)));
        return List.copyOf(files);
    }

    /**
     * What the plan leaves out of the study, and what readers of its results must know of its data.
     */
    private String reductions(Collection<PlannedRun> planned) {
        return Stream.concat(
                        Reductions.of(whole, planned).stream(),
                        data.values().stream().map(DataSplit::reservation))
                .filter(part -> !part.isEmpty())
                .distinct()
                .collect(Collectors.joining("; "));
    }

    /** Opens a pool, once the store is locked. */
    private interface PoolOpener {
        RunPool open() throws IOException;
    }

    /** What happens before the first run. */
    private interface Preparation {
        void of(Map<PlannedRun, RunSpec> todo, Session session) throws IOException;
    }

    /** Fails runs for which nothing could be chosen. */
    private void failUnchosen(Session session) throws IOException {
        for (PlannedRun run : session.todo()) {
            String reason = runs.lost().get(run);
            if (reason != null) {
                session.failed(
                        new RunFailure(
                                run.id(), run.label(), reason, 0, Environment.now(), List.of()));
            }
        }
    }

    /** Fails runs whose parts do not train. */
    private void tryOut(
            Map<PlannedRun, RunSpec> todo, WorkerSettings settings, String device, Session session)
            throws IOException {
        Trials trials = new Trials(study.name(), settings, out, loadSeconds);
        String now = Environment.now();
        for (Map.Entry<PlannedRun, Trials.Failure> each : trials.of(todo, device).entrySet()) {
            session.failed(
                    new RunFailure(
                            each.getKey().id(),
                            todo.get(each.getKey()).label(),
                            each.getValue().reason(),
                            1,
                            now,
                            each.getValue().log()));
        }
    }

    @SuppressWarnings("try") // The lock is held, not used.
    private int run(Shard shard, boolean force, Preparation preparation, PoolOpener opener)
            throws IOException, InterruptedException {
        try (StoreLock lock = store.lock();
                RunPool pool = opener.open();
                Session session = open(shard, force, pool.size())) {
            session.onInterrupt(pool);
            failUnchosen(session);
            Map<PlannedRun, RunSpec> todo = new LinkedHashMap<>();
            session.left().forEach(run -> todo.put(run, runs.runs().get(run)));
            preparation.of(todo, session);
            pool.run(session.left().stream().map(this::task).toList(), session);
            return session.failures();
        }
    }

    private RunTask task(PlannedRun run) {
        return RunTask.of(
                run.id(), study.name(), runs.runs().get(run), WorkerSettings.name(Device.cpu()));
    }

    private Session open(Shard shard, boolean force, int workers) throws IOException {
        if (!study.isDecided()) {
            throw new IllegalStateException(
                    "The options of " + study.name() + " were not chosen yet.");
        }
        for (Path aside : store.clean()) {
            logger.warn("What could not be read was set aside as {} and is made again.", aside);
        }
        Set<PlannedRun> planned = new LinkedHashSet<>();
        store.plan().ifPresent(plan -> planned.addAll(plan.runs()));
        planned.addAll(runs.planned());
        store.plan(
                study.name(),
                reductions(planned),
                workers,
                List.copyOf(runs.planned()),
                study.compare());
        Set<String> asked =
                shard.of(runs.planned()).stream().map(PlannedRun::id).collect(Collectors.toSet());
        Map<String, PlannedRun> todo = new LinkedHashMap<>();
        Projection projection = new Projection();
        for (PlannedRun run : runs.planned()) {
            Optional<RunRecord> kept = store.find(run.id()).filter(made -> made.answers(run));
            kept.ifPresent(record -> projection.add(run.configuration(), record.seconds()));
            boolean stands = standing.contains(runs.runs().get(run));
            if (asked.contains(run.id()) && (force || (kept.isEmpty() && !stands))) {
                todo.putIfAbsent(run.id(), run);
                if (force) {
                    store.discardCheckpoint(run.id());
                }
            }
        }
        return new Session(study.name(), store, List.copyOf(todo.values()), projection, workers);
    }

    /**
     * Collects a line for every planned run into {@code runs.csv}, with {@code provenance.json}
     * beside.
     *
     * @param shard which of the study's runs were asked for
     * @return what there is
     * @throws IOException if the store cannot be read or the file not be written
     */
    public Summary collect(Shard shard) throws IOException {
        Set<String> asked =
                shard.of(runs.planned()).stream().map(PlannedRun::id).collect(Collectors.toSet());
        StudyRuns all = StudyRuns.of(store);
        all.write(out);
        return new Summary(
                all, all.lost().stream().filter(run -> asked.contains(run.id())).toList());
    }

    /**
     * Returns the study's runs that were made.
     *
     * @return the runs that are there, diverged ones included, in the order of the study
     * @throws IOException if the store cannot be read
     */
    public Map<RunSpec, RunRecord> made() throws IOException {
        Map<RunSpec, RunRecord> made = new LinkedHashMap<>();
        for (Map.Entry<PlannedRun, RunSpec> entry : runs.runs().entrySet()) {
            store.find(entry.getKey().id()).ifPresent(run -> made.put(entry.getValue(), run));
        }
        return made;
    }

    /**
     * Returns the study's runs that failed.
     *
     * @return why each did, in the order of the study
     * @throws IOException if the store cannot be read
     */
    public Map<RunSpec, String> failed() throws IOException {
        Map<String, String> reasons = new HashMap<>();
        store.failures().forEach(failure -> reasons.put(failure.id(), failure.reason()));
        Map<RunSpec, String> failed = new LinkedHashMap<>();
        runs.runs()
                .forEach(
                        (planned, spec) -> {
                            if (reasons.containsKey(planned.id())) {
                                failed.put(spec, reasons.get(planned.id()));
                            }
                        });
        return failed;
    }

    /**
     * Projects how long a study takes, from its runs that were made.
     *
     * @param parts the study, or what it consists of
     * @param workers how many processes
     * @return the projection
     * @throws IOException if the store cannot be read
     */
    public static StudyProjection project(List<StudyRunner> parts, int workers) throws IOException {
        Map<RunSpec, OptionalDouble> seconds = new LinkedHashMap<>();
        for (StudyRunner part : parts) {
            part.runs.runs().values().forEach(spec -> seconds.put(spec, OptionalDouble.empty()));
            part.made().forEach((spec, run) -> seconds.put(spec, OptionalDouble.of(run.seconds())));
        }
        return StudyProjection.of(seconds, workers);
    }

    /**
     * What there is of a study.
     *
     * @param all all that the directory is to hold
     * @param lost of the runs that were asked for, those that have no result
     */
    public record Summary(StudyRuns all, List<RunRow> lost) {

        /** Copies the list. */
        public Summary {
            lost = List.copyOf(lost);
        }

        /**
         * Returns the runs that were asked for and are not there.
         *
         * @return how many failed or were not made
         */
        public int missing() {
            return (int)
                    lost.stream()
                            .filter(
                                    run ->
                                            run.status() == RunStatus.MISSING
                                                    || run.status() == RunStatus.FAILED)
                            .count();
        }
    }
}
