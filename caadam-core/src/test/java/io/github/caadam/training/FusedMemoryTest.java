// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.ResidentMemory;
import io.github.caadam.Trainers;
import io.github.caadam.pytorch.OptimizerCase;
import org.junit.jupiter.api.Test;

/** What tens of thousands of steps leave behind. */
class FusedMemoryTest {

    private static final int WARM_UP = 4_000;
    private static final int STEPS_PER_SAMPLE = 2_000;

    /**
     * The smallest thing to leak would be a number handed to the engine, 16 bytes and 16 more to
     * keep book of it: 64 KB at the least.
     */
    private static final long ALLOWED_KILOBYTES = 60;

    @Test
    void residentMemoryDoesNotGrowWithSteps() throws Exception {
        assertThat(ResidentMemory.growthOf(FusedMemoryTest.class))
                .as("median growth, in kilobytes, over %d steps", STEPS_PER_SAMPLE)
                .isLessThan(ALLOWED_KILOBYTES);
    }

    public static void main(String[] arguments) throws Exception {
        try (SmallTraining training =
                new SmallTraining(
                        SmallTraining.Network.MLP,
                        OptimizerCase.CAADAM_DECOUPLED::create,
                        Trainers.FUSED)) {
            training.backward();
            makeSteps(training, WARM_UP);
            ResidentMemory.printGrowth(() -> makeSteps(training, STEPS_PER_SAMPLE));
        }
    }

    /** Steps alone, as DJL's forward and backward pass may have leaks of their own. */
    private static void makeSteps(SmallTraining training, int count) {
        for (int i = 0; i < count; i++) {
            training.trainer().step();
        }
    }
}
