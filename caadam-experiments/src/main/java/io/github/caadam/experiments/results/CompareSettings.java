// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a study says of how its runs are to be compared and its tables called. The plan keeps it, so
 * that tables can be made without the study. It is no part of what a run asks.
 *
 * @param baseline the label of what the others are compared with; empty if the study names none
 * @param metric the metric to compare by; empty for the first one of the task
 * @param also further metrics to compare by
 * @param margin the difference, in the metric's unit, below which two configurations count as
 *     equivalent; null if the study fixes none
 * @param targets values to be reached, by name of what reaches them, such as {@code
 *     validation-loss}
 * @param against what the way to a target is counted in; empty for everything
 * @param published the name of the publication that the runs are held against; empty if none
 * @param titles titles of tables by {@code means}, {@code contrasts} and {@code effects}
 * @since 0.1.0
 */
public record CompareSettings(
        String baseline,
        String metric,
        List<String> also,
        Double margin,
        Map<String, List<Double>> targets,
        List<Effort> against,
        String published,
        Map<String, String> titles) {

    /** That of a study that says nothing, or of one that is not known. */
    public static final CompareSettings NONE =
            new CompareSettings("", "", List.of(), null, Map.of(), List.of(), "", Map.of());

    /** What targets call the loss on the validation rows. */
    public static final String VALIDATION_LOSS = "validation-loss";

    private static final String NO_STRATEGY = "none";

    /**
     * Copies lists and maps in their order; what is null counts as not said.
     *
     * @throws IllegalArgumentException if a text cannot be printed
     */
    public CompareSettings {
        baseline = CsvText.requirePrintable("baseline", said(baseline));
        metric = CsvText.requirePrintable("metric", said(metric));
        published = CsvText.requirePrintable("publication", said(published));
        also = also == null ? List.of() : List.copyOf(also);
        against = against == null ? List.of() : List.copyOf(against);
        targets = targets == null ? Map.of() : copy(targets);
        titles = titles == null ? Map.of() : copy(titles);
        titles.values().forEach(title -> CsvText.requirePrintable("title", title));
    }

    private static String said(String text) {
        return Objects.requireNonNullElse(text, "");
    }

    private static <T> Map<String, T> copy(Map<String, T> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /**
     * Returns the label of a configuration, as tables print it and a baseline is named by.
     *
     * @param optimizer the optimizer, as {@code runs.csv} names it
     * @param strategy the strategy, {@code none} if there is none, with options behind it
     * @return the optimizer, the strategy if it has one, and the options
     */
    public static String label(String optimizer, String strategy) {
        if (strategy.equals(NO_STRATEGY)) {
            return optimizer;
        }
        return strategy.startsWith(NO_STRATEGY + " ")
                ? optimizer + strategy.substring(NO_STRATEGY.length())
                : optimizer + " " + strategy;
    }

    /**
     * Returns these settings for a further metric, which no margin is about.
     *
     * @param further one of {@link #also}
     * @return the settings, with the targets of that metric alone
     */
    CompareSettings by(String further) {
        Map<String, List<Double>> its = new LinkedHashMap<>(targets);
        its.keySet().retainAll(List.of(further));
        return new CompareSettings(
                baseline, further, List.of(), null, its, against, published, titles);
    }

    /**
     * Returns these settings with another baseline.
     *
     * @param label its label
     * @return the settings
     */
    public CompareSettings withBaseline(String label) {
        return new CompareSettings(
                label, metric, also, margin, targets, against, published, titles);
    }
}
