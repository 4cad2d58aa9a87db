// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Merges the runs of several stores into one, whatever their order. Only what is alike is merged:
 * under one label there is one question. Of a run that was made twice in places that are alike, the
 * results must be equal to the bit, and likewise where neither place is known; of one that was made
 * in several places, the one that was started first stays, and the others are kept as its replicas.
 */
public final class StoreMerge {

    private final RunStore target;
    private final Map<String, Question> optimizers = new HashMap<>();
    private final Map<String, Question> problems = new HashMap<>();
    private final Map<String, List<RunRecord>> results = new HashMap<>();
    private final Deque<Source> sources = new ArrayDeque<>();
    private String study = "";
    private int added;

    /** What a store has, as it was compared. */
    private record Source(
            Optional<StudyPlan> plan, List<RunRecord> runs, List<RunFailure> failures) {}

    /**
     * Starts a merge.
     *
     * @param target the store that takes the runs; locked by the caller
     * @throws IOException if it cannot be read
     */
    public StoreMerge(RunStore target) throws IOException {
        this.target = target;
        compare(target);
    }

    /**
     * Compares a store with the target and with those that were added before. Nothing is kept
     * before {@link #finish}, so that of several stores either all are merged or none.
     *
     * @param source the store
     * @throws IOException if it cannot be read, a label means two questions, or a run has two
     *     results from one place or of unknown places; the message names them. The merge is to be
     *     given up then
     */
    public void add(RunStore source) throws IOException {
        sources.add(compare(source));
    }

    private Source compare(RunStore store) throws IOException {
        List<RunRecord> runs = new ArrayList<>(store.all());
        List<PlannedRun> planned = new ArrayList<>();
        Optional<StudyPlan> plan = store.plan();
        if (plan.isPresent()) {
            requireSameStudy(store, plan.get().study());
            planned.addAll(plan.get().runs());
        }
        runs.forEach(run -> planned.add(run.planned()));
        requireAlike(planned);
        runs.addAll(store.replicas());
        for (RunRecord run : runs) {
            requireSameResult(run, results.getOrDefault(run.id(), List.of()));
        }
        for (RunRecord run : runs) {
            results.computeIfAbsent(run.id(), id -> new ArrayList<>(1)).add(run);
        }
        return new Source(plan, runs, store.failures());
    }

    private void keep(Source source) throws IOException {
        if (source.plan().isPresent()) {
            StudyPlan plan = source.plan().get();
            Optional<StudyPlan> ours = target.plan();
            target.plan(
                    study,
                    reductions(ours, plan),
                    ours.map(StudyPlan::workers).orElse(plan.workers()),
                    plan.runs(),
                    ours.map(StudyPlan::compare).orElse(plan.compare()));
        }
        for (RunRecord run : source.runs()) {
            take(run);
        }
        for (RunFailure failure : source.failures()) {
            if (!target.contains(failure.id())) {
                target.save(failure);
            }
        }
    }

    /**
     * Plans may be those of shards, which reduce alike, or of parts, of which the larger counts.
     */
    private static String reductions(Optional<StudyPlan> ours, StudyPlan theirs) {
        if (ours.isEmpty()) {
            return theirs.reductions();
        }
        StudyPlan mine = ours.get();
        Set<String> here = names(mine);
        Set<String> there = names(theirs);
        if (mine.reductions().equals(theirs.reductions()) || here.containsAll(there)) {
            return mine.reductions();
        }
        if (there.containsAll(here)) {
            return theirs.reductions();
        }
        return mine.reductions() + " | " + theirs.reductions();
    }

    private static Set<String> names(StudyPlan plan) {
        return plan.runs().stream().map(PlannedRun::name).collect(Collectors.toSet());
    }

    private void requireSameStudy(RunStore store, String theirs) throws IOException {
        if (!study.isEmpty() && !theirs.isEmpty() && !study.equals(theirs)) {
            throw new IOException(
                    "The stores are not alike, and none was merged: "
                            + store.directory()
                            + " holds runs of the study "
                            + theirs
                            + ", and the others those of "
                            + study
                            + ". Collect each study into a directory of its own.");
        }
        if (study.isEmpty()) {
            study = theirs;
        }
    }

    /** Compares what stands under one label in the stores. */
    private void requireAlike(List<PlannedRun> runs) throws IOException {
        for (PlannedRun run : runs) {
            String problem = run.dataset() + " " + run.architecture() + " " + run.protocol();
            requireAlike(problem, problems, run.question(), Question.OPTIMIZER);
            if (!run.question().lacksChoice()) {
                requireAlike(
                        problem + " " + run.optimizer() + ":" + run.strategy(),
                        optimizers,
                        run.question(),
                        "");
            }
        }
    }

