// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import io.github.caadam.experiments.results.StudyPlan.PlannedRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Merges the runs of several stores into one. */
public final class StoreMerge {

    private final RunStore target;
    private final Map<String, PlannedRun> planned = new LinkedHashMap<>();
    private StudyPlan plan;
    private int added;

    /**
     * Starts a merge.
     *
     * @param target the store that takes the runs; locked by the caller
     * @throws IOException if its plan cannot be read
     */
    public StoreMerge(RunStore target) throws IOException {
        this.target = target;
        take(target.plan());
    }

    private void take(Optional<StudyPlan> other) {
        if (other.isPresent()) {
            plan = plan == null ? other.get() : plan;
            other.get().runs().forEach(run -> planned.putIfAbsent(run.id(), run));
        }
    }

    /**
     * Adds the runs of a store. All of them are compared before any is kept.
     *
     * @param source the store
     * @throws IOException if a run cannot be read or kept, or two stores have different results for
     *     one run; the message names it
     */
    public void add(RunStore source) throws IOException {
        List<RunRecord> fresh = new ArrayList<>();
        for (RunRecord run : source.all()) {
            Optional<RunRecord> kept = target.find(run.id());
            if (kept.isEmpty()) {
                fresh.add(run);
            } else if (!kept.get().hasSameResultAs(run)) {
                throw new IOException(
                        "The run "
                                + run.id()
                                + " ("
                                + run.architecture()
                                + " "
                                + run.optimizer()
                                + ":"
                                + run.strategy()
                                + " seed "
                                + run.run()
                                + ") has two different results, "
                                + kept.get().value()
                                + " and "
                                + run.value()
                                + "; find out which is right and delete the other's file.");
            }
        }
        for (RunRecord run : fresh) {
            target.save(run);
            added++;
        }
        take(source.plan());
    }

    /**
     * Writes the plan and {@code runs.csv} with its provenance. Where there is a plan, runs that it
     * does not name are kept, but are no part of these.
     *
     * @param out the directory of the target
     * @return what there is
     * @throws IOException if something cannot be read or written
     */
    public Outcome finish(Path out) throws IOException {
        List<RunRecord> all = target.all();
        List<PlannedRun> missing = new ArrayList<>();
        if (plan != null) {
            plan =
                    new StudyPlan(
                            plan.study(),
                            plan.reductions(),
                            plan.workers(),
                            new ArrayList<>(planned.values()));
            target.save(plan);
            for (PlannedRun run : plan.runs()) {
                if (!target.contains(run.id())) {
                    missing.add(run);
                }
            }
        }
        List<RunRecord> asked = plan == null ? all : planned(all);
        List<RunRecord> finished = asked.stream().filter(RunRecord::isFinished).toList();
        if (!finished.isEmpty()) {
            String study = plan == null ? finished.get(0).study() : plan.study();
            String reductions = plan == null ? "" : plan.reductions();
            RunsCsv.write(
                    out.resolve("runs.csv"),
                    finished.stream().map(run -> run.toRow(study, reductions)).toList());
            Provenance.of(study, reductions, finished).write(out.resolve("provenance.json"));
        }
        return new Outcome(all.size(), added, all.size() - asked.size(), missing);
    }

    /** The planned runs that are there, in the order of the plan. */
    private List<RunRecord> planned(List<RunRecord> all) {
        Map<String, RunRecord> byId = new HashMap<>();
        all.forEach(run -> byId.put(run.id(), run));
        return planned.keySet().stream().map(byId::get).filter(Objects::nonNull).toList();
    }

    /**
     * What a merge gave.
     *
     * @param runs how many runs the target has
     * @param added how many of them are new
     * @param unplanned how many of them no plan names
     * @param missing the planned runs that it has not
     */
    public record Outcome(int runs, int added, int unplanned, List<PlannedRun> missing) {

        /** Copies the list. */
        public Outcome {
            missing = List.copyOf(missing);
        }
    }
}
