// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Problem;

/**
 * A row of the paper's Table III or IV; positive is better.
 *
 * @param problem the problem
 * @param configuration the configuration
 * @param byValue the comparison of the metric with Adam's
 * @param byTime the comparison of the training time with Adam's
 */
record PublishedImprovement(
        Problem problem, Configuration configuration, Test byValue, Test byTime) {

    /**
     * A comparison of means.
     *
     * @param percent the improvement, in percent of Adam's mean
     * @param t the pooled statistic
     * @param p its two-sided p-value
     */
    public record Test(double percent, double t, double p) {}
}
