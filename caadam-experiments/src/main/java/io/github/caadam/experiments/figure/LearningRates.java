package io.github.caadam.experiments.figure;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunRow;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

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
        Rate rate = byId.get(row.id());
        return rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate.value());
    }

    /**
     * Leaves out what would mix learning rates: where a configuration was run at several rates on a
     * problem, only its runs at the protocol's own rate are kept.
     *
     * @param rows finished runs
     * @return the runs of one rate per problem and configuration, in their order
     */
    List<RunRow> withoutSweeps(List<RunRow> rows) {
        Map<List<Object>, Set<OptionalDouble>> rates = new HashMap<>();
        rows.forEach(row -> rates.computeIfAbsent(key(row), k -> new HashSet<>()).add(of(row)));
        return rows.stream()
                .filter(row -> rates.get(key(row)).size() == 1 || isProtocols(row))
                .toList();
    }

    private boolean isProtocols(RunRow row) {
        return byId.containsKey(row.id()) && byId.get(row.id()).protocols();
    }

    private static List<Object> key(RunRow row) {
        return List.of(
                new Problem(row.dataset(), row.architecture()),
                new Configuration(row.optimizer(), row.strategy()));
    }

    /**
     * A rate.
     *
     * @param value the rate
     * @param protocols whether it is what the protocol sets
     */
    private record Rate(double value, boolean protocols) {}
}
