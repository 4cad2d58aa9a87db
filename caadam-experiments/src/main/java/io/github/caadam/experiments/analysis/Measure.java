// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import io.github.caadam.experiments.results.RunRow;
import java.util.Map;

/**
 * What the values of runs are. The only place that reads it off a line of {@code runs.csv}.
 *
 * @param name the metric's name, such as {@code rmse}
 * @param secondary what the second value is
 * @param unit the unit of both; empty if they have none, or it is not known
 * @param lowerIsBetter whether a lower value is better
 * @since 0.1.0
 */
public record Measure(String name, String secondary, String unit, boolean lowerIsBetter) {

    /** Names that are abbreviations, as they are printed. */
    private static final Map<String, String> PRINTED =
            Map.of(
                    "rmse",
                    "RMSE",
                    "mse",
                    "MSE",
                    "mae",
                    "MAE",
                    "r2",
                    "R²",
                    "f1",
                    "F1",
                    "top-5",
                    "top-5 accuracy",
                    "log-loss",
                    "log loss",
                    "loss",
                    "test loss");

    private static final String UNKNOWN = "second metric";

    /**
     * Reads off a run what its values are.
     *
     * @param run the run
     * @return what they are
     */
    public static Measure of(RunRow run) {
        return new Measure(
                run.metric(),
                run.secondaryMetric().isEmpty() ? UNKNOWN : run.secondaryMetric(),
                run.unit(),
                run.lowerIsBetter());
    }

    /**
     * Returns the metric's name to print.
     *
     * @return such as {@code RMSE}
     */
    public String title() {
        return printed(name);
    }

    /**
     * Returns the second metric's name to print.
     *
     * @return such as {@code MAE}
     */
    public String secondaryTitle() {
        return printed(secondary);
    }

    private static String printed(String name) {
        return PRINTED.getOrDefault(name, name);
    }
}
