// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.scaling;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** Strategies as maps of plain values, and back. */
final class Descriptions {

    private static final String STRATEGY = "strategy";
    private static final String CUSTOM = "custom";

    /** What rebuilds a strategy, by the name of the strategy. */
    private static final Map<String, Function<DescribedValues, ScalingStrategy>> READERS =
            readers();

    private Descriptions() {}

    private static Map<String, Function<DescribedValues, ScalingStrategy>> readers() {
        Map<String, Function<DescribedValues, ScalingStrategy>> readers = new LinkedHashMap<>();
        readers.put(NoScaling.NAME, values -> NoScaling.INSTANCE);
        readers.put(AdditiveScaling.NAME, values -> new AdditiveScaling(values.number("gamma")));
        readers.put(
                MultiplicativeScaling.NAME,
                values -> new MultiplicativeScaling(values.number("gamma")));
        readers.put(
                MultiplicativeSignedScaling.NAME,
                values -> new MultiplicativeSignedScaling(values.number("gamma")));
        readers.put(DepthScaling.NAME, values -> new DepthScaling(values.number("gamma")));
        readers.put(FanInScaling.NAME, values -> new FanInScaling(values.number("power")));
        readers.put(
                NetworkSizeScaling.NAME,
                values -> new NetworkSizeScaling(values.number("referenceSize")));
        readers.put(
                GradientConcentrationScaling.NAME,
                values -> new GradientConcentrationScaling(values.number("gamma")));
        readers.put(RelativeStepScaling.NAME, values -> RelativeStepScaling.read(values, false));
        readers.put(
                RelativeStepScaling.NAME_AT_START,
                values -> RelativeStepScaling.read(values, true));
        readers.put(
                ProductScaling.NAME,
                values -> new ProductScaling(values.strategy("first"), values.strategy("second")));
        readers.put(
                BoundedScaling.NAME,
                values ->
                        new BoundedScaling(
                                values.strategy("of"),
                                values.number("floor"),
                                values.number("ceiling")));
        readers.put(
                OverriddenScaling.NAME,
                values ->
                        new OverriddenScaling(
                                values.strategy("of"),
                                values.text("pathPattern"),
                                values.number("factor")));
        return Collections.unmodifiableMap(readers);
    }

    /** Describes a strategy by its name and pairs of a key and a plain value. */
    static Map<String, Object> of(String name, Object... keysAndValues) {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put(STRATEGY, name);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            description.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return Collections.unmodifiableMap(description);
    }

    static Map<String, Object> ofCustom(ScalingStrategy strategy) {
        return of(CUSTOM, "class", strategy.getClass().getName());
    }

    static ScalingStrategy toStrategy(Map<?, ?> description) {
        Objects.requireNonNull(
                description, "The description is null; pass what describe() returned.");
        DescribedValues values = new DescribedValues(description);
        Object name = values.get(STRATEGY);
        if (CUSTOM.equals(name)) {
            throw new IllegalArgumentException(
                    "The strategy "
                            + values.get("class")
                            + " is code of your own and cannot be rebuilt from its description;"
                            + " set it by setScaling.");
        }
        if (!(name instanceof String known) || !READERS.containsKey(known)) {
            throw new IllegalArgumentException(
                    "Unknown strategy "
                            + DescribedValues.quoted(name)
                            + " in "
                            + values
                            + "; valid are: "
                            + String.join(", ", READERS.keySet())
                            + ". If it is code of your own, set it by setScaling.");
        }
        ScalingStrategy strategy = READERS.get(known).apply(values);
        values.requireNothingElse(known);
        return strategy;
    }
}
