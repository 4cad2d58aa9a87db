// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.scaling;

/**
 * A factor that follows the weights of a layer: {@code S = min(max(slope·r, floor), ceiling)},
 * where {@code r} is the root mean square of the weights. Where it is infinite or not a number, so
 * is the factor.
 *
 * @param slope what {@code r} is multiplied by, 0 or more; 0 for a factor that does not move
 * @param floor the smallest factor, 0 or more
 * @param ceiling the largest factor, not below the floor; infinity for none
 * @param atStart whether {@code r} is that of the weights before the layer's first step, for good;
 *     otherwise that of the weights before each step
 * @since 0.1.0
 */
public record WeightFactor(double slope, double floor, double ceiling, boolean atStart) {

    /**
     * Checks the ranges.
     *
     * @param slope what {@code r} is multiplied by
     * @param floor the smallest factor
     * @param ceiling the largest factor
     * @param atStart whether {@code r} stays that of the start
     * @throws IllegalArgumentException if a number is out of its range
     */
    public WeightFactor {
        if (!(slope >= 0 && floor >= 0 && ceiling >= floor)
                || Double.isInfinite(slope)
                || Double.isInfinite(floor)) {
            throw new IllegalArgumentException(
                    "A factor of weights needs a finite slope and floor, 0 or more, and a ceiling"
                            + " not below the floor, found "
                            + slope
                            + ", "
                            + floor
                            + " and "
                            + ceiling
                            + ".");
        }
    }

    /**
     * Returns a factor that no weight changes.
     *
     * @param factor the factor, finite, 0 or more
     * @return the factor
     * @throws IllegalArgumentException if it is out of its range
     */
    public static WeightFactor constant(double factor) {
        return new WeightFactor(0, factor, factor, true);
    }

    /**
     * Returns whether the factor changes from step to step.
     *
     * @return whether it does
     */
    public boolean moves() {
        return slope > 0 && !atStart;
    }

    /**
     * Computes the factor.
     *
     * @param r the root mean square of the layer's weights
     * @return {@code S}
     */
    public double of(double r) {
        return Math.min(Math.max(slope * r, floor), ceiling);
    }

    /** Multiplies the factor by a number. */
    WeightFactor times(double factor) {
        return factor == 0
                ? constant(0)
                : new WeightFactor(slope * factor, floor * factor, ceiling * factor, atStart);
    }

    /** Bounds the factor. */
    WeightFactor bounded(double low, double high) {
        return new WeightFactor(
                slope,
                Math.max(low, Math.min(high, floor)),
                Math.max(low, Math.min(high, ceiling)),
                atStart);
    }
}
