// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.internal;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads a description, a map of plain values as JSON gives it, and says in words which value is
 * missing, is wrong or does not belong there. A key with the value null counts as missing.
 *
 * <p>It remembers which keys were asked for, so that {@link #requireNoOthers} can refuse the rest.
 *
 * @since 0.1.0
 */
public final class Description {

    private final Map<String, Object> values;
    private final Set<String> known = new TreeSet<>();

    private Description(Map<String, Object> values) {
        this.values = values;
    }

    /**
     * Takes a description.
     *
     * @param values the values by key
     * @return the description
     * @throws IllegalArgumentException if a key is not a text
     */
    public static Description of(Map<?, ?> values) {
        Objects.requireNonNull(values, "description");
        Map<String, Object> copy = new LinkedHashMap<>();
        values.forEach(
                (key, value) -> {
                    if (!(key instanceof String text)) {
                        throw new IllegalArgumentException(
                                "The description "
                                        + values
                                        + " has the key "
                                        + key
                                        + ", expected texts as keys.");
                    }
                    copy.put(text, value);
                });
        return new Description(Collections.unmodifiableMap(copy));
    }

    /**
     * Returns the values.
     *
     * @return the values by key, unmodifiable
     */
    public Map<String, Object> values() {
        return values;
    }

    /**
     * Returns whether there is a value.
     *
     * @param key its key
     * @return whether there is one
     */
    public boolean has(String key) {
        return find(key) != null;
    }

    /**
     * Reads a number as float.
     *
     * @param key its key
     * @return the number, finite
     * @throws IllegalArgumentException if it is missing, no number or not finite as a float
     */
    public float floatNumber(String key) {
        if (find(key) instanceof Number number && Float.isFinite(number.floatValue())) {
            return number.floatValue();
        }
        throw wrong(key, "a finite number");
    }

    /**
     * Reads a number as float.
     *
     * @param key its key
     * @param ifMissing what is returned if it is missing
     * @return the number
     * @throws IllegalArgumentException if it is no number or not finite as a float
     */
    public float floatNumber(String key, float ifMissing) {
        return has(key) ? floatNumber(key) : ifMissing;
    }

    /**
     * Reads a number.
     *
     * @param key its key
     * @return the number, finite
     * @throws IllegalArgumentException if it is missing, no number or not finite
     */
    public double doubleNumber(String key) {
        if (find(key) instanceof Number number && Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        throw wrong(key, "a finite number");
    }

    /**
     * Reads a whole number; 3.0 is one, as JSON knows but one type of numbers.
     *
     * @param key its key
     * @return the number
     * @throws IllegalArgumentException if it is missing, no whole number or beyond an int
     */
    public int wholeNumber(String key) {
        if (find(key) instanceof Number number
                && number.doubleValue() == (double) number.intValue()) {
            return number.intValue();
        }
        throw wrong(key, "a whole number");
    }

    /**
     * Reads a flag.
     *
     * @param key its key
     * @return the flag
     * @throws IllegalArgumentException if it is missing or neither true nor false
     */
    public boolean flag(String key) {
        if (find(key) instanceof Boolean flag) {
            return flag;
        }
        throw wrong(key, "true or false");
    }

    /**
     * Reads a text.
     *
     * @param key its key
     * @return the text
     * @throws IllegalArgumentException if it is missing or no text
     */
    public String text(String key) {
        if (find(key) instanceof String text) {
            return text;
        }
        throw wrong(key, "a text");
    }

    /**
     * Reads a list of texts.
     *
     * @param key its key
     * @return the texts
     * @throws IllegalArgumentException if it is missing or no list of texts
     */
    public List<String> texts(String key) {
        if (find(key) instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
            return list.stream().map(String.class::cast).toList();
        }
        throw wrong(key, "a list of texts");
    }

    /**
     * Reads a constant by its name.
     *
     * @param key its key
     * @param type the constants' type
     * @param <E> the constants' type
     * @return the constant
     * @throws IllegalArgumentException if it is missing or not the name of one
     */
    public <E extends Enum<E>> E constant(String key, Class<E> type) {
        Object value = find(key);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(value)) {
                return constant;
            }
        }
        throw wrong(
                key, "one of " + Arrays.stream(type.getEnumConstants()).map(Enum::name).toList());
    }

    /**
     * Reads a description within this one.
     *
     * @param key its key
     * @return the description
     * @throws IllegalArgumentException if it is missing, no map or has a key that is no text
     */
    public Description nested(String key) {
        if (find(key) instanceof Map<?, ?> nested) {
            return of(nested);
        }
        throw wrong(key, "a nested description");
    }

    /**
     * Checks a text.
     *
     * @param key its key
     * @param expected what it must be
     * @throws IllegalArgumentException if it is missing or something else
     */
    public void requireText(String key, String expected) {
        if (!expected.equals(find(key))) {
            throw wrong(key, '"' + expected + '"');
        }
    }

    /**
     * Checks a plain value; numbers are compared as such, whatever their type.
     *
     * @param key its key
     * @param expected what it must be
     * @throws IllegalArgumentException if it is missing or something else
     */
    public void requireValue(String key, Object expected) {
        Object found = find(key);
        boolean equal =
                (found instanceof Number number && expected instanceof Number other)
                        ? number.doubleValue() == other.doubleValue()
                        : expected.equals(found);
        if (!equal) {
            throw wrong(key, expected.toString());
        }
    }

    /**
     * Checks that there are no keys but those that were asked for until now.
     *
     * @throws IllegalArgumentException if there are others; it names these and the valid ones
     */
    public void requireNoOthers() {
        List<String> others = values.keySet().stream().filter(key -> !known.contains(key)).toList();
        if (!others.isEmpty()) {
            throw new IllegalArgumentException(
                    "The description "
                            + values
                            + " has unknown keys: "
                            + others
                            + "; valid are: "
                            + known
                            + ".");
        }
    }

    /**
     * Makes the exception for a value that is missing or wrong.
     *
     * @param key its key
     * @param expected what is expected, in words
     * @return the exception, to be thrown
     */
    public IllegalArgumentException wrong(String key, String expected) {
        return new IllegalArgumentException(
                "The description "
                        + values
                        + " has "
                        + (values.get(key) == null ? "nothing" : values.get(key))
                        + " as \""
                        + key
                        + "\", expected "
                        + expected
                        + ".");
    }

    private Object find(String key) {
        known.add(key);
        return values.get(key);
    }

    /** Returns the values in words. */
    @Override
    public String toString() {
        return values.toString();
    }
}
