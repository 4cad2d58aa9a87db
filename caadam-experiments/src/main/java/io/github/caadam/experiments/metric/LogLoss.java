// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.metric;

import io.github.caadam.plugin.Metric;

/** The mean of {@code −log softmax(outputs)} at the class of each row. */
final class LogLoss implements Metric {

    private double sum;
    private int rows;

    @Override
    public void add(float[] outputs, float[] targets, double loss) {
        int classes = outputs.length / targets.length;
        for (int i = 0; i < targets.length; i++) {
            double largest = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < classes; k++) {
                largest = Math.max(largest, outputs[i * classes + k]);
            }
            double exponentials = 0;
            for (int k = 0; k < classes; k++) {
                exponentials += Math.exp(outputs[i * classes + k] - largest);
            }
            sum += Math.log(exponentials) + largest - outputs[i * classes + (int) targets[i]];
        }
        rows += targets.length;
    }

    @Override
    public double value() {
        return sum / rows;
    }
}
