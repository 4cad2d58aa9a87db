// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunRecord.EpochRecord;
import io.github.caadam.experiments.results.RunRecordBuilder;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunStatus;
import java.util.Arrays;
import java.util.List;

/** Runs for the tests of figures: network 64-32 on california, protocol notebook, rate 0.001. */
final class TestRuns {

    static final double PROTOCOL_RATE = 0.001;

    private TestRuns() {}

    static RunRecord run(
            String optimizer, String strategy, int run, double value, double... losses) {
        return runAt(PROTOCOL_RATE, optimizer, strategy, run, value, losses);
    }

    static RunRecord runAt(
            double learningRate,
            String optimizer,
            String strategy,
            int run,
            double value,
            double... losses) {
        String options = learningRate == PROTOCOL_RATE ? "" : " lr=" + learningRate;
        return builder(optimizer, strategy + options, learningRate, run, losses)
                .value(value)
                .build();
    }

    static RunRecord diverged(String optimizer, String strategy, int run) {
        return builder(optimizer, strategy, PROTOCOL_RATE, run, 1, Double.NaN)
                .without(RunStatus.DIVERGED)
                .build();
    }

    private static RunRecordBuilder builder(
            String optimizer, String strategy, double learningRate, int run, double... losses) {
        List<EpochRecord> history =
                Arrays.stream(losses)
                        .mapToObj(loss -> new EpochRecord(loss, loss / 2, learningRate, null))
                        .toList();
        return new RunRecordBuilder()
                .on("california-housing", "64-32")
                .by(optimizer, strategy)
                .protocol("notebook")
                .learningRate(learningRate)
                .run(run)
                .seconds(1)
                .history(0, history)
                .commit("abcdef0123456789");
    }

    static RunRow row(String optimizer, String strategy, int run, double value) {
        RunRecord record = run(optimizer, strategy, run, value, 1);
        return record.toRow(record.planned(), "test", "");
    }
}
