// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a study fixes beforehand about how its results are compared and shown. None of it determines
 * a run.
 *
 * @param baseline the row that the others are compared with
 * @param margin the difference of the metric below which rows are level, above 0
 * @param targets by what is watched, such as {@code validation-loss}, the values that are to be
 *     reached
 * @param against what a target is reached in, such as {@code epochs} and {@code seconds}
 * @param titles the titles of tables, by table
 */
public record Presentation(
        Optional<Configuration> baseline,
        Optional<Double> margin,
        Map<String, List<Double>> targets,
        List<String> against,
        Map<String, String> titles) {

    /** Of a study that says nothing. */
    public static final Presentation NONE =
            new Presentation(Optional.empty(), Optional.empty(), Map.of(), List.of(), Map.of());

    /** Copies the collections. */
    public Presentation {
        targets = Map.copyOf(targets);
        against = List.copyOf(against);
        titles = Map.copyOf(titles);
    }
}
