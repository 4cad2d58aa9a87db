// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.caadam.Networks;
import io.github.caadam.ResidentMemory;
import io.github.caadam.training.MeanSquaredError;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What thousands of epochs of a small network leave behind. */
class EpochMemoryTest {

    private static final int WARM_UP = 1_000;
    private static final int EPOCHS_PER_SAMPLE = 500;

    /**
     * An array of one number, leaked in every step, would be 150 bytes and more of PyTorch's own
     * for each of 5,000 steps: 700 KB at the least.
     */
    private static final long ALLOWED_KILOBYTES = 200;

    @Test
    void residentMemoryDoesNotGrowWithEpochs() throws Exception {
        assertThat(ResidentMemory.growthOf(EpochMemoryTest.class))
                .as("median growth, in kilobytes, over %d epochs", EPOCHS_PER_SAMPLE)
                .isLessThan(ALLOWED_KILOBYTES);
    }

    public static void main(String[] arguments) throws Exception {
        Supplier<Block> network = () -> Networks.mlp(8, 4, 1);
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                Twins twins =
                        new Twins(
                                manager.getDevice(),
                                network,
                                OptimizerCase.CAADAM_ADDITIVE::create,
                                block -> new MeanSquaredError(),
                                32,
                                new Shape(6))) {
            TestData data = TestData.regression(manager, 310, 6, 1);
            run(twins, data, WARM_UP);
            ResidentMemory.printGrowth(() -> run(twins, data, EPOCHS_PER_SAMPLE));
        }
    }

    private static void run(Twins twins, TestData data, int epochs) {
        for (int epoch = 0; epoch < epochs; epoch++) {
            twins.epoch().run(data.features(), data.labels(), TestData.order(310, epoch));
            twins.epoch().evaluate(data.features(), data.labels());
        }
    }
}
