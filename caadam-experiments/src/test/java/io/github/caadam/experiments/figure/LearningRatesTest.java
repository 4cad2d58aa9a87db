package io.github.caadam.experiments.figure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunRow;
import java.util.List;
import org.junit.jupiter.api.Test;

class LearningRatesTest {

    @Test
    void ratesComeFromTheSettings() {
        RunRecord run = TestRuns.runAt(0.002, "Adam", "none", 0, 1, 1);
        LearningRates rates = LearningRates.of(List.of(run));

        assertThat(rates.of(row(run))).hasValue(0.002);
        assertThat(rates.of(TestRuns.row("AdamW", "none", 0, 1))).isEmpty();
    }

    private static RunRow row(RunRecord run) {
        return run.toRow("test", "");
    }
}
