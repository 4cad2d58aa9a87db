// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Random;

/**
 * Made-up rows, the same at every call.
 *
 * @param features standard normal numbers
 * @param labels the labels
 */
record TestData(NDArray features, NDArray labels) {

    /** Makes a regression problem. */
    static TestData regression(NDManager manager, int rows, int width, int outputs) {
        Random random = new Random(5);
        float[] x = new float[rows * width];
        float[] y = new float[rows * outputs];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < width; j++) {
                float value = (float) random.nextGaussian();
                x[i * width + j] = value;
                y[i * outputs + j % outputs] += (float) Math.sin((j + 1) * value);
            }
        }
        return new TestData(
                manager.create(x, new Shape(rows, width)),
                manager.create(y, new Shape(rows, outputs)));
    }

    /**
     * Makes a classification problem on images of 8×8 and 3 channels: which corner is brightest.
     */
    static TestData classification(NDManager manager, int rows) {
        Random random = new Random(6);
        float[] x = new float[rows * 3 * 64];
        int[] y = new int[rows];
        for (int i = 0; i < rows; i++) {
            y[i] = random.nextInt(4);
            for (int j = 0; j < 3 * 64; j++) {
                int corner = (j % 64 / 32) * 2 + j % 8 / 4;
                x[i * 3 * 64 + j] = (float) (random.nextGaussian() + (corner == y[i] ? 0.5 : 0));
            }
        }
        return new TestData(
                manager.create(x, new Shape(rows, 3, 8, 8)), manager.create(y, new Shape(rows)));
    }

    /** The same rows in double precision. */
    TestData doubles() {
        return new TestData(
                features.toType(DataType.FLOAT64, true), labels.toType(DataType.FLOAT64, true));
    }

    /** An order of rows, another for every seed. */
    static int[] order(int rows, long seed) {
        Random random = new Random(seed);
        int[] order = new int[rows];
        for (int i = 0; i < rows; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
