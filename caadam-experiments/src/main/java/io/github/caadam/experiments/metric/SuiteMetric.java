// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.metric;

import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.Metric;
import io.github.caadam.plugin.MetricFactory;
import io.github.caadam.plugin.Options;
import io.github.caadam.plugin.Task;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * A metric of the suite.
 *
 * @param name the name that studies use
 * @param title how tables name it
 * @param description what it is
 * @param task what it is for
 * @param lowerIsBetter whether a lower value is better
 * @param hasUnit whether its unit is that of the targets
 * @param least the least number of outputs that it means something for
 * @param maker starts a measurement
 */
record SuiteMetric(
        String name,
        String title,
        String description,
        Task task,
        boolean lowerIsBetter,
        boolean hasUnit,
        int least,
        Function<DataSignature, Metric> maker)
        implements MetricFactory {

    @Override
    public String unit(DataSignature data) {
        return hasUnit ? data.targets().unit() : "";
    }

    @Override
    public Optional<String> refuses(DataSignature data) {
        if (data.task() != task) {
            return Optional.of("it is for a " + task.name().toLowerCase(Locale.ROOT));
        }
        return data.outputs() < least
                ? Optional.of("it is for " + least + " or more classes")
                : Optional.empty();
    }

    @Override
    public Metric start(DataSignature data, Options options) {
        return maker.apply(data);
    }
}
