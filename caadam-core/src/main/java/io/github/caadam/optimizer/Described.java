package io.github.caadam.optimizer;

import java.util.Map;
import java.util.Optional;

/** Reads a description of an optimizer, and says which value is missing or wrong. */
record Described(Map<String, ?> values) {

    Optional<Object> find(String key) {
        return Optional.ofNullable(values.get(key));
    }

    float number(String key) {
        return find(key)
                .map(value -> toFloat(key, value))
                .orElseThrow(() -> wrong(key, "a number"));
    }

    float number(String key, float ifAbsent) {
        return find(key).map(value -> toFloat(key, value)).orElse(ifAbsent);
    }

    boolean flag(String key) {
        return find(key).map(Boolean.class::cast).orElseThrow(() -> wrong(key, "true or false"));
    }

    <E extends Enum<E>> E constant(String key, Class<E> type) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(values.get(key))) {
                return constant;
            }
        }
        throw wrong(key, "one of " + java.util.List.of(type.getEnumConstants()));
    }

    @SuppressWarnings("unchecked") // A description's keys are texts.
    Map<String, ?> nested(String key) {
        if (values.get(key) instanceof Map<?, ?> nested) {
            return (Map<String, ?>) nested;
        }
        throw wrong(key, "a nested description");
    }

    void requireText(String key, String expected) {
        if (!expected.equals(values.get(key))) {
            throw wrong(key, "\"" + expected + "\"");
        }
    }

    private float toFloat(String key, Object value) {
        if (value instanceof Number number) {
            return number.floatValue();
        }
        throw wrong(key, "a number");
    }

    private IllegalArgumentException wrong(String key, String expected) {
        return new IllegalArgumentException(
                "The description "
                        + values
                        + " has "
                        + values.get(key)
                        + " as \""
                        + key
                        + "\", expected "
                        + expected
                        + ".");
    }
}
