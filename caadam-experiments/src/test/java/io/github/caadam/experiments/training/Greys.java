// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.Samples;
import io.github.caadam.plugin.TargetScale;
import io.github.caadam.plugin.Task;

/** Images of one grey each, which tells their class. */
record Greys(int rows) implements Samples {

    /** Returns a data set of two classes. */
    static DataSplit data(int trainRows, int testRows) {
        Greys train = new Greys(trainRows);
        Greys test = new Greys(testRows);
        DataSignature signature =
                new DataSignature(Task.CLASSIFICATION, train.sampleShape(), 2, TargetScale.NONE);
        return new DataSplit(
                signature, train, train.classes(), 0, test, test.classes(), "digest", "", "");
    }

    @Override
    public Shape sampleShape() {
        return new Shape(3, 8, 8);
    }

    @Override
    public NDArray place(NDManager manager, int from, int to) {
        NDArray greys = manager.arange(from, to).toType(DataType.FLOAT32, false);
        return greys.reshape(-1, 1, 1, 1).mod(2).sub(0.5f).broadcast(to - from, 3, 8, 8);
    }

    private float[] classes() {
        float[] classes = new float[rows];
        for (int i = 0; i < rows; i++) {
            classes[i] = i % 2;
        }
        return classes;
    }
}
