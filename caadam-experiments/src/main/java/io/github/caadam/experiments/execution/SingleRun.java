// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import ai.djl.Device;
import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.dataset.FileDataset;
import io.github.caadam.experiments.study.Part;
import io.github.caadam.experiments.study.RunSpec;
import io.github.caadam.experiments.study.Study;
import io.github.caadam.experiments.study.Tuner;
import io.github.caadam.experiments.study.TuningCase;
import io.github.caadam.experiments.training.Execution;
import io.github.caadam.plugin.DataContext;
import io.github.caadam.plugin.DataSource;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** One run of a study, found by its id, to be made again. */
public final class SingleRun {

    private final String study;
    private final RunSpec spec;
    private final DataSplit data;

    private SingleRun(String study, RunSpec spec, DataSplit data) {
        this.study = study;
        this.spec = spec;
        this.data = data;
    }

    /**
     * Finds a run of one study, whose data sets are downloaded where they are missing.
     *
     * @param id the run's id, as {@code runs.csv} gives it, or the one that it had in a store of
     *     format 1
     * @param study the study
     * @param directories where to look for data
     * @return the run
     * @throws IllegalArgumentException if the study has no run of that id
     * @throws IOException if the data cannot be had
     */
    public static SingleRun find(String id, Study study, DataContext directories)
            throws IOException {
        return new Search(id, directories)
                .in(study)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "The study "
                                                + study.name()
                                                + " has no run with the id "
                                                + id
                                                + " on this data."));
    }

    /**
     * Finds a run in the first of several studies that has it, of which only those are searched
     * whose data sets are there already.
     *
     * @param id the run's id, as {@code runs.csv} gives it, or the one that it had in a store of
     *     format 1
     * @param studies the studies
     * @param directories where to look for data
     * @return the run
     * @throws IllegalArgumentException if no study that was searched has a run of that id; the
     *     message names those that were not
     * @throws IOException if data that is there cannot be read
     */
    public static SingleRun find(String id, List<Study> studies, DataContext directories)
            throws IOException {
        Search search = new Search(id, directories);
        Set<String> searched = new LinkedHashSet<>();
        Set<String> left = new LinkedHashSet<>();
        for (Study study : studies) {
            if (study.data().stream().allMatch(set -> isThere(set, directories))) {
                Optional<SingleRun> found = search.in(study);
                if (found.isPresent()) {
                    return found.get();
                }
                searched.add(study.name());
            } else {
                left.add(study.name());
            }
        }
        throw new IllegalArgumentException(
                "There is no run with the id "
                        + id
                        + " in "
                        + String.join(", ", searched)
                        + ". Name its study, which runs.csv gives beside the id, or its YAML file"
                        + (left.isEmpty()
                                ? "."
                                : "; not searched, as their data is not here: "
                                        + String.join(", ", left)
                                        + "."));
    }

    /** Whether all files of a data set are there: those that it fetches, and those it is told. */
    private static boolean isThere(Part part, DataContext directories) {
        Component data = part.component();
        boolean fetched =
                !(data.factory(DataSource.class) instanceof FileDataset files)
                        || files.locate(directories).isPresent();
        return fetched
                && data.options().declared().stream()
                        .filter(option -> option.type() == Option.Type.FILE)
                        .map(option -> data.options().asMap().get(option.name()))
                        .filter(Objects::nonNull)
                        .allMatch(file -> Files.exists(directories.resolve(file.toString())));
    }

    /**
     * Returns the run in a few words.
     *
     * @return study, data set, model, optimizer and seed
     */
    public String label() {
        return study + ": " + spec.label() + ", " + spec.execution().label();
    }

    /**
     * Makes the run in a process of its own, which may die of it.
     *
     * @param settings the process
     * @param log the directory of its log
     * @param results what takes the run, or its failure
     * @throws IOException if the process cannot be started, or the result not be kept
     * @throws InterruptedException if this thread is interrupted; the process is then stopped
     */
    public void makeInWorker(WorkerSettings settings, Path log, RunPool.Results results)
            throws IOException, InterruptedException {
        make(new WorkerPool(settings, log), results);
    }

    /**
     * Makes the run in this process.
     *
     * @param catalog what its components are looked up in
     * @param directories where to look for data
     * @param device where to train
     * @param results what takes the run, or its failure
     * @throws IOException if the result cannot be kept
     * @throws InterruptedException if this thread is interrupted
     */
    public void makeHere(
            Catalog catalog, DataContext directories, Device device, RunPool.Results results)
            throws IOException, InterruptedException {
        make(new InProcessPool(catalog, directories, Optional.empty(), device), results);
    }

    private void make(RunPool pool, RunPool.Results results)
            throws IOException, InterruptedException {
        try (pool) {
            String cpu = WorkerSettings.name(Device.cpu());
            pool.run(List.of(RunTask.of(spec.id(data.digest()), study, spec, cpu)), results);
        }
    }

    /** Looks for a run in studies, and keeps their data. */
    private static final class Search {

        private final String id;
        private final LoadedData data;

        Search(String id, DataContext directories) {
            this.id = id;
            data = new LoadedData(directories);
        }

        Optional<SingleRun> in(Study study) throws IOException {
            for (Study variant : variants(study)) {
                for (RunSpec spec : variant.runSpecs()) {
                    DataSplit rows = data.get(spec.data());
                    Optional<RunSpec> found = match(spec, rows.digest());
                    if (found.isPresent()) {
                        return Optional.of(new SingleRun(study.name(), found.get(), rows));
                    }
                }
            }
            return Optional.empty();
        }

        /** An id of the first format says how epochs were executed, too. */
        private Optional<RunSpec> match(RunSpec spec, String digest) {
            if (spec.id(digest).equals(id)) {
                return Optional.of(spec);
            }
            return Arrays.stream(Execution.values())
                    .map(spec::withExecution)
                    .filter(one -> one.formerId(digest).equals(Optional.of(id)))
                    .findFirst();
        }

        /** A study that tunes may come to any candidate, and has runs that try them. */
        private static List<Study> variants(Study study) {
            Optional<Study> trials = study.tuningStudy();
            if (trials.isEmpty()) {
                return List.of(study);
            }
            List<Study> variants = new ArrayList<>(List.of(trials.get()));
            List<TuningCase> cases = study.tuningCases();
            int most =
                    cases.stream().mapToInt(one -> one.tuner().candidates().size()).max().orElse(0);
            for (int i = 0; i < most; i++) {
                Map<TuningCase, Tuner.Candidate> chosen = new HashMap<>();
                for (TuningCase one : cases) {
                    List<Tuner.Candidate> tried = one.tuner().candidates();
                    chosen.put(one, tried.get(Math.min(i, tried.size() - 1)));
                }
                variants.add(study.withChosen(chosen));
            }
            return variants;
        }
    }
}
