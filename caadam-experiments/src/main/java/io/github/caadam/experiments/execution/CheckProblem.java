// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.Samples;
import io.github.caadam.plugin.TargetScale;
import io.github.caadam.plugin.Task;
import java.util.Arrays;
import java.util.Random;

/** A small problem that every optimizer should learn: a weighted sum of five numbers. */
final class CheckProblem {

    /** What the problem asks of a network. */
    static final DataSignature SIGNATURE =
            new DataSignature(Task.REGRESSION, new Shape(5), 1, TargetScale.NONE);

    private static final int FEATURES = 5;
    private static final int TRAINED = 256;
    private static final int TESTED = 64;
    private static final float[] WEIGHTS = {1, -2, 0.5f, 0, 1.5f};

    private CheckProblem() {}

    /** Draws the problem, always the same. */
    static DataSplit data() {
        Random random = new Random(0);
        float[] features = new float[(TRAINED + TESTED) * FEATURES];
        float[] targets = new float[TRAINED + TESTED];
        for (int i = 0; i < targets.length; i++) {
            for (int j = 0; j < FEATURES; j++) {
                float value = (float) random.nextGaussian();
                features[i * FEATURES + j] = value;
                targets[i] += WEIGHTS[j] * value;
            }
        }
        return new DataSplit(
                SIGNATURE,
                new Rows(Arrays.copyOf(features, TRAINED * FEATURES)),
                Arrays.copyOf(targets, TRAINED),
                0,
                new Rows(Arrays.copyOfRange(features, TRAINED * FEATURES, features.length)),
                Arrays.copyOfRange(targets, TRAINED, targets.length),
                "drawn",
                "drawn",
                "");
    }

    /** The mean squared error of who always says the mean, which is near 0. */
    static double ofKnowingNothing() {
        double sum = 0;
        for (float weight : WEIGHTS) {
            sum += weight * weight;
        }
        return sum;
    }

    @SuppressWarnings("ArrayRecordComponent") // A carrier of data, never compared.
    private record Rows(float[] values) implements Samples {

        @Override
        public Shape sampleShape() {
            return SIGNATURE.sampleShape();
        }

        @Override
        public int rows() {
            return values.length / FEATURES;
        }

        @Override
        public NDArray place(NDManager manager, int from, int to) {
            return manager.create(
                    Arrays.copyOfRange(values, from * FEATURES, to * FEATURES),
                    new Shape(to - from, FEATURES));
        }
    }
}
