// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.SourceWriter.call;

import ai.djl.Device;
import io.github.caadam.rule.Slot;
import io.github.caadam.spi.StepRecipe;
import java.util.List;

/**
 * Keeps what an optimizer remembers out of the range of denormal numbers, in which a CPU is some 15
 * times slower, by adding a constant and subtracting it again; see {@link Slot#flushedBy}.
 */
final class DenormalCode {

    /**
     * After so many steps again; the smallest first moment that is not made zero, 6e-36, times 0.9
     * to this power is still a normal number, and so is the smallest second moment, 9e-38, times
     * 0.999 to this power.
     */
    static final int INTERVAL = 32;

    private DenormalCode() {}

    /**
     * Returns whether anything is to be flushed.
     *
     * @param recipe what a step is
     * @param device where it works; GPUs are as fast with denormal numbers
     */
    static boolean isNeeded(StepRecipe recipe, Device device) {
        return !device.isGpu()
                && recipe.rule().rules().stream()
                        .flatMap(rule -> recipe.slots(rule).stream())
                        .anyMatch(slot -> slot.flushedBy() != 0);
    }

    /**
     * Returns whether to flush after a step.
     *
     * @param step the number of the step, from 1, so that every executor flushes after the same
     */
    static boolean isDue(int step) {
        return step % INTERVAL == 0;
    }

    /**
     * Writes it.
     *
     * @param out where to
     * @param slots what is kept for each parameter
     * @param states the names of the lists of the slots' arrays
     */
    static void write(SourceWriter out, List<Slot> slots, List<String> states) {
        for (int i = 0; i < slots.size(); i++) {
            double constant = slots.get(i).flushedBy();
            if (constant != 0) {
                out.line(call("torch._foreach_add_", states.get(i), constant));
                out.line(call("torch._foreach_sub_", states.get(i), constant));
            }
        }
    }
}
