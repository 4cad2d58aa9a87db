// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import io.github.caadam.plugin.TargetScale;
import java.util.Optional;

/** Standardises the targets of a regression, in double precision. */
final class StandardTargets {

    private StandardTargets() {}

    /**
     * Finds mean and population standard deviation.
     *
     * @param targets the targets
     * @param fitRows how many of them, from the first, count
     * @param unit what a target's 1 means
     * @return the scale; empty if all targets are the same
     */
    static Optional<TargetScale> of(double[] targets, int fitRows, String unit) {
        double sum = 0;
        for (int i = 0; i < fitRows; i++) {
            sum += targets[i];
        }
        double mean = sum / fitRows;
        double squares = 0;
        for (int i = 0; i < fitRows; i++) {
            squares += (targets[i] - mean) * (targets[i] - mean);
        }
        double deviation = Math.sqrt(squares / fitRows);
        return deviation > 0
                ? Optional.of(new TargetScale(mean, deviation, unit))
                : Optional.empty();
    }

    /** Returns targets as a network is trained on them. */
    static float[] scaled(double[] targets, TargetScale scale) {
        float[] scaled = new float[targets.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) ((targets[i] - scale.mean()) / scale.deviation());
        }
        return scaled;
    }
}
