// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.optimizer;

import io.github.caadam.experiments.component.NestedNames;
import io.github.caadam.experiments.control.NamedScaling;
import io.github.caadam.experiments.control.Scaling;
import io.github.caadam.plugin.Option;
import io.github.caadam.scaling.ScalingStrategy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Scaling strategies by name, for every class that takes a {@link ScalingStrategy}. Where it has an
 * option {@code convention}, that of the strategy and its own are one: either may be given.
 */
public final class ScalingNames implements NestedNames {

    private static final String OPTIONS = "options";
    private static final String CONVENTION = LibraryOptimizer.CONVENTION.name();

    /** Creates the names. */
    public ScalingNames() {}

    @Override
    public Class<?> type() {
        return ScalingStrategy.class;
    }

    @Override
    public List<String> names() {
        return Scaling.names();
    }

    @Override
    public Map<String, Object> complete(String option, Map<String, Object> all) {
        Map<String, Object> value = new LinkedHashMap<>(NamedScaling.map(all.get(option)));
        Map<String, Object> options =
                new LinkedHashMap<>(NamedScaling.map(value.getOrDefault(OPTIONS, Map.of())));
        Object beside = all.get(CONVENTION);
        if (beside != null) {
            options.putIfAbsent(CONVENTION, beside);
            value.put(OPTIONS, options);
        }
        NamedScaling scaling = NamedScaling.of(value);
        scaling.strategy(0);
        return beside == null
                ? Map.of(option, value)
                : Map.of(option, value, CONVENTION, Option.word(scaling.convention()));
    }

    @Override
    public Object build(Map<String, Object> value, int seed) {
        return NamedScaling.of(value).strategy(seed);
    }
}
