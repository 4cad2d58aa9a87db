// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import java.util.List;
import java.util.Map;

/**
 * What options are chosen from: every candidate is tried with the same seeds on each problem, and
 * the one whose mean validation loss is lowest is chosen.
 *
 * @param name what messages call the row that is tried
 * @param candidates what is tried, 2 or more; of equals, the first is chosen
 */
public record Tuner(String name, List<Candidate> candidates) {

    /**
     * Copies the candidates.
     *
     * @throws IllegalArgumentException if there are less than two
     */
    public Tuner {
        candidates = List.copyOf(candidates);
        if (candidates.size() < 2) {
            throw new IllegalArgumentException(
                    "Tuning needs 2 or more values that are tried, found "
                            + candidates.size()
                            + ".");
        }
    }

    /**
     * Values that are tried together.
     *
     * @param options the values by option
     * @param row the row that tries them
     */
    public record Candidate(Map<String, Object> options, Configuration row) {

        /** Copies the options. */
        public Candidate {
            options = Map.copyOf(options);
        }

        /** Returns the values, such as {@code learning-rate=0.001}. */
        @Override
        public String toString() {
            return String.join(
                    " ",
                    options.entrySet().stream()
                            .sorted(Map.Entry.comparingByKey())
                            .map(one -> one.getKey() + "=" + one.getValue())
                            .toList());
        }
    }

    /**
     * Returns whether a better value may lie outside what is tried.
     *
     * @param candidate the one that was chosen
     * @return whether the value of an option is the least or the largest of those tried
     */
    public boolean isAtEdge(Candidate candidate) {
        return candidate.options().entrySet().stream()
                .filter(one -> one.getValue() instanceof Number)
                .anyMatch(one -> isAtEdge(one.getKey(), ((Number) one.getValue()).doubleValue()));
    }

    private boolean isAtEdge(String option, double value) {
        double[] tried =
                candidates.stream()
                        .map(one -> one.options().get(option))
                        .filter(Number.class::isInstance)
                        .mapToDouble(one -> ((Number) one).doubleValue())
                        .sorted()
                        .toArray();
        return value == tried[0] || value == tried[tried.length - 1];
    }
}
