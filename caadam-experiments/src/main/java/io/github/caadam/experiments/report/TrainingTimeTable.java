// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report;

import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.statistics.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What training took, by network, over all optimizers. */
final class TrainingTimeTable {

    private static final double SECONDS_PER_HOUR = 3600;

    private TrainingTimeTable() {}

    /** The runs of a network on a data set. */
    private record Trained(Problem problem, List<RunRow> runs) {

        double seconds() {
            return runs.stream().mapToDouble(RunRow::seconds).sum();
        }

        double mean(ToDoubleFunction<RunRow> column) {
            return Sample.of(runs.stream().mapToDouble(column).toArray()).mean();
        }

        /** All steps over all seconds of the runs that counted them; NaN if none did. */
        double stepsPerSecond() {
            double steps = 0;
            double seconds = 0;
            for (RunRow run : runs) {
                if (!Double.isNaN(run.stepsPerSecond())) {
                    steps += run.stepsPerSecond() * run.seconds();
                    seconds += run.seconds();
                }
            }
            return steps / seconds;
        }
    }

    /**
     * Makes the table.
     *
     * @param rows the runs, 1 or more
     */
    static ResultTable of(List<RunRow> rows) {
        Map<Problem, List<RunRow>> byProblem = new LinkedHashMap<>();
        for (RunRow row : rows) {
            byProblem
                    .computeIfAbsent(
                            new Problem(row.dataset(), row.architecture()),
                            problem -> new ArrayList<>())
                    .add(row);
        }
        List<Trained> all =
                byProblem.entrySet().stream()
                        .map(entry -> new Trained(entry.getKey(), entry.getValue()))
                        .toList();
        return ResultTable.of(
                "training-time",
                "Training time by network, over all optimizers: wall time without loading data and"
                        + " testing, and optimizer steps per second with validation between epochs."
                        + " Runs that were made side by side share the machine.",
                all,
                one -> false,
                new Columns<Trained>()
                        .text("Dataset", one -> one.problem().dataset())
                        .text("Architecture", one -> one.problem().architecture())
                        .number("Runs", one -> one.runs().size())
                        .number("Epochs a run", one -> decimals(one.mean(RunRow::epochs), 1))
                        .number("Seconds a run", one -> decimals(one.mean(RunRow::seconds), 1))
                        .number("Hours in all", one -> decimals(hours(one), 2))
                        .number("Steps/s", one -> decimals(one.stepsPerSecond(), 1)),
                new Columns<Trained>()
                        .text("dataset", one -> one.problem().dataset())
                        .text("architecture", one -> one.problem().architecture())
                        .number("runs", one -> one.runs().size())
                        .number("epochs", one -> one.mean(RunRow::epochs))
                        .number("seconds", one -> one.mean(RunRow::seconds))
                        .number("hours_in_all", TrainingTimeTable::hours)
                        .number("steps_per_second", Trained::stepsPerSecond));
    }

    private static double hours(Trained one) {
        return one.seconds() / SECONDS_PER_HOUR;
    }

    private static String decimals(double value, int digits) {
        return ResultTable.decimals(value, digits);
    }
}
