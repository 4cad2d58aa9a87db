// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.rule;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SlotTest {

    /** The number of steps would overwrite it in the saved file. */
    @Test
    void nameOfTheNumberOfStepsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Slot.zeros("step"))
                .withMessageContaining("must not be called \"step\"");
    }
}
