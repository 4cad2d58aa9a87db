// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import io.github.caadam.experiments.results.PlannedRun;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The runs of a study, each once: equal configurations are merged, which a note says. Two labels
 * for one configuration are refused, unless the one was tuned to what the other is anyway, and one
 * label for two.
 */
public final class RunSet {

    private final Map<PlannedRun, RunSpec> runs = new LinkedHashMap<>();
    private final Map<PlannedRun, String> lost = new LinkedHashMap<>();
    private final Set<PlannedRun> planned = new LinkedHashSet<>();
    private final Set<String> notes = new LinkedHashSet<>();

    private RunSet() {}

    /**
     * Collects a study's runs.
     *
     * @param study the study
     * @param facts what is known of the data, by their labels
     * @return the runs
     * @throws IllegalArgumentException if a configuration has two labels, or a label two
     *     configurations; the message names both
     */
    public static RunSet of(Study study, Map<String, DataFacts> facts) {
        RunSet set = new RunSet();
        Map<String, RunSpec> byLabel = new LinkedHashMap<>();
        Map<String, List<RunSpec>> byId = new LinkedHashMap<>();
        for (Study.Entry entry : study.entries()) {
            RunSpec spec = entry.spec();
            DataFacts data = facts.get(spec.labels().data());
            PlannedRun planned = spec.planned(data);
            if (entry.unchosen().isPresent()) {
                PlannedRun unmade = entry.unchosen().get().planned(planned);
                set.planned.add(unmade);
                set.lost.put(unmade, entry.unchosen().get().reason());
                continue;
            }
            RunSpec same = byLabel.putIfAbsent(spec.label(), spec);
            if (same != null) {
                List<String> differences =
                        same.question(data.digest()).differences(planned.question());
                if (!differences.isEmpty()) {
                    throw new IllegalArgumentException(
                            "The study "
                                    + study.name()
                                    + " calls two configurations "
                                    + spec.configuration()
                                    + "; they differ in "
                                    + String.join("; ", differences)
                                    + ".");
                }
                set.notes.add(
                        "The study "
                                + study.name()
                                + " names "
                                + spec.configuration()
                                + " more than once; its runs are made once.");
                continue;
            }
            List<RunSpec> ofId = byId.computeIfAbsent(planned.id(), id -> new ArrayList<>());
            for (RunSpec other : ofId) {
                set.requireTuned(study, other, spec);
            }
            ofId.add(spec);
            set.planned.add(planned);
            set.runs.put(planned, spec);
        }
        return set;
    }

    private void requireTuned(Study study, RunSpec one, RunSpec other) {
        if (one.labels().tuning().isEmpty() && other.labels().tuning().isEmpty()) {
            throw new IllegalArgumentException(
                    "The study "
                            + study.name()
                            + " has one configuration under two names, "
                            + one.configuration()
                            + " and "
                            + other.configuration()
                            + ", which differ in nothing that has an effect. Leave one of them"
                            + " out.");
        }
        if (study.isDecided()) {
            notes.add(
                    other.configuration()
                            + " was tuned to what "
                            + one.configuration()
                            + " is; their runs are the same and are made once.");
        }
    }

    /**
     * Returns the runs, and those that cannot be made.
     *
     * @return in the order of the study; one that has two labels is there twice
     */
    public Set<PlannedRun> planned() {
        return Collections.unmodifiableSet(planned);
    }

    /**
     * Returns the runs that cannot be made, as options were to be chosen for them and none could
     * be.
     *
     * @return why, for each of them
     */
    public Map<PlannedRun, String> lost() {
        return Collections.unmodifiableMap(lost);
    }

    /**
     * Returns the runs that can be made.
     *
     * @return in the order of the study; one that has two labels is there twice
     */
    public Map<PlannedRun, RunSpec> runs() {
        return runs;
    }

    /**
     * Returns what was merged.
     *
     * @return a sentence each
     */
    public List<String> notes() {
        return List.copyOf(notes);
    }
}
