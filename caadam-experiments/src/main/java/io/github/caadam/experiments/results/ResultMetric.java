// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

/**
 * What the two values of a run are, as files of before did not say it: they knew two tasks.
 *
 * @param name the first value
 * @param secondary the second value; empty if not known
 * @param lowerIsBetter whether a lower first value is better
 */
record ResultMetric(String name, String secondary, boolean lowerIsBetter) {

    private static final String ACCURACY = "accuracy";

    /** Returns what is meant by the name of the first value alone. */
    static ResultMetric of(String name) {
        return switch (name) {
            case "rmse" -> new ResultMetric(name, "mae", true);
            case ACCURACY -> new ResultMetric(name, "loss", false);
            default -> new ResultMetric(name, "", true);
        };
    }
}
