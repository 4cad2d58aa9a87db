// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.control;

import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.Options;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.StructureConvention;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A scaling strategy as an optimizer's option names it: a name, and its number where a study gives
 * it.
 *
 * @param scaling the strategy
 * @param gamma its number
 * @param floor the smallest root mean square of weights that a relative step follows; empty for its
 *     default
 * @param factors what is done to its factors
 * @param convention how connections and depth are counted
 */
public record NamedScaling(
        Scaling scaling,
        double gamma,
        Optional<Double> floor,
        FactorControl factors,
        StructureConvention convention) {

    private static final Option<Double> GAMMA =
            Option.number("gamma", "the strategy's number").optional();
    private static final Option<Double> FLOOR =
            Option.number("floor", "the smallest size of weights that a relative step follows")
                    .atLeast(0)
                    .optional();
    private static final Option<String> FACTORS =
            Option.text("factors", "what is done to the factors").orElse("");
    private static final Option<StructureConvention> CONVENTION =
            Option.choice(
                            "convention",
                            "how connections and depth are counted",
                            StructureConvention.class)
                    .orElse(StructureConvention.PAPER);

    /**
     * Reads a strategy.
     *
     * @param component the value of an option: {@code name}, and {@code options} with {@code
     *     gamma}, {@code floor}, {@code factors} and {@code convention} where they are given
     * @return the strategy
     * @throws IllegalArgumentException if there is none of that name, or an option is not allowed
     */
    public static NamedScaling of(Map<String, Object> component) {
        Object name = component.get("name");
        if (name == null) {
            throw new IllegalArgumentException(
                    "A scaling is named; there are " + String.join(", ", Scaling.names()) + ".");
        }
        Options options =
                Options.of(
                        List.of(GAMMA, FLOOR, FACTORS, CONVENTION),
                        map(component.getOrDefault("options", Map.of())));
        Scaling scaling = Scaling.byName(name.toString());
        if (options.find(FLOOR).isPresent() && !scaling.isRelative()) {
            throw new IllegalArgumentException(
                    "The scaling " + scaling.label() + " has no floor; relative-step has.");
        }
        return new NamedScaling(
                scaling,
                options.find(GAMMA).orElse(scaling.defaultGamma(options.get(CONVENTION))),
                options.find(FLOOR),
                FactorControl.parse(options.get(FACTORS)),
                options.get(CONVENTION));
    }

    /**
     * Reads a map of a study.
     *
     * @param options the value of an option
     * @return the value
     * @throws IllegalArgumentException if it is no map
     */
    @SuppressWarnings("unchecked") // Keys of YAML and JSON are texts.
    public static Map<String, Object> map(Object options) {
        if (options instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw new IllegalArgumentException(
                "The options of a scaling are a map, found " + options + ".");
    }

    private ScalingStrategy strategy(double number, int seed) {
        if (floor.isEmpty()) {
            return scaling.strategy(number, seed);
        }
        return scaling == Scaling.RELATIVE_STEP
                ? ScalingStrategy.relativeStep(number, floor.get())
                : ScalingStrategy.relativeStepAtStart(number, floor.get());
    }

    /**
     * Builds the strategy.
     *
     * @param seed the seed of the run, for factors that are drawn
     * @return the strategy
     * @throws IllegalArgumentException if the number is outside the strategy's range
     */
    public ScalingStrategy strategy(int seed) {
        return factors.applyTo(strategy(gamma, seed));
    }
}
