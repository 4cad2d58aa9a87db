// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.plugin;

/**
 * A measurement of predictions, which come in parts.
 *
 * @since 0.1.0
 */
public interface Metric {

    /**
     * Adds rows.
     *
     * @param outputs the network's outputs, row by row: as many for each row as the data have
     *     outputs; for classes before any softmax
     * @param targets one target per row: a number, or the index of a class from 0
     * @param loss the mean loss of these rows
     */
    void add(float[] outputs, float[] targets, double loss);

    /**
     * Returns the measure over all rows that were added.
     *
     * @return the value; NaN if there is none
     */
    double value();
}
