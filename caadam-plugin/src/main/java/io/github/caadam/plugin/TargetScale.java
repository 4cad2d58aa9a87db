// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.plugin;

import java.util.Objects;

/**
 * How the targets of a regression were standardised: a network is trained on {@code (target − mean)
 * / deviation}, and metrics are computed in the targets' own unit.
 *
 * @param mean what was subtracted; 0 for nothing
 * @param deviation what the difference was divided by, above 0; 1 for nothing
 * @param unit what a metric's value of 1 means, such as {@code $1000} or {@code standard
 *     deviations}; empty if not known
 * @since 0.1.0
 */
public record TargetScale(double mean, double deviation, String unit) {

    /** Of targets that are as they came, and of classes. */
    public static final TargetScale NONE = new TargetScale(0, 1, "");

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if the mean is not finite, or the deviation not above 0
     */
    public TargetScale {
        Objects.requireNonNull(unit, "unit");
        if (!Double.isFinite(mean) || !(deviation > 0) || Double.isInfinite(deviation)) {
            throw new IllegalArgumentException(
                    "Targets have a finite mean and a deviation above 0, found "
                            + mean
                            + " and "
                            + deviation
                            + ".");
        }
    }

    /**
     * Returns whether the targets are as they came.
     *
     * @return whether mean and deviation change nothing
     */
    public boolean isIdentity() {
        return mean == 0 && deviation == 1;
    }

    /**
     * Returns standardised values in the targets' own unit.
     *
     * @param values targets or predictions, standardised
     * @return new values
     */
    public float[] restore(float[] values) {
        float[] restored = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            restored[i] = (float) (values[i] * deviation + mean);
        }
        return restored;
    }
}
