// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import io.github.caadam.experiments.results.CompareSettings;
import io.github.caadam.experiments.results.Effort;

/**
 * A value that runs are to reach.
 *
 * @param name what is to reach it: {@value #VALIDATION_LOSS}, which is known of each epoch, or the
 *     metric that the study compares by, which is known at the end of a run only
 * @param value the value, in the unit of what is to reach it
 * @param effort what the way there is counted in
 * @since 0.1.0
 */
public record Target(String name, double value, Effort effort) {

    /** The loss on the validation rows. */
    public static final String VALIDATION_LOSS = CompareSettings.VALIDATION_LOSS;
}
