// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import java.util.List;

/**
 * Which runs a store is to hold, written to {@code study.json} when a study starts, so that what is
 * missing can be told without the study and its data.
 *
 * @param study the study's name
 * @param reductions what it reduces against the full protocol; empty if nothing
 * @param workers how many runs are made at a time
 * @param runs the runs, in their order
 */
public record StudyPlan(String study, String reductions, int workers, List<PlannedRun> runs) {

    /** Copies the runs. */
    public StudyPlan {
        runs = List.copyOf(runs);
    }

    /**
     * A run.
     *
     * @param id its id
     * @param configuration everything but the seed, in a few words
     * @param seed the seed
     */
    public record PlannedRun(String id, String configuration, int seed) {

        /**
         * Returns the run in a few words.
         *
         * @return configuration and seed
         */
        public String label() {
            return configuration + " seed " + seed;
        }
    }
}
