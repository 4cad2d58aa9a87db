// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import io.github.caadam.plugin.Task;

/** The metrics of predictions on the test rows, which come in parts. */
interface TestMetrics {

    /** Returns the metrics of a task. */
    static TestMetrics of(Task task) {
        return switch (task) {
            case REGRESSION -> new Errors();
            case CLASSIFICATION -> new Accuracy();
        };
    }

    /**
     * Adds predictions.
     *
     * @param outputs the network's outputs, row by row
     * @param targets the targets of these rows
     * @param loss the mean loss of these rows
     */
    void add(float[] outputs, float[] targets, double loss);

    /** The name of the first metric. */
    String name();

    /** The first metric. */
    double value();

    /** The second metric. */
    double secondary();

    /** Root mean squared error and mean absolute error. */
    final class Errors implements TestMetrics {

        private double squares;
        private double absolutes;
        private int rows;

        @Override
        public void add(float[] outputs, float[] targets, double loss) {
            for (int i = 0; i < targets.length; i++) {
                double error = (double) outputs[i] - targets[i];
                squares += error * error;
                absolutes += Math.abs(error);
            }
            rows += targets.length;
        }

        @Override
        public String name() {
            return "rmse";
        }

        @Override
        public double value() {
            return Math.sqrt(squares / rows);
        }

        @Override
        public double secondary() {
            return absolutes / rows;
        }
    }

    /** The share of rows whose largest output is that of their class, and the loss. */
    final class Accuracy implements TestMetrics {

        private double losses;
        private int right;
        private int rows;

        @Override
        public void add(float[] outputs, float[] targets, double loss) {
            int classes = outputs.length / targets.length;
            for (int i = 0; i < targets.length; i++) {
                int best = 0;
                for (int k = 1; k < classes; k++) {
                    best = outputs[i * classes + k] > outputs[i * classes + best] ? k : best;
                }
                right += best == (int) targets[i] ? 1 : 0;
            }
            losses += loss * targets.length;
            rows += targets.length;
        }

        @Override
        public String name() {
            return "accuracy";
        }

        @Override
        public double value() {
            return (double) right / rows;
        }

        @Override
        public double secondary() {
            return losses / rows;
        }
    }
}
