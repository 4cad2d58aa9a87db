package io.github.caadam.experiments.figure;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunRow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** The initial learning rates of runs, as far as they are known: from the settings of run files. */
final class LearningRates {

    private final Map<String, Double> byId;

    private LearningRates(Map<String, Double> byId) {
        this.byId = byId;
    }

    /**
     * Reads the rates off run files.
     *
     * @param runs the runs; those whose settings hold no learning rate stay unknown
     * @return the rates
     */
    static LearningRates of(List<RunRecord> runs) {
        Map<String, Double> rates = new HashMap<>();
        for (RunRecord run : runs) {
            JsonNode optimizer = run.settings().get("optimizer");
            if (optimizer != null && optimizer.path("learningRate").isNumber()) {
                rates.put(run.id(), optimizer.get("learningRate").asDouble());
            }
        }
        return new LearningRates(rates);
    }

    /**
     * Returns a run's initial learning rate.
     *
     * @param row the run
     * @return the rate before scaling, above 0, or empty if unknown
     */
    OptionalDouble of(RunRow row) {
        Double rate = byId.get(row.id());
        return rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate);
    }
}
