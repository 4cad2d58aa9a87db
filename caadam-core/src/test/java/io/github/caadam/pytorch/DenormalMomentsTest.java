// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.caadam.Networks;
import io.github.caadam.spi.UpdatePlan;
import io.github.caadam.training.MeanSquaredError;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A unit dies in the middle of a training; its weights get no gradient any more. */
class DenormalMomentsTest {

    private static final int ROWS = 96;
    private static final int BATCH = 32;
    private static final int WIDTH = 6;

    /** Moments of 1 become denormal after some 830 steps: 0.9^830 = 1e-38. */
    private static final int EPOCHS = 400;

    /** Those whose moments are denormal at all after so many steps. */
    static Stream<OptimizerCase> decaying() {
        return Stream.of(
                OptimizerCase.CAADAM_ADDITIVE,
                OptimizerCase.CAADAM_AMSGRAD,
                OptimizerCase.ADAMAX,
                OptimizerCase.NADAM);
    }

    @ParameterizedTest
    @MethodSource("decaying")
    void areFlushedAndWeightsStayWithinRounding(OptimizerCase optimizer) throws Exception {
        Supplier<Block> network = () -> Networks.mlp(16, 8, 1);
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                Twins twins =
                        new Twins(
                                manager.getDevice(),
                                network,
                                optimizer::create,
                                block -> new MeanSquaredError(),
                                BATCH,
                                new Shape(WIDTH))) {
            TestData data = TestData.regression(manager, ROWS, WIDTH, 1);
            for (int epoch = 0; epoch < EPOCHS; epoch++) {
                if (epoch == 1) {
                    killUnit(twins.eager());
                    killUnit(twins.compiled());
                }
                int[] order = TestData.order(ROWS, epoch);
                twins.eager().trainEagerly(data.features(), data.labels(), order);
                twins.epoch().run(data.features(), data.labels(), order);
            }

            // What is compared: the eager loop does not flush.
            assertThat(countDenormal(twins.eager())).isPositive();
            assertThat(countDenormal(twins.compiled())).isZero();
            // 1,200 steps of Nadam, the least close: see CompiledEpochTest.
            assertThat(twins.largestDifference()).isLessThan(1e-4);
        }
    }

    /** A bias this low keeps the first unit from ever being active again. */
    private static void killUnit(Twins.Side side) {
        NDArray bias = side.parameter("01Linear_bias");
        float[] values = bias.toFloatArray();
        values[0] = -1000;
        bias.set(values);
    }

    private static int countDenormal(Twins.Side side) {
        Map<String, NDArray> weights = new LinkedHashMap<>();
        side.block()
                .getParameters()
                .values()
                .forEach(parameter -> weights.put(parameter.getId(), parameter.getArray()));
        int count = 0;
        for (UpdatePlan.Entry entry : side.optimizer().plan(weights).entries()) {
            for (NDArray array : entry.slots().arrays()) {
                for (float value : array.toFloatArray()) {
                    if (value != 0 && Math.abs(value) < Float.MIN_NORMAL) {
                        count++;
                    }
                }
            }
        }
        return count;
    }
}
