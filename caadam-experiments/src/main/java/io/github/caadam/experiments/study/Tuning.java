// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import java.util.List;

/**
 * The budget from which learning rates are chosen: every tuned optimizer tries the same rates with
 * the same seeds on each network, and has the one whose mean validation loss is lowest.
 *
 * @param learningRates the learning rates, 2 or more, ascending
 * @param runs the number of seeds that each is tried with, 1 or more; the study's own runs have
 *     fresh ones
 */
public record Tuning(List<Double> learningRates, int runs) {

    /** Checks the budget. */
    public Tuning {
        learningRates = learningRates.stream().sorted().distinct().toList();
        if (learningRates.size() < 2 || learningRates.get(0) <= 0 || runs < 1) {
            throw new IllegalArgumentException(
                    "Tuning needs 2 or more learning rates above 0, and 1 or more runs of each,"
                            + " found "
                            + learningRates
                            + " and "
                            + runs
                            + ".");
        }
    }

    /**
     * Returns whether a better learning rate may lie outside the budget.
     *
     * @param learningRate the one that was chosen
     * @return whether it is the lowest or the highest
     */
    public boolean isAtEdge(double learningRate) {
        return learningRate == learningRates.get(0)
                || learningRate == learningRates.get(learningRates.size() - 1);
    }
}
