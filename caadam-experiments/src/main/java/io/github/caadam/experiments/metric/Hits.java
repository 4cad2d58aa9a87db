// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.metric;

import io.github.caadam.plugin.Metric;

/** The share of rows whose class is among those of the largest outputs. */
final class Hits implements Metric {

    private final int most;
    private int right;
    private int rows;

    /**
     * Starts a measurement.
     *
     * @param most how many outputs count: a row is right if fewer than that exceed that of its
     *     class, equal ones of lower classes included
     */
    Hits(int most) {
        this.most = most;
    }

    @Override
    public void add(float[] outputs, float[] targets, double loss) {
        int classes = outputs.length / targets.length;
        for (int i = 0; i < targets.length; i++) {
            int target = (int) targets[i];
            float own = outputs[i * classes + target];
            int before = 0;
            for (int k = 0; k < classes; k++) {
                float output = outputs[i * classes + k];
                before += output > own || (output == own && k < target) ? 1 : 0;
            }
            right += before < most ? 1 : 0;
        }
        rows += targets.length;
    }

    @Override
    public double value() {
        return (double) right / rows;
    }
}
