package io.github.caadam.scaling;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Strategies as maps of plain values, and back. */
final class Descriptions {

    private static final String STRATEGY = "strategy";
    private static final String CUSTOM = "custom";

    private static final List<String> NAMES =
            List.of(
                    NoScaling.NAME,
                    AdditiveScaling.NAME,
                    MultiplicativeScaling.NAME,
                    MultiplicativeSignedScaling.NAME,
                    DepthScaling.NAME,
                    FanInScaling.NAME,
                    NetworkSizeScaling.NAME,
                    GradientConcentrationScaling.NAME,
                    ProductScaling.NAME,
                    BoundedScaling.NAME,
                    OverriddenScaling.NAME);

    private Descriptions() {}

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

    static ScalingStrategy toStrategy(Map<String, ?> description) {
        Object name = description.get(STRATEGY);
        if (CUSTOM.equals(name)) {
            throw new IllegalArgumentException(
                    "The strategy "
                            + description.get("class")
                            + " is code of your own and cannot be rebuilt from its description;"
                            + " set it by setScaling.");
        }
        if (!(name instanceof String known) || !NAMES.contains(known)) {
            throw new IllegalArgumentException(
                    "Unknown strategy \""
                            + name
                            + "\" in "
                            + description
                            + "; valid are: "
                            + String.join(", ", NAMES)
                            + ".");
        }
        return switch (known) {
            case AdditiveScaling.NAME -> new AdditiveScaling(number(description, "gamma"));
            case MultiplicativeScaling.NAME ->
                    new MultiplicativeScaling(number(description, "gamma"));
            case MultiplicativeSignedScaling.NAME ->
                    new MultiplicativeSignedScaling(number(description, "gamma"));
            case DepthScaling.NAME -> new DepthScaling(number(description, "gamma"));
            case FanInScaling.NAME -> new FanInScaling(number(description, "power"));
            case NetworkSizeScaling.NAME ->
                    new NetworkSizeScaling(number(description, "referenceSize"));
            case GradientConcentrationScaling.NAME ->
                    new GradientConcentrationScaling(number(description, "gamma"));
            case ProductScaling.NAME ->
                    new ProductScaling(nested(description, "first"), nested(description, "second"));
            case BoundedScaling.NAME ->
                    new BoundedScaling(
                            nested(description, "of"),
                            number(description, "floor"),
                            number(description, "ceiling"));
            case OverriddenScaling.NAME ->
                    new OverriddenScaling(
                            nested(description, "of"),
                            text(description, "pathPattern"),
                            number(description, "factor"));
            default -> NoScaling.INSTANCE;
        };
    }

    private static double number(Map<String, ?> description, String key) {
        if (description.get(key) instanceof Number number) {
            return number.doubleValue();
        }
        throw missing(description, key, "a number");
    }

    private static String text(Map<String, ?> description, String key) {
        if (description.get(key) instanceof String text) {
            return text;
        }
        throw missing(description, key, "a text");
    }

    @SuppressWarnings("unchecked") // A description's keys are texts.
    private static ScalingStrategy nested(Map<String, ?> description, String key) {
        if (description.get(key) instanceof Map<?, ?> nested) {
            return toStrategy((Map<String, ?>) nested);
        }
        throw missing(description, key, "a strategy");
    }

    private static IllegalArgumentException missing(
            Map<String, ?> description, String key, String what) {
        return new IllegalArgumentException(
                "The description " + description + " needs " + what + " as \"" + key + "\".");
    }
}
