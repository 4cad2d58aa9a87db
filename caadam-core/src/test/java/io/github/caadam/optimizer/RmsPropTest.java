// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What {@link RmsProp} does where PyTorch's weights become not a number. */
class RmsPropTest {

    private static final int SIZE = 64;
    private static final int STEPS = 2000;

    /** Gradients that never change have no variance, and rounding makes it negative for some. */
    @Test
    void constantGradientsHaveNoNegativeVariance() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = new ParameterBlock(Map.of("weight", new Shape(SIZE)));
            block.initialize(manager, DataType.FLOAT32, new Shape(1));
            Parameter weight = block.getParameters().valueAt(0);
            double[] values = new Random(1).doubles(SIZE, 0.1, 1).toArray();
            NDArray gradient = manager.create(values).toType(DataType.FLOAT32, false);
            try (RmsProp optimizer = RmsProp.builder().optCentered(true).build()) {
                for (int i = 0; i < STEPS; i++) {
                    optimizer.update(weight.getId(), weight.getArray(), gradient);
                }
            }
            for (float value : weight.getArray().toFloatArray()) {
                assertThat(value).isFinite().isNegative();
            }
        }
    }
}
