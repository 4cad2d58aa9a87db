// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.metric;

import io.github.caadam.plugin.Metric;

/**
 * The mean over the classes of {@code 2·TP/(2·TP+FP+FN)}; classes that occur neither as target nor
 * as prediction do not count.
 */
final class MacroF1 implements Metric {

    private final int[] right;
    private final int[] predicted;
    private final int[] actual;

    MacroF1(int classes) {
        right = new int[classes];
        predicted = new int[classes];
        actual = new int[classes];
    }

    @Override
    public void add(float[] outputs, float[] targets, double loss) {
        int classes = right.length;
        for (int i = 0; i < targets.length; i++) {
            int best = 0;
            for (int k = 1; k < classes; k++) {
                best = outputs[i * classes + k] > outputs[i * classes + best] ? k : best;
            }
            predicted[best]++;
            actual[(int) targets[i]]++;
            right[best] += best == (int) targets[i] ? 1 : 0;
        }
    }

    @Override
    public double value() {
        double sum = 0;
        int classes = 0;
        for (int k = 0; k < right.length; k++) {
            int both = predicted[k] + actual[k];
            if (both > 0) {
                sum += 2.0 * right[k] / both;
                classes++;
            }
        }
        return sum / classes;
    }
}
