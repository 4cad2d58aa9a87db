// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.plugin;

import java.util.Optional;

/**
 * A measure of predictions that a study can name.
 *
 * @since 0.1.0
 */
public interface MetricFactory extends Named {

    /**
     * Returns whether a lower value is better.
     *
     * @return whether it is
     */
    boolean lowerIsBetter();

    /**
     * Returns what a value of 1 means.
     *
     * @param data the data
     * @return the unit, such as that of the targets; empty for a share or where it is not known
     */
    default String unit(DataSignature data) {
        return "";
    }

    /**
     * Says why the metric means nothing for data of this kind.
     *
     * @param data the data
     * @return the reason, as the end of a sentence; empty if it does
     */
    default Optional<String> refuses(DataSignature data) {
        return Optional.empty();
    }

    /**
     * Starts a measurement.
     *
     * @param data the data
     * @param options the options that the study gives
     * @return a new measurement of no rows
     */
    Metric start(DataSignature data, Options options);

    /**
     * Returns how tables name the metric.
     *
     * @return the name to print, such as {@code RMSE}
     */
    default String title() {
        return name();
    }
}
