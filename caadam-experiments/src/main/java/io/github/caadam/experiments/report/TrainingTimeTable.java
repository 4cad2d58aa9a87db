// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report;

import io.github.caadam.experiments.analysis.Counts;
import io.github.caadam.experiments.analysis.Places;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.StudyRuns;
import io.github.caadam.experiments.statistics.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What training took, by network, over all optimizers. */
final class TrainingTimeTable {

    private static final double SECONDS_PER_HOUR = 3600;

    private TrainingTimeTable() {}

    /** The finished runs of a network on a data set, and what became of the planned ones. */
    private record Trained(Problem problem, List<RunRow> runs, Counts counts) {

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
     * @param study the runs
     */
    static ResultTable of(StudyRuns study) {
        List<Trained> all =
                study.rows().stream()
                        .map(TrainingTimeTable::problem)
                        .distinct()
                        .map(problem -> trained(problem, study))
                        .toList();
        Places places = Places.of(study.rows());
        Columns<Trained> printed =
                new Columns<Trained>()
                        .text("Dataset", one -> one.problem().dataset())
                        .text("Architecture", one -> one.problem().architecture())
                        .number("Runs", one -> one.counts().ofPlanned())
                        .number("Epochs a run", one -> decimals(one.mean(RunRow::epochs), 1))
                        .number("Seconds a run", one -> decimals(one.mean(RunRow::seconds), 1))
                        .number("Hours in all", one -> decimals(hours(one), 2))
                        .number("Steps/s", one -> decimals(one.stepsPerSecond(), 1));
        if (places.areSeveral()) {
            printed.text("Places", one -> places.numbers(one.runs()));
        }
        return ResultTable.of(
                "training-time",
                "Training time by network, over the finished runs of all optimizers: wall time"
                        + " without loading data and testing, and optimizer steps per second with"
                        + " validation between epochs. Runs that were made side by side share the"
                        + " machine ("
                        + Counts.of(study).describe()
                        + (places.areSeveral() ? "; " + places.describe() : "")
                        + ").",
                all,
                one -> false,
                one -> List.of(),
                printed,
                new Columns<Trained>()
                        .text("dataset", one -> one.problem().dataset())
                        .text("architecture", one -> one.problem().architecture())
                        .number("runs", one -> one.runs().size())
                        .number("epochs", one -> one.mean(RunRow::epochs))
                        .number("seconds", one -> one.mean(RunRow::seconds))
                        .number("hours_in_all", TrainingTimeTable::hours)
                        .number("steps_per_second", Trained::stepsPerSecond)
                        .counts("", Trained::counts));
    }

    private static Trained trained(Problem problem, StudyRuns study) {
        List<RunRow> finished = on(problem, study.rows());
        List<RunRow> planned = new ArrayList<>(finished);
        planned.addAll(on(problem, study.lost()));
        return new Trained(problem, finished, Counts.of(planned));
    }

    private static List<RunRow> on(Problem problem, List<RunRow> rows) {
        return rows.stream().filter(row -> problem(row).equals(problem)).toList();
    }

    private static Problem problem(RunRow row) {
        return new Problem(row.dataset(), row.architecture());
    }

    private static double hours(Trained one) {
        return one.seconds() / SECONDS_PER_HOUR;
    }

    private static String decimals(double value, int digits) {
        return ResultTable.decimals(value, digits);
    }
}
