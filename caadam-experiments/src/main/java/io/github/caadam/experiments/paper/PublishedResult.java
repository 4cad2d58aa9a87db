// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Problem;

/**
 * A row of the paper's Table I or II: the mean and sample standard deviation over 30 runs.
 *
 * @param problem the problem
 * @param configuration the configuration
 * @param value the mean of the metric, RMSE in standard deviations of the target or accuracy
 * @param valueDeviation its standard deviation
 * @param seconds the mean training time, on the authors' machine
 * @param secondsDeviation its standard deviation
 * @param epochs the mean of the epochs
 * @param epochsDeviation their standard deviation
 */
record PublishedResult(
        Problem problem,
        Configuration configuration,
        double value,
        double valueDeviation,
        double seconds,
        double secondsDeviation,
        double epochs,
        double epochsDeviation) {

    /** The runs behind every row. */
    public static final int RUNS = 30;
}
