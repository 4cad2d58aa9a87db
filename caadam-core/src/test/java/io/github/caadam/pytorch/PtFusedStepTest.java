// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.training.GradientCollector;
import io.github.caadam.optimizer.Adamax;
import io.github.caadam.spi.FusedStep;
import io.github.caadam.spi.NotAcceleratedException;
import io.github.caadam.spi.UpdatePlan;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PtFusedStepTest {

    private static final PtAccelerator ACCELERATOR = new PtAccelerator();

    @Test
    void updatesWeightsOfDoublePrecision() throws Exception {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                Adamax optimizer = Adamax.builder().build()) {
            NDArray weight = manager.create(new double[] {1, 2});
            weight.setRequiresGradient(true);
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                collector.backward(weight.square().sum());
            }
            try (FusedStep step = ACCELERATOR.fuse(plan(optimizer, weight))) {
                step.step();
            }

            // The first step of Adamax is the learning rate, here 0.001, less 1e-7 of ε.
            assertThat(weight.toDoubleArray()[0]).isBetween(0.998999, 0.999001);
            assertThat(weight.getGradient().toDoubleArray()).containsOnly(0);
        }
    }

    @Test
    void refusesWeightsThatAreNotContiguous() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                Adamax optimizer = Adamax.builder().build()) {
            NDArray weight = manager.ones(new Shape(2, 3)).transpose();
            weight.setRequiresGradient(true);

            assertThatExceptionOfType(NotAcceleratedException.class)
                    .isThrownBy(() -> ACCELERATOR.fuse(plan(optimizer, weight)))
                    .withMessageContaining("contiguous");
        }
    }

    @Test
    void refusesSparseGradients() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                Adamax optimizer = Adamax.builder().build()) {
            NDArray weight = manager.ones(new Shape(5, 3));
            weight.setRequiresGradient(true);
            NDArray words = manager.create(new long[] {1, 3});
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                collector.backward(
                        words.getNDArrayInternal()
                                .embedding(words, weight, SparseFormat.COO)
                                .head()
                                .sum());
            }

            assertThatExceptionOfType(NotAcceleratedException.class)
                    .isThrownBy(() -> ACCELERATOR.fuse(plan(optimizer, weight)))
                    .withMessageContaining("sparse");
        }
    }

    @Test
    void givesParametersAGradientWhereThereIsNone() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray weight = manager.create(new float[] {Float.NaN, 1});
            weight.setRequiresGradient(true);
            MissingGradients.create(weight);
            NDArray gradient = weight.getGradient();
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                collector.backward(weight.sum());
            }

            assertThat(gradient.toType(DataType.FLOAT32, false).toFloatArray())
                    .as("what the backward pass added to")
                    .containsExactly(1, 1);
        }
    }

    private static UpdatePlan plan(Adamax optimizer, NDArray weight) {
        return optimizer.plan(Map.of("weight", weight));
    }
}
