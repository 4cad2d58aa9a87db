// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.plugin.OptimizerFactory;
import io.github.caadam.plugin.Option;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Names rows: by the label that a study gives, or by the optimizer's title and every option whose
 * value is not the one that it has anyway in this study.
 */
final class RowNames {

    private static final double SMALL = 1e-3;
    private static final double SMALLEST_PLAIN = 1e-7;

    private final Catalog catalog;
    private final Component.Source source;
    private final String reference;
    private final Optional<String> label;
    private final Map<String, Object> defaults;

    /**
     * Names the rows of one optimizer.
     *
     * @param catalog what it is looked up in
     * @param source how the study says what it means
     * @param reference the name, class or file
     * @param label the label that the study gives, if it does
     * @param defaults the options that all of the study's optimizers have
     */
    RowNames(
            Catalog catalog,
            Component.Source source,
            String reference,
            Optional<String> label,
            Map<String, Object> defaults) {
        this.catalog = catalog;
        this.source = source;
        this.reference = reference;
        this.label = label;
        this.defaults = defaults;
    }

    /** Resolves the optimizer with the options that a row gives. */
    Component component(Map<String, Object> given) {
        Map<String, Object> all = new HashMap<>(defaults);
        all.putAll(given);
        return catalog.resolve(Kind.OPTIMIZER, source, reference, all);
    }

    /** Returns what tables call the optimizer. */
    String optimizer(Component component) {
        return label.orElse(component.factory(OptimizerFactory.class).title());
    }

    /**
     * Returns what distinguishes a row.
     *
     * @param component the row
     * @param given the options that it gives
     * @param always the options that are printed though there is a label
     * @param tuned the options that are tuned
     * @param tuning what is printed for these
     */
    List<String> parts(
            Component component,
            Map<String, Object> given,
            Set<String> always,
            Set<String> tuned,
            String tuning) {
        OptimizerFactory factory = component.factory(OptimizerFactory.class);
        List<String> parts = new ArrayList<>();
        for (Option<?> option : component.options().declared()) {
            String name = option.name();
            Object value = component.options().asMap().get(name);
            if (tuned.contains(name)) {
                if (label.isEmpty() && !parts.contains(tuning)) {
                    parts.add(tuning);
                }
            } else if (label.isPresent() ? always.contains(name) : isOwn(name, value, given)) {
                parts.add(print(factory, name, value));
            }
        }
        return parts;
    }

    /** Prints a learning rate alike for all optimizers, so that tables find it. */
    private static String print(OptimizerFactory factory, String option, Object value) {
        return option.equals(OptimizerFactory.LEARNING_RATE) && value instanceof Number rate
                ? "lr=" + plain(rate.doubleValue())
                : factory.print(option, value);
    }

    /** Prints a usual learning rate without an exponent, which Java has below 0.001. */
    private static String plain(double rate) {
        return rate < SMALL && rate >= SMALLEST_PLAIN
                ? BigDecimal.valueOf(rate).stripTrailingZeros().toPlainString()
                : Double.toString(rate);
    }

    /** Whether the value would be another one if the row did not give it. */
    private boolean isOwn(String option, Object value, Map<String, Object> given) {
        if (!given.containsKey(option)) {
            return false;
        }
        Map<String, Object> others = new HashMap<>(given);
        others.remove(option);
        try {
            return !Objects.equals(value, component(others).options().asMap().get(option));
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    /** Returns what distinguishes a row, behind the variant of the optimizer. */
    String strategy(Component component, List<String> parts) {
        String variant =
                label.isPresent() ? "none" : component.factory(OptimizerFactory.class).variant();
        return joined(variant, parts);
    }

    /** Returns what filters call a row. */
    String name(List<String> parts) {
        return joined(label.orElse(reference), parts);
    }

    private static String joined(String first, List<String> parts) {
        List<String> all = new ArrayList<>();
        all.add(first);
        all.addAll(parts);
        return String.join(" ", all);
    }
}
