package io.github.caadam.experiments.execution;

import ai.djl.Device;
import io.github.caadam.experiments.dataset.DataDirectories;
import io.github.caadam.experiments.dataset.DatasetRegistry;
import io.github.caadam.experiments.dataset.TrainTestData;
import io.github.caadam.experiments.results.Provenance;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunStore;
import io.github.caadam.experiments.results.RunsCsv;
import io.github.caadam.experiments.study.RunSpec;
import io.github.caadam.experiments.study.Study;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what is missing of a study and collects {@code runs.csv}. A run that was kept before is not
 * made again unless that is forced; a run that fails is reported, and the others go on.
 */
public final class StudyRunner {

    private static final Logger logger = LoggerFactory.getLogger(StudyRunner.class);

    private final Study study;
    private final TrainTestData data;
    private final Path out;
    private final RunStore store;

    /**
     * Loads the study's data and opens the directory of its results.
     *
     * @param study the study
     * @param directories where to look for data
     * @param out the directory of the results; created if missing
     * @throws IOException if the data cannot be had or the directory not be written
     */
    public StudyRunner(Study study, DataDirectories directories, Path out) throws IOException {
        this.study = study;
        this.data = DatasetRegistry.byName(study.dataset()).load(directories);
        this.out = out;
        this.store = new RunStore(out);
    }

    /**
     * Makes the missing runs in this process, one after the other.
     *
     * @param shard which of the study's runs
     * @param force whether to make runs again that were kept before
     * @param device where to train
     * @return how many runs failed
     * @throws IOException if a result cannot be kept
     */
    public int runHere(Shard shard, boolean force, Device device) throws IOException {
        List<RunSpec> todo = missing(shard, force);
        if (todo.isEmpty()) {
            return 0;
        }
        int failed = 0;
        RunExecutor executor = new RunExecutor(study, data, device);
        try (Progress progress = new Progress(study.name(), todo.size())) {
            for (int i = 0; i < todo.size(); i++) {
                RunSpec spec = todo.get(i);
                progress.message(spec.label());
                try {
                    store.save(executor.execute(spec));
                } catch (RuntimeException e) {
                    logger.error("The run {} failed; the others go on.", spec.label(), e);
                    failed++;
                }
                progress.stepTo(i + 1);
            }
        }
        return failed;
    }

    /**
     * Makes the missing runs in several processes.
     *
     * @param workers the processes; each takes a shard
     * @throws IOException if a process cannot be started
     * @throws InterruptedException if this thread is interrupted; the processes are then stopped
     */
    public void runInWorkers(WorkerProcesses workers) throws IOException, InterruptedException {
        List<RunSpec> todo = missing(Shard.WHOLE, false);
        if (todo.isEmpty()) {
            return;
        }
        try (Progress progress = new Progress(study.name(), todo.size());
                WorkerProcesses running = workers.start(out)) {
            do {
                progress.stepTo((int) todo.stream().filter(this::isKept).count());
            } while (!running.awaitEnd());
            progress.stepTo((int) todo.stream().filter(this::isKept).count());
        }
        workers.reportFailures();
    }

    private List<RunSpec> missing(Shard shard, boolean force) {
        List<RunSpec> specs = study.runSpecs();
        List<RunSpec> missing = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            if (shard.contains(i) && (force || !isKept(specs.get(i)))) {
                missing.add(specs.get(i));
            }
        }
        return missing;
    }

    private boolean isKept(RunSpec spec) {
        return store.contains(spec.id(data.digest()));
    }

    /**
     * Collects the study's finished runs into {@code runs.csv}, with {@code provenance.json}
     * beside.
     *
     * @return what there is
     * @throws IOException if a kept run cannot be read or the file not be written
     */
    public Summary collect() throws IOException {
        List<RunRow> rows = new ArrayList<>();
        List<RunRecord> records = new ArrayList<>();
        List<String> diverged = new ArrayList<>();
        int missing = 0;
        for (RunSpec spec : study.runSpecs()) {
            Optional<RunRecord> run = store.find(spec.id(data.digest()));
            if (run.isEmpty()) {
                missing++;
            } else if (run.get().isFinished()) {
                records.add(run.get());
                rows.add(run.get().toRow(study.name(), study.reductions()));
            } else {
                diverged.add(spec.label());
            }
        }
        if (!rows.isEmpty()) {
            RunsCsv.write(out.resolve("runs.csv"), rows);
            Provenance.of(study.name(), study.reductions(), records)
                    .write(out.resolve("provenance.json"));
        }
        return new Summary(rows, diverged, missing);
    }

    /**
     * Projects how long the study takes, from its runs that were made.
     *
     * @param workers how many processes
     * @return the projection
     * @throws IOException if a kept run cannot be read
     */
    public Projection project(int workers) throws IOException {
        Map<RunSpec, OptionalDouble> seconds = new LinkedHashMap<>();
        for (RunSpec spec : study.runSpecs()) {
            Optional<RunRecord> run = store.find(spec.id(data.digest()));
            seconds.put(
                    spec,
                    run.isPresent()
                            ? OptionalDouble.of(run.get().seconds())
                            : OptionalDouble.empty());
        }
        return Projection.of(seconds, workers);
    }

    /**
     * What there is of a study.
     *
     * @param rows the finished runs
     * @param diverged the runs whose loss became NaN or infinite
     * @param missing how many runs are not there
     */
    public record Summary(List<RunRow> rows, List<String> diverged, int missing) {

        /** Copies the lists. */
        public Summary {
            rows = List.copyOf(rows);
            diverged = List.copyOf(diverged);
        }
    }
}
