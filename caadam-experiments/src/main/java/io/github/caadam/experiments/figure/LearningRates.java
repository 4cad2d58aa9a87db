package io.github.caadam.experiments.figure;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunRow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** The initial learning rates of runs, as far as they are known: from the settings of run files. */
final class LearningRates {

    private final Map<String, Rate> byId;

    private LearningRates(Map<String, Rate> byId) {
        this.byId = byId;
    }

    /**
     * Reads the rates off run files.
     *
     * @param runs the runs; those whose settings hold no learning rate stay unknown
     * @return the rates
     */
    static LearningRates of(List<RunRecord> runs) {
        Map<String, Rate> rates = new HashMap<>();
        for (RunRecord run : runs) {
            OptionalDouble own = setting(run, "optimizer");
            if (own.isPresent()) {
                boolean usual = own.equals(setting(run, "protocol"));
                rates.put(run.id(), new Rate(own.getAsDouble(), usual));
            }
        }
        return new LearningRates(rates);
    }

    private static OptionalDouble setting(RunRecord run, String part) {
        return run.settings().containsKey(part)
                        && run.settings().get(part).path("learningRate").isNumber()
                ? OptionalDouble.of(run.settings().get(part).path("learningRate").asDouble())
                : OptionalDouble.empty();
    }

    /**
     * Returns a run's initial learning rate.
     *
     * @param row the run
     * @return the rate before scaling, above 0, or empty if unknown
     */
    OptionalDouble of(RunRow row) {
        double value = rate(row).value();
        return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /**
     * Leaves out what would mix learning rates: where a configuration was run at several rates on a
     * problem, only its runs at one rate are kept, the protocol's own or, if that is none of them,
     * the lowest.
     *
     * @param rows finished runs
     * @return the runs of one rate per problem and configuration, in their order
     */
    List<RunRow> withoutSweeps(List<RunRow> rows) {
        Map<List<Object>, Rate> kept = new HashMap<>();
        rows.forEach(row -> kept.merge(key(row), rate(row), Rate::preferred));
        return rows.stream().filter(row -> rate(row).equals(kept.get(key(row)))).toList();
    }

    private Rate rate(RunRow row) {
        return byId.getOrDefault(row.id(), Rate.UNKNOWN);
    }

    private static List<Object> key(RunRow row) {
        return List.of(
                new Problem(row.dataset(), row.architecture()),
                new Configuration(row.optimizer(), row.strategy()));
    }

    /**
     * A rate.
     *
     * @param value the rate; NaN if unknown
     * @param protocols whether it is what the protocol sets
     */
    private record Rate(double value, boolean protocols) {

        static final Rate UNKNOWN = new Rate(Double.NaN, false);

        static Rate preferred(Rate one, Rate other) {
            if (one.protocols != other.protocols) {
                return one.protocols ? one : other;
            }
            return other.value < one.value ? other : one;
        }
    }
}
