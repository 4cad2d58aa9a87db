// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.scaling;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads the values of a strategy's description by key, each of the type that is asked for, and
 * knows which keys nobody has asked for.
 */
final class DescribedValues {

    private final Map<String, Object> values = new LinkedHashMap<>();
    private final Set<String> read = new LinkedHashSet<>();

    /**
     * Copies a description.
     *
     * @throws IllegalArgumentException if a key is not a text
     */
    DescribedValues(Map<?, ?> description) {
        for (Map.Entry<?, ?> entry : description.entrySet()) {
            if (!(entry.getKey() instanceof String key)) {
                throw new IllegalArgumentException(
                        "The description "
                                + description
                                + " must have keys that are texts, found "
                                + entry.getKey()
                                + ".");
            }
            values.put(key, entry.getValue());
        }
    }

    /** Returns a value of any type; null where there is none. */
    Object get(String key) {
        read.add(key);
        return values.get(key);
    }

    double number(String key) {
        if (get(key) instanceof Number number) {
            return number.doubleValue();
        }
        throw needs("a number", key);
    }

    String text(String key) {
        if (get(key) instanceof String text) {
            return text;
        }
        throw needs("a text", key);
    }

    ScalingStrategy strategy(String key) {
        if (get(key) instanceof Map<?, ?> nested) {
            return Descriptions.toStrategy(nested);
        }
        throw needs("a strategy", key);
    }

    /**
     * Checks that every key was asked for.
     *
     * @throws IllegalArgumentException if one was not
     */
    void requireNothingElse(String strategy) {
        String others =
                values.keySet().stream()
                        .filter(key -> !read.contains(key))
                        .map(DescribedValues::quoted)
                        .collect(Collectors.joining(", "));
        if (!others.isEmpty()) {
            throw new IllegalArgumentException(
                    "The strategy "
                            + strategy
                            + " has no "
                            + others
                            + ", found in "
                            + this
                            + "; its keys are: "
                            + String.join(", ", read)
                            + ".");
        }
    }

    private IllegalArgumentException needs(String what, String key) {
        return new IllegalArgumentException(
                "The description "
                        + this
                        + " needs "
                        + what
                        + " as \""
                        + key
                        + "\", found "
                        + quoted(values.get(key))
                        + ".");
    }

    /** Prints a value, a text in quotes, so that "0.9" is not taken for 0.9. */
    static String quoted(Object value) {
        return value instanceof String text ? '"' + text + '"' : String.valueOf(value);
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
