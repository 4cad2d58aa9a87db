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

    @Test
    void protocolsRateRepresentsSeveral() {
        RunRecord low = TestRuns.runAt(0.0005, "Adam", "none", 0, 1, 1);
        RunRecord usual = TestRuns.run("Adam", "none", 0, 1, 1);
        RunRecord other = TestRuns.runAt(0.005, "CaAdam", "depth", 0, 1, 1);

        assertThat(withoutSweeps(low, usual, other)).containsExactly(row(usual), row(other));
    }

    @Test
    void lowestRateRepresentsSeveralWithoutTheProtocols() {
        RunRecord high = TestRuns.runAt(0.005, "Adam", "none", 0, 1, 1);
        RunRecord low = TestRuns.runAt(0.002, "Adam", "none", 0, 1, 1);

        assertThat(withoutSweeps(high, low)).containsExactly(row(low));
    }

    @Test
    void unknownRatesAreTakenForOne() {
        List<RunRow> rows =
                List.of(TestRuns.row("Adam", "none", 0, 1), TestRuns.row("Adam", "none", 1, 1));

        assertThat(LearningRates.of(List.of()).withoutSweeps(rows)).isEqualTo(rows);
    }

    private static List<RunRow> withoutSweeps(RunRecord... runs) {
        List<RunRecord> all = List.of(runs);
        return LearningRates.of(all)
                .withoutSweeps(all.stream().map(LearningRatesTest::row).toList());
    }

    private static RunRow row(RunRecord run) {
        return run.toRow("test", "");
    }
}
