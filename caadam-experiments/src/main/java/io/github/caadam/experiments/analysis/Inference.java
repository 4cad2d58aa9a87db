// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import io.github.caadam.experiments.results.StudyRuns;
import io.github.caadam.experiments.results.WeightDraw;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the runs of a study carry: a family of contrasts with the baseline for each problem, and one
 * over all problems. Runs that all start from one draw of initial weights are of that draw only.
 * Where a study has several draws, there is an inference for each, and one over them, in which they
 * are a sample of draws.
 *
 * @param groups the runs: one group, or one for each draw of initial weights
 * @param weights what the verdicts hold for; empty where every run draws weights of its own
 * @param margin the margin of equivalence; empty where the study has none for this metric
 * @param problems a family for each problem that has a contrast, in the order of the problems
 * @param pooled the family over all problems; empty where fewer than two have a contrast
 * @since 0.1.0
 */
public record Inference(
        List<RunGroup> groups,
        String weights,
        Optional<Double> margin,
        List<Family> problems,
        Optional<Family> pooled) {

    /** Copies the lists. */
    public Inference {
        groups = List.copyOf(groups);
        problems = List.copyOf(problems);
    }

    /**
     * Judges the runs of a study.
     *
     * @param study the study
     * @return an inference for each group of runs, and for those that differ only in the draw of
     *     initial weights one over the draws behind them
     */
    public static List<Inference> of(StudyRuns study) {
        return of(study, RunGroup.of(study));
    }

    /**
     * Judges groups of runs.
     *
     * @param study the study
     * @param groups groups of its runs
     * @return an inference for each group, in their order, and for those that differ only in the
     *     draw of initial weights one over the draws behind them
     */
    public static List<Inference> of(StudyRuns study, List<RunGroup> groups) {
        List<Inference> all = new ArrayList<>();
        Map<Object, List<RunGroup>> byDraw = new LinkedHashMap<>();
        for (RunGroup group : groups) {
            Optional<WeightDraw> draw = Optional.ofNullable(study.draws().get(group.protocol()));
            all.add(of(List.of(group), draw.isPresent() ? "for this draw of initial weights" : ""));
            draw.ifPresent(
                    one ->
                            byDraw.computeIfAbsent(
                                            List.of(
                                                    one.protocol(),
                                                    group.datasets(),
                                                    group.metric()),
                                            key -> new ArrayList<>())
                                    .add(group));
        }
        byDraw.values().stream()
                .filter(draws -> draws.size() > 1)
                .map(draws -> of(draws, "over " + draws.size() + " draws of initial weights"))
                .forEach(all::add);
        return List.copyOf(all);
    }

    private static Inference of(List<RunGroup> groups, String weights) {
        RunGroup first = groups.get(0);
        Optional<Double> margin = first.margin();
        Contrasts contrasts = new Contrasts(groups, margin);
        List<Family> problems =
                contrasts.problems().stream()
                        .map(
                                problem ->
                                        Family.of(
                                                first, Optional.of(problem), contrasts.on(problem)))
                        .filter(family -> !family.contrasts().isEmpty())
                        .toList();
        Optional<Family> pooled =
                problems.size() < 2
                        ? Optional.empty()
                        : Optional.of(Family.of(first, Optional.empty(), contrasts.pooled()));
        return new Inference(groups, weights, margin, problems, pooled);
    }

    /**
     * Returns the runs, for what they have in common.
     *
     * @return the only group, or all draws as one
     */
    public RunGroup group() {
        return RunGroup.together(groups);
    }

    /**
     * Returns whether draws of initial weights are a sample of draws.
     *
     * @return whether there are several
     */
    public boolean isOverDraws() {
        return groups.size() > 1;
    }

    /**
     * Returns all families.
     *
     * @return those of problems, and that over all problems behind them
     */
    public List<Family> families() {
        return Stream.concat(problems.stream(), pooled.stream()).toList();
    }
}
