// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OwnedArraysTest {

    private final NDManager manager = NDManager.newBaseManager("PyTorch");

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void scopeOfTheUserLeavesThemAlone() {
        NDArray array = manager.create(new float[] {1, 2});
        try (OwnedArrays owned = OwnedArrays.beside(array)) {
            NDArray zeros;
            NDArray copy;
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                zeros = owned.zerosLike(array);
                copy = owned.copyOf(array);
            }

            assertThat(zeros.toFloatArray()).containsExactly(0, 0);
            assertThat(copy.toFloatArray()).containsExactly(1, 2);
        }
    }

    @Test
    void closingReleasesThemAndNotTheirSource() {
        NDArray array = manager.create(new float[] {1, 2});
        NDArray zeros;
        NDArray copy;
        try (OwnedArrays owned = OwnedArrays.beside(array)) {
            zeros = owned.zerosLike(array);
            copy = owned.copyOf(array);
        }

        assertThat(zeros.isReleased()).isTrue();
        assertThat(copy.isReleased()).isTrue();
        assertThat(array.toFloatArray()).containsExactly(1, 2);
    }

    @Test
    void copyIsOnItsOwnAndKeepsNameAndType() {
        NDArray array = manager.create(new double[] {1, 2});
        array.setName("moment");
        try (OwnedArrays owned = OwnedArrays.on(manager.getEngine(), Device.cpu())) {
            NDArray copy = owned.copyOf(array);
            array.muli(3);

            assertThat(copy.toDoubleArray()).containsExactly(1, 2);
            assertThat(copy.getName()).isEqualTo("moment");
            assertThat(owned.zerosLike(array).getDataType()).isEqualTo(DataType.FLOAT64);
        }
    }

    @Test
    void copyIsNotDifferentiable() {
        NDArray array = manager.create(new float[] {1, 2});
        array.setRequiresGradient(true);
        try (OwnedArrays owned = OwnedArrays.beside(array);
                GradientCollector collector = manager.getEngine().newGradientCollector()) {
            assertThat(owned.copyOf(array).hasGradient()).isFalse();
            collector.backward(array.sum());
        }
    }

    @Test
    void arraysWithoutElementsAreCopied() {
        NDArray array = manager.zeros(new Shape(0, 3));
        try (OwnedArrays owned = OwnedArrays.beside(array)) {
            assertThat(owned.copyOf(array).getShape()).isEqualTo(new Shape(0, 3));
            assertThat(owned.zerosLike(array).getShape()).isEqualTo(new Shape(0, 3));
        }
    }
}
