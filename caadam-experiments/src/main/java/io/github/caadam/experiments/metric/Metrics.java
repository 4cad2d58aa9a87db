// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.metric;

import io.github.caadam.experiments.component.ComponentSet;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.Metric;
import io.github.caadam.plugin.MetricFactory;
import io.github.caadam.plugin.Task;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** The metrics of the suite. The first two of a task are what its results show by default. */
public final class Metrics implements ComponentSet {

    private static final List<MetricFactory> ALL =
            List.of(
                    regression(
                            "rmse",
                            "RMSE",
                            "root mean squared error",
                            true,
                            true,
                            Errors::rootMeanSquare),
                    regression(
                            "mae", "MAE", "mean absolute error", true, true, Errors::meanAbsolute),
                    regression(
                            "r2",
                            "R²",
                            "coefficient of determination",
                            false,
                            false,
                            Errors::determination),
                    classification(
                            "accuracy",
                            "share of the rows whose largest output is that of their class",
                            false,
                            2,
                            data -> new Hits(1)),
                    new LossMetric(),
                    classification(
                            "top-5",
                            "share of the rows whose class is among those of the five largest"
                                    + " outputs",
                            false,
                            6,
                            data -> new Hits(5)),
                    classification(
                            "f1",
                            "harmonic mean of precision and recall, averaged over the classes",
                            false,
                            2,
                            data -> new MacroF1(data.outputs())),
                    classification(
                            "log-loss",
                            "cross entropy of the predictions, without penalties",
                            true,
                            2,
                            data -> new LogLoss()));

    /** Creates the set. */
    public Metrics() {}

    private static MetricFactory regression(
            String name,
            String title,
            String description,
            boolean lowerIsBetter,
            boolean hasUnit,
            Supplier<Metric> maker) {
        return new SuiteMetric(
                name,
                title,
                description,
                Task.REGRESSION,
                lowerIsBetter,
                hasUnit,
                1,
                data -> maker.get());
    }

    private static MetricFactory classification(
            String name,
            String description,
            boolean lowerIsBetter,
            int least,
            Function<DataSignature, Metric> maker) {
        return new SuiteMetric(
                name, name, description, Task.CLASSIFICATION, lowerIsBetter, false, least, maker);
    }

    @Override
    public Kind kind() {
        return Kind.METRIC;
    }

    @Override
    public List<MetricFactory> members() {
        return ALL;
    }

    /**
     * Returns what studies compare by that name no metric.
     *
     * @return the most usual metric of each task
     */
    public static List<String> usual() {
        return Arrays.stream(Task.values())
                .flatMap(
                        task ->
                                ALL.stream()
                                        .filter(SuiteMetric.class::isInstance)
                                        .map(SuiteMetric.class::cast)
                                        .filter(metric -> metric.task() == task)
                                        .limit(1))
                .map(SuiteMetric::name)
                .toList();
    }

    /** Returns the suite's metrics that mean something for data, the most usual first. */
    static List<MetricFactory> of(DataSignature data) {
        return ALL.stream().filter(metric -> metric.refuses(data).isEmpty()).toList();
    }
}
