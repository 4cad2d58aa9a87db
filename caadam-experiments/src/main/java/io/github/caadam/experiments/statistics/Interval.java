// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

/**
 * A two-sided interval.
 *
 * @param low its lower end; NaN where there is no interval
 * @param high its upper end; NaN where there is no interval
 */
public record Interval(double low, double high) {

    /** Where no interval can be given. */
    public static final Interval UNDEFINED = new Interval(Double.NaN, Double.NaN);

    /**
     * Returns whether a value lies in the interval.
     *
     * @param value the value
     * @return whether it does, ends included; never in an undefined interval
     */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }
}
