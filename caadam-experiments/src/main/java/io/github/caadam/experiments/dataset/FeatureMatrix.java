// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Features of training and test rows, which are prepared in place: what is missing is {@code NaN}
 * until it is filled. All statistics are those of the rows that a network is trained on, in double
 * precision.
 */
final class FeatureMatrix {

    private final int fitRows;
    private float[] train;
    private float[] test;
    private int width;

    /**
     * Takes values.
     *
     * @param train the training rows, those held out for validation last, row-major
     * @param test the test rows, row-major
     * @param width the features of a row
     * @param fitRows the training rows without those held out
     */
    FeatureMatrix(float[] train, float[] test, int width, int fitRows) {
        this.train = train;
        this.test = test;
        this.width = width;
        this.fitRows = fitRows;
    }

    /** Returns whether no row to train on has a value of a feature. */
    boolean isEmpty(int feature) {
        for (int i = feature; i < fitRows * width; i += width) {
            if (!Float.isNaN(train[i])) {
                return false;
            }
        }
        return true;
    }

    /** Returns the mean of a feature's values. */
    double mean(int feature) {
        double sum = 0;
        int count = 0;
        for (int row = 0; row < fitRows; row++) {
            float value = train[row * width + feature];
            if (!Float.isNaN(value)) {
                sum += value;
                count++;
            }
        }
        return sum / count;
    }

    /** Returns the median of a feature's values; the mean of the middle two where there are. */
    double median(int feature) {
        float[] values = new float[fitRows];
        int count = 0;
        for (int row = 0; row < fitRows; row++) {
            float value = train[row * width + feature];
            if (!Float.isNaN(value)) {
                values[count++] = value;
            }
        }
        Arrays.sort(values, 0, count);
        return ((double) values[(count - 1) / 2] + values[count / 2]) / 2;
    }

    /** Puts a value in place of those that are missing. */
    void fill(int feature, double value) {
        for (float[] part : new float[][] {train, test}) {
            for (int i = feature; i < part.length; i += width) {
                if (Float.isNaN(part[i])) {
                    part[i] = (float) value;
                }
            }
        }
    }

    /** Returns whether a feature has one value in all rows to train on. */
    boolean isConstant(int feature) {
        for (int i = feature; i < fitRows * width; i += width) {
            if (train[i] != train[feature]) {
                return false;
            }
        }
        return true;
    }

    /** Subtracts a feature's mean and divides by its population standard deviation. */
    void standardise(int feature) {
        double mean = mean(feature);
        double squares = 0;
        for (int i = feature; i < fitRows * width; i += width) {
            double difference = train[i] - mean;
            squares += difference * difference;
        }
        double deviation = Math.sqrt(squares / fitRows);
        for (float[] part : new float[][] {train, test}) {
            for (int i = feature; i < part.length; i += width) {
                part[i] = (float) ((part[i] - mean) / deviation);
            }
        }
    }

    /** Leaves features out. */
    void leaveOut(BitSet features) {
        if (features.isEmpty()) {
            return;
        }
        int left = width - features.cardinality();
        train = without(train, features, left);
        test = without(test, features, left);
        width = left;
    }

    private float[] without(float[] values, BitSet features, int left) {
        int to = 0;
        for (int i = 0; i < values.length; i++) {
            if (!features.get(i % width)) {
                values[to++] = values[i];
            }
        }
        return Arrays.copyOf(values, values.length / width * left);
    }

    int width() {
        return width;
    }

    float[] train() {
        return train;
    }

    float[] test() {
        return test;
    }
}
