// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunRecord.EpochRecord;
import io.github.caadam.experiments.results.RunRow;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

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
        return record(
                RunRecord.FINISHED,
                optimizer,
                strategy + options,
                learningRate,
                run,
                value,
                losses);
    }

    static RunRecord diverged(String optimizer, String strategy, int run) {
        return record(
                RunRecord.DIVERGED, optimizer, strategy, PROTOCOL_RATE, run, null, 1, Double.NaN);
    }

    private static RunRecord record(
            String status,
            String optimizer,
            String strategy,
            double learningRate,
            int run,
            Double value,
            double... losses) {
        ObjectNode protocol = settings(PROTOCOL_RATE).put("name", "notebook");
        List<EpochRecord> history =
                Arrays.stream(losses)
                        .mapToObj(loss -> new EpochRecord(loss, loss / 2, learningRate))
                        .toList();
        return new RunRecord(
                String.join("-", optimizer, strategy, "" + learningRate, "" + run),
                "test",
                status,
                "california-housing",
                "",
                "",
                "64-32",
                optimizer,
                strategy,
                run,
                Map.<String, JsonNode>of("optimizer", settings(learningRate), "protocol", protocol),
                "rmse",
                value,
                value,
                null,
                1,
                history.size(),
                history.size(),
                0,
                history,
                Map.of("commit", "abcdef0123456789"));
    }

    private static ObjectNode settings(double learningRate) {
        return JsonNodeFactory.instance.objectNode().put("learningRate", learningRate);
    }

    static RunRow row(String optimizer, String strategy, int run, double value) {
        return run(optimizer, strategy, run, value, 1).toRow("test", "");
    }
}
