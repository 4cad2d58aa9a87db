// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.structure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.Logs;
import org.junit.jupiter.api.Test;

class RecurrentWarningTest {

    @Test
    void warnsOnceAndNamesTheLayer() {
        RecurrentWarning warning = new RecurrentWarning();

        String log =
                Logs.of(
                        () -> {
                            warning.warn("02LSTM");
                            warning.warn("03GRU");
                        });

        assertThat(log).containsOnlyOnce("WARN").contains("02LSTM is recurrent");
    }
}
