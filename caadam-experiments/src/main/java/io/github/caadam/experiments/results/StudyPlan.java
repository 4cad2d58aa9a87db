// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which runs a store is to hold, written to {@code plan.json}, so that what is missing can be told
 * without the study and its data. A plan grows and never shrinks. A run may stand in it under two
 * labels, as Adam does whose tuned learning rate is the one that Adam has anyway; it is made once.
 * A run for which nothing could be chosen gives way to one of its label for which something was.
 *
 * @param study the study's name
 * @param reductions what it reduces against the full protocol; empty if nothing
 * @param workers how many runs are made at a time
 * @param runs the runs, in their order
 * @param compare how the study wants its runs compared; nothing where the plan is older than that
 */
public record StudyPlan(
        String study,
        String reductions,
        int workers,
        List<PlannedRun> runs,
        CompareSettings compare) {

    /**
     * Copies the runs, of which each is there once under a label.
     *
     * @throws IllegalArgumentException if one label means two configurations, where the message
     *     says where they differ, or a text cannot be printed
     */
    public StudyPlan {
        CsvText.requirePrintable("study", study);
        CsvText.requirePrintable("reductions", reductions);
        Map<String, PlannedRun> byName = new LinkedHashMap<>();
        for (PlannedRun run : runs) {
            PlannedRun same = byName.get(run.name());
            if (same != null && run.question().lacksChoice()) {
                continue;
            }
            boolean first = same == null || same.question().lacksChoice();
            byName.put(run.name(), first ? run : run.withAliases(same));
            if (!first && !same.id().equals(run.id())) {
                throw new IllegalArgumentException(
                        "The run "
                                + run.name()
                                + " is planned as two different ones. They differ in "
                                + String.join("; ", same.question().differences(run.question()))
                                + ". Give what differs another name, or another directory.");
            }
        }
        runs = List.copyOf(byName.values());
        compare = compare == null ? CompareSettings.NONE : compare;
    }

    /**
     * Returns this plan with more runs.
     *
     * @param more the runs; those that are planned already stay where they are, and take over what
     *     their metrics are to be
     * @return the plan
     * @throws IllegalArgumentException if a run of the same label is planned that is not the same
     */
    public StudyPlan with(List<PlannedRun> more) {
        List<PlannedRun> all = new ArrayList<>(runs);
        all.addAll(more);
        return new StudyPlan(study, reductions, workers, all, compare);
    }
}
