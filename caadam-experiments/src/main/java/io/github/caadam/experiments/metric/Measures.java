// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.metric;

import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.Metric;
import io.github.caadam.plugin.MetricFactory;
import io.github.caadam.plugin.Options;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What runs record: the metrics that a study names, and all of the suite that mean something for
 * its data.
 *
 * @param named the metrics that the study names, the one that it compares by first
 */
public record Measures(List<Measure> named) {

    /** Of a study that names none. */
    public static final Measures NONE = new Measures(List.of());

    /** Copies the list. */
    public Measures {
        named = List.copyOf(named);
    }

    /**
     * A metric as results show it.
     *
     * @param label its name
     * @param unit what a value of 1 means; empty if not known
     * @param lowerIsBetter whether a lower value is better
     */
    public record Shown(String label, String unit, boolean lowerIsBetter) {}

    /**
     * Returns the metrics that results show.
     *
     * @param data the data
     * @return those that the study names, and behind them the usual ones of the task; two or more
     */
    public List<Shown> shown(DataSignature data) {
        Map<String, Shown> shown = new LinkedHashMap<>();
        for (Measure one : named) {
            shown.put(one.label(), shown(one.label(), one.factory(), data));
        }
        for (MetricFactory one : Metrics.of(data)) {
            shown.putIfAbsent(one.name(), shown(one.name(), one, data));
        }
        return List.copyOf(shown.values());
    }

    private static Shown shown(String label, MetricFactory factory, DataSignature data) {
        return new Shown(label, factory.unit(data), factory.lowerIsBetter());
    }

    /**
     * Checks that the metrics that the study names mean something.
     *
     * @param data the data
     * @throws IllegalArgumentException if one does not; the message says why
     */
    public void requireFit(DataSignature data) {
        for (Measure one : named) {
            one.factory()
                    .refuses(data)
                    .ifPresent(
                            reason -> {
                                throw new IllegalArgumentException(
                                        "The metric "
                                                + one.label()
                                                + " means nothing here: "
                                                + reason
                                                + ".");
                            });
        }
    }

    /**
     * Starts all measurements.
     *
     * @param data the data
     * @return a measurement of no rows for each metric, in the order of {@link #shown}
     */
    public Map<String, Metric> start(DataSignature data) {
        Map<String, Metric> started = new LinkedHashMap<>();
        named.forEach(one -> started.put(one.label(), one.start(data)));
        for (MetricFactory one : Metrics.of(data)) {
            if (!started.containsKey(one.name())) {
                started.put(
                        one.name(),
                        one.start(data, Options.of(one.options(), new LinkedHashMap<>())));
            }
        }
        return started;
    }

    /**
     * Returns the labels of what the study names.
     *
     * @return the labels
     */
    public List<String> labels() {
        List<String> labels = new ArrayList<>();
        named.forEach(one -> labels.add(one.label()));
        return labels;
    }
}