    private static void requireAlike(
            String name, Map<String, Question> seen, Question question, String but)
            throws IOException {
        Question first = seen.putIfAbsent(name, question);
        if (first != null) {
            List<String> differences =
                    first.differences(question).stream()
                            .filter(one -> but.isEmpty() || !one.startsWith(but))
                            .toList();
            if (!differences.isEmpty()) {
                throw new IOException(
                        "The stores are not alike, and none was merged: "
                                + name
                                + " differs in "
                                + String.join("; ", differences)
                                + ". Merge what asks the same, and keep the other apart.");
            }
        }
    }

    private static void requireSameResult(RunRecord run, List<RunRecord> kept) throws IOException {
        for (RunRecord other : kept) {
            if (other.place().equals(run.place()) && !other.hasSameResultAs(run)) {
                throw new IOException(
                        "The run "
                                + run.id()
                                + " ("
                                + run.planned().label()
                                + ") has two different results, "
                                + result(other)
                                + " and "
                                + result(run)
                                + (run.place().isEmpty()
                                        ? ", and where each was made is not known"
                                        : ", from one place (" + run.place() + ")")
                                + ". Nothing was merged; find out which is right and delete the"
                                + " other's file.");
            }
        }
    }

    private static String result(RunRecord run) {
        return run.isFinished()
                ? run.metric() + " " + run.value() + " after " + run.epochs() + " epochs"
                : run.status().label() + " after " + run.epochs() + " epochs";
    }

    private void take(RunRecord run) throws IOException {
        Optional<RunRecord> found = target.find(run.id());
        if (found.isEmpty()) {
            target.save(run);
            added++;
            return;
        }
        RunRecord kept = found.get();
        if (kept.place().equals(run.place())) {
            // The same run; one may know its epochs and the other not.
            if (kept.history().isEmpty() && !run.history().isEmpty()) {
                target.save(run);
            }
        } else if (kept.precedes(run)) {
            target.saveReplica(run);
        } else {
            target.saveReplica(kept);
            target.save(run);
            target.discardReplica(run);
        }
    }

    /**
     * Keeps what was added, and writes {@code runs.csv} with its provenance. Where there is a plan,
     * runs that it does not name are kept, but are no part of these. To be called once; what was
     * added is forgotten as it is kept.
     *
     * @return what there is
     * @throws IOException if something cannot be read or written
     */
    public Outcome finish() throws IOException {
        results.clear();
        while (!sources.isEmpty()) {
            keep(sources.remove());
        }
        List<RunRecord> all = target.all();
        StudyRuns runs = StudyRuns.of(target, all);
        if (runs.planned() > 0) {
            runs.write(target.directory());
        }
        return new Outcome(all.size(), added, all.size() - runs.made(), runs, noise());
    }

    /** What the places of a run change, by metric. */
    private List<Noise> noise() throws IOException {
        Map<String, List<Double>> differences = new LinkedHashMap<>();
        Map<String, Integer> equal = new HashMap<>();
        for (RunRecord replica : target.replicas()) {
            Optional<RunRecord> run = target.find(replica.id());
            if (run.isPresent() && run.get().isFinished() && replica.isFinished()) {
                differences
                        .computeIfAbsent(run.get().metric(), metric -> new ArrayList<>())
                        .add(replica.value() - run.get().value());
                equal.merge(
                        run.get().metric(),
                        run.get().hasSameResultAs(replica) ? 1 : 0,
                        Integer::sum);
            }
        }
        List<Noise> noise = new ArrayList<>();
        differences.forEach(
                (metric, values) -> noise.add(Noise.of(metric, values, equal.get(metric))));
        return noise;
    }

    /**
     * What runs gave that were made in two places.
     *
     * @param metric the metric
     * @param runs how many were
     * @param equal how many gave the same to the bit
     * @param mean the mean of the replica's value less the run's
     * @param deviation the root mean square of these differences
     */
    public record Noise(String metric, int runs, int equal, double mean, double deviation) {

        static Noise of(String metric, List<Double> differences, int equal) {
            double sum = 0;
            double squares = 0;
            for (double one : differences) {
                sum += one;
                squares += one * one;
            }
            int n = differences.size();
            return new Noise(metric, n, equal, sum / n, Math.sqrt(squares / n));
        }
    }

    /**
     * What a merge gave.
     *
     * @param runs how many runs the target has
     * @param added how many of them are new
     * @param unplanned how many of them no plan names
     * @param study what is there of the study
     * @param noise what other places made of the same runs
     */
    public record Outcome(int runs, int added, int unplanned, StudyRuns study, List<Noise> noise) {

        /** Copies the list. */
        public Outcome {
            noise = List.copyOf(noise);
        }
    }
}
