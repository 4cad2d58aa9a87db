// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import org.junit.jupiter.api.Test;

class MeanSquaredErrorTest {

    @Test
    void lossAndGradientAreThoseOfTheFormula() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray label = manager.create(new float[] {1, 2, 3, 4});
            NDArray prediction = manager.create(new float[] {2, 4, 0, 3}, new Shape(4, 1));
            prediction.setRequiresGradient(true);
            NDArray loss;
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                loss = new MeanSquaredError().evaluate(new NDList(label), new NDList(prediction));
                collector.backward(loss);
            }

            // (1 + 4 + 9 + 1) / 4, and 2 (prediction − label) / 4: exact in single precision.
            assertThat(loss.getShape().isScalar()).isTrue();
            assertThat(loss.getFloat()).isEqualTo(3.75f);
            assertThat(prediction.getGradient().toFloatArray())
                    .containsExactly(0.5f, 1, -1.5f, -0.5f);
        }
    }

    @Test
    void isTwiceTheL2LossOfDjl() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDList label = new NDList(manager.randomNormal(new Shape(5, 3)));
            NDList prediction = new NDList(manager.randomNormal(new Shape(5, 3)));

            // Halving is exact in binary floating point.
            assertThat(new MeanSquaredError().evaluate(label, prediction).getFloat() / 2)
                    .isEqualTo(Loss.l2Loss().evaluate(label, prediction).getFloat());
        }
    }

    @Test
    void severalArraysAreRefused() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray one = manager.ones(new Shape(2));

            assertThatThrownBy(
                            () ->
                                    new MeanSquaredError()
                                            .evaluate(new NDList(one, one), new NDList(one)))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }
}
