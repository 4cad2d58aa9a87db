// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.caadam.Networks;
import io.github.caadam.ResidentMemory;
import io.github.caadam.training.MeanSquaredError;
import org.junit.jupiter.api.Test;

/** What hundreds of programs leave behind, where parameters are grouped anew at every step. */
class RegroupingMemoryTest {

    private static final int WARM_UP = 30;
    private static final int STEPS_PER_SAMPLE = 6;

    /** A program that is kept takes some 100 KB. */
    private static final long ALLOWED_KILOBYTES = STEPS_PER_SAMPLE * 30L;

    @Test
    void residentMemoryDoesNotGrowWithGroupings() throws Exception {
        assertThat(ResidentMemory.growthOf(RegroupingMemoryTest.class))
                .as("median growth, in kilobytes, over %d groupings", STEPS_PER_SAMPLE)
                .isLessThan(ALLOWED_KILOBYTES);
    }

    public static void main(String[] arguments) throws Exception {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                Executions executions =
                        new Executions(
                                () -> Networks.mlp(4, 3, 4, 2),
                                OwnershipTest::regrouped,
                                block -> new MeanSquaredError(),
                                16,
                                new Shape(4))) {
            TestData data = TestData.regression(manager, 16, 4, 2);
            executions.train(data, WARM_UP);
            ResidentMemory.printGrowth(() -> executions.train(data, STEPS_PER_SAMPLE));
        }
    }
}
