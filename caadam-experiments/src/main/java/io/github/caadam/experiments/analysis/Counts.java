// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunStatus;
import io.github.caadam.experiments.results.StudyRuns;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What became of planned runs.
 *
 * @since 0.1.0
 */
public final class Counts {

    /** A side that lost more than one run in so many has no verdict. */
    private static final int MOST_LOST = 10;

    private final Map<RunStatus, Integer> counts = new EnumMap<>(RunStatus.class);

    private Counts() {
        for (RunStatus status : RunStatus.values()) {
            counts.put(status, 0);
        }
    }

    /**
     * Counts runs.
     *
     * @param runs runs of every status
     * @return the counts
     */
    public static Counts of(Collection<RunRow> runs) {
        Counts counts = new Counts();
        runs.forEach(run -> counts.add(run.status(), 1));
        return counts;
    }

    /**
     * Counts runs of which no more is known.
     *
     * @param statuses the status of each
     * @return the counts
     */
    public static Counts ofStatuses(Collection<RunStatus> statuses) {
        Counts counts = new Counts();
        statuses.forEach(status -> counts.add(status, 1));
        return counts;
    }

    /**
     * Counts all runs of a study.
     *
     * @param study the study
     * @return the counts
     */
    public static Counts of(StudyRuns study) {
        return of(study.lines());
    }

    private void add(RunStatus status, int runs) {
        counts.merge(status, runs, Integer::sum);
    }

    /** The counts of runs of which nothing is known but that they finished. */
    static Counts finished(int runs) {
        Counts counts = new Counts();
        counts.add(RunStatus.FINISHED, runs);
        return counts;
    }

    /**
     * Adds counts.
     *
     * @param parts the counts of runs without a run in common
     * @return the counts of all of them
     */
    static Counts sum(Collection<Counts> parts) {
        Counts sum = new Counts();
        parts.forEach(part -> part.counts.forEach(sum::add));
        return sum;
    }

    /**
     * Returns how many runs have a status.
     *
     * @param status the status
     * @return the number, 0 or more
     */
    public int of(RunStatus status) {
        return counts.get(status);
    }

    /**
     * Returns how many runs were planned.
     *
     * @return the number of all runs
     */
    public int planned() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /**
     * Returns how many runs have a result.
     *
     * @return the number
     */
    public int finished() {
        return of(RunStatus.FINISHED);
    }

    /**
     * Returns how many runs were made and have no result: they diverged, a metric of theirs is not
     * finite, or they failed. Those that were not made yet are not among them.
     *
     * @return the number
     */
    public int lost() {
        return of(RunStatus.DIVERGED) + of(RunStatus.INVALID) + of(RunStatus.FAILED);
    }

    /** How many runs were made, whatever became of them. */
    int made() {
        return finished() + lost();
    }

    /**
     * Returns whether so many runs were lost that the finished ones carry no verdict.
     *
     * @return whether it is more than 10 % of those that were made
     */
    public boolean lostTooMany() {
        return MOST_LOST * lost() > made();
    }

    /**
     * Returns the number for a column n.
     *
     * @return such as {@code 30}, or {@code 27 of 30} where runs have no result
     */
    public String ofPlanned() {
        return finished() == planned() ? "" + finished() : finished() + " of " + planned();
    }

    /**
     * Returns all counts.
     *
     * @return such as {@code 27 finished, 3 diverged, 0 invalid, 0 failed, 0 missing}
     */
    public String ofEach() {
        return Arrays.stream(RunStatus.values())
                .map(status -> of(status) + " " + status.label())
                .collect(Collectors.joining(", "));
    }

    /**
     * Returns the counts for a caption.
     *
     * @return such as {@code 30 runs, all finished} or {@code 30 runs: 27 finished, 3 diverged}
     */
    public String describe() {
        String runs = planned() + (planned() == 1 ? " run" : " runs");
        if (finished() == planned()) {
            return runs + (planned() == 1 ? ", finished" : ", all finished");
        }
        List<String> parts =
                Arrays.stream(RunStatus.values())
                        .filter(status -> status == RunStatus.FINISHED || of(status) > 0)
                        .map(status -> of(status) + " " + word(status))
                        .toList();
        return runs + ": " + parts.stream().collect(Collectors.joining(", "));
    }

    private static String word(RunStatus status) {
        return status == RunStatus.MISSING ? "not made yet" : status.label();
    }
}
