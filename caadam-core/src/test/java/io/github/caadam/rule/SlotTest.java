// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.rule;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotTest {

    /** The parameter's own numbers would overwrite it in the saved file. */
    @ParameterizedTest
    @ValueSource(strings = {"step", "accumulated"})
    void namesOfAParametersNumbersAreRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Slot.zeros(name))
                .withMessageContaining("must not be called \"" + name + "\"");
        assertThatIllegalArgumentException().isThrownBy(() -> Slot.ofWeight(name));
    }
}
