// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {

    /** Returns what a bar draws that goes to its end. */
    private static String drawn(int total) {
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try (Progress progress = new Progress("a study", total)) {
            progress.stepTo(total);
            progress.message("1.0 runs/min");
        } finally {
            System.setErr(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theBarEndsWithAllRuns() {
        assertThat(drawn(3)).contains("a study").contains("3/3 runs").contains("1.0 runs/min");
    }

    @Test
    void nothingIsDrawnWhereNothingIsToBeMade() {
        assertThat(drawn(0)).isEmpty();
    }
}
