// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import io.github.caadam.experiments.results.RunRow;

/**
 * What optimizers are compared on: a network on a data set.
 *
 * @param dataset the data set, such as {@code airfoil}
 * @param architecture the network as tables name it, such as {@code 64-32}
 */
public record Problem(String dataset, String architecture) {

    /**
     * Returns what a run was made on.
     *
     * @param run the run
     * @return its problem
     */
    public static Problem of(RunRow run) {
        return new Problem(run.dataset(), run.architecture());
    }
}
