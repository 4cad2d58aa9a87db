// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import io.github.caadam.experiments.results.PlannedRun;
import io.github.caadam.experiments.study.Study;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What planned runs leave out of a study, in words for captions. */
final class Reductions {

    private Reductions() {}

    /**
     * Compares a plan with the study.
     *
     * @param study the whole study
     * @param runs the runs that are planned, of several commands perhaps
     * @return such as {@code 1 of 3 data sets; 5 of 30 seeds}; empty if nothing is left out
     */
    static List<String> of(Study study, Collection<PlannedRun> runs) {
        Set<String> datasets = new HashSet<>();
        Set<String> networks = new HashSet<>();
        Set<String> optimizers = new HashSet<>();
        Map<String, Set<Integer>> seeds = new HashMap<>();
        for (PlannedRun run : runs) {
            datasets.add(run.dataset());
            networks.add(run.architecture());
            optimizers.add(run.optimizer() + ":" + run.strategy());
            seeds.computeIfAbsent(run.configuration(), key -> new HashSet<>()).add(run.seed());
        }
        int mostSeeds = seeds.values().stream().mapToInt(Set::size).max().orElse(0);
        List<String> parts = new ArrayList<>();
        if (!study.reductions().isEmpty()) {
            parts.add(study.reductions());
        }
        add(parts, datasets.size(), distinct(study.data()), "data sets");
        add(parts, networks.size(), distinct(study.models()), "networks");
        add(parts, optimizers.size(), distinct(study.optimizers()), "optimizers");
        add(parts, mostSeeds, study.seeds(), "seeds");
        return parts;
    }

    private static int distinct(List<?> all) {
        return (int) all.stream().distinct().count();
    }

    private static void add(List<String> parts, int kept, int all, String what) {
        if (kept < all) {
            parts.add(kept + " of " + all + " " + what);
        }
    }
}
