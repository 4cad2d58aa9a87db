// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import io.github.caadam.experiments.statistics.HolmCorrection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The contrasts that are judged together: those of one study, metric and baseline on one problem;
 * or those over all problems. Holm's correction holds within a family, once for differences and
 * once for equivalence.
 *
 * @param study the study
 * @param measure the metric
 * @param baseline what all others are compared with
 * @param problem the problem; empty over all problems
 * @param contrasts the contrasts, corrected for each other
 * @since 0.1.0
 */
public record Family(
        String study,
        Measure measure,
        Configuration baseline,
        Optional<Problem> problem,
        List<Contrast> contrasts) {

    /** Copies the contrasts. */
    public Family {
        contrasts = List.copyOf(contrasts);
    }

    /** Makes a family of a problem of a group, or of all its problems. */
    static Family of(RunGroup group, Optional<Problem> problem, List<Contrast> uncorrected) {
        return new Family(
                group.study(), group.measure(), group.baseline(), problem, corrected(uncorrected));
    }

    /** Corrects contrasts for each other. */
    static List<Contrast> corrected(List<Contrast> contrasts) {
        List<Double> differences = adjusted(contrasts, Contrast::p);
        List<Double> equivalences = adjusted(contrasts, Contrast::equivalenceP);
        return IntStream.range(0, contrasts.size())
                .mapToObj(i -> contrasts.get(i).corrected(differences.get(i), equivalences.get(i)))
                .toList();
    }

    private static List<Double> adjusted(List<Contrast> contrasts, Function<Contrast, Double> p) {
        return HolmCorrection.adjust(contrasts.stream().map(p).toList());
    }
}
