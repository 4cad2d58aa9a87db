// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import ai.djl.ndarray.NDArray;
import ai.djl.training.Trainer;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.Metric;
import io.github.caadam.plugin.MetricFactory;
import java.util.List;

/** The metric that a protocol monitors, on the validation rows, in the targets' own unit. */
final class MonitoredMetric {

    private final Component metric;
    private final DataSignature data;
    private final Trainer trainer;
    private final FittedRows rows;
    private final float[] targets;

    MonitoredMetric(Component metric, DataSignature data, Trainer trainer, FittedRows rows) {
        this.metric = metric;
        this.data = data;
        this.trainer = trainer;
        this.rows = rows;
        targets = rows.validationTargets().toFloatArray();
    }

    /** Measures the present weights. */
    double value() {
        Metric measured = metric.factory(MetricFactory.class).start(data, metric.options());
        NDArray features = rows.validationFeatures();
        Evaluation.measure(trainer, Evaluation.rowsOf(features), data, targets, List.of(measured));
        return measured.value();
    }

    /** Returns a value such that the lower is the better. */
    double cost(double value) {
        return metric.factory(MetricFactory.class).lowerIsBetter() ? value : -value;
    }
}
