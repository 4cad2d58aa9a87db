package io.github.caadam.structure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RecurrentWarningTest {

    @Test
    void warnsOnceAndNamesTheLayer() {
        RecurrentWarning warning = new RecurrentWarning();

        String log =
                logged(
                        () -> {
                            warning.warn("02LSTM");
                            warning.warn("03GRU");
                        });

        assertThat(log).containsOnlyOnce("WARN").contains("02LSTM is recurrent");
    }

    /** Returns what slf4j-simple prints, which is to standard error. */
    private static String logged(Runnable action) {
        PrintStream error = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            System.setErr(error);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
