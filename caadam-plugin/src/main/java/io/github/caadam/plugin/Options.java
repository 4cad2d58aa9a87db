// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.plugin;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The options of a component, all of them resolved: those that a study gives, and the defaults of
 * the others.
 *
 * @since 0.1.0
 */
public final class Options {

    /** Of a component that has none. */
    public static final Options NONE = new Options(List.of(), Map.of());

    private final List<Option<?>> declared;
    private final Map<String, Object> values;

    private Options(List<Option<?>> declared, Map<String, Object> values) {
        this.declared = List.copyOf(declared);
        this.values = Map.copyOf(values);
    }

    /**
     * Resolves options.
     *
     * @param declared what options there are
     * @param given the values that a study gives, by name: a {@link Number}, {@link Boolean},
     *     {@link String}, {@link List} or {@link Map} each
     * @return the options
     * @throws IllegalArgumentException if one is unknown, missing or not allowed; the message says
     *     what is
     */
    public static Options of(List<Option<?>> declared, Map<String, ?> given) {
        for (String name : given.keySet()) {
            if (declared.stream().noneMatch(option -> option.name().equals(name))) {
                throw new IllegalArgumentException(
                        "There is no option \""
                                + name
                                + "\"; "
                                + (declared.isEmpty()
                                        ? "there are none."
                                        : "there are "
                                                + declared.stream()
                                                        .map(Option::name)
                                                        .collect(Collectors.joining(", "))
                                                + "."));
            }
        }
        Map<String, Object> values = new HashMap<>();
        for (Option<?> option : declared) {
            if (given.containsKey(option.name())) {
                values.put(option.name(), option.read(given.get(option.name())));
            } else if (option.isRequired()) {
                throw new IllegalArgumentException(
                        "The option \""
                                + option.name()
                                + "\" is missing: "
                                + option.allowed()
                                + ".");
            } else {
                option.defaultValue().ifPresent(value -> values.put(option.name(), value));
            }
        }
        return new Options(declared, values);
    }

    /**
     * Returns an option's value.
     *
     * @param option one of those declared, which is required or has a default
     * @param <T> its type
     * @return the value
     * @throws NoSuchElementException if it has no value
     */
    public <T> T get(Option<T> option) {
        return find(option)
                .orElseThrow(
                        () ->
                                new NoSuchElementException(
                                        "The option \"" + option.name() + "\" has no value."));
    }

    /**
     * Returns an option's value.
     *
     * @param option one of those declared
     * @param <T> its type
     * @return the value; empty if a study may leave it out and did
     */
    public <T> Optional<T> find(Option<T> option) {
        return Optional.ofNullable(values.get(option.name()))
                .map(value -> option.read(option.plainValue(value)));
    }

    /**
     * Returns all values as a study would write them.
     *
     * @return numbers, whole numbers, booleans, texts, lists and maps by name, sorted
     */
    public SortedMap<String, Object> asMap() {
        SortedMap<String, Object> all = new TreeMap<>();
        for (Option<?> option : declared) {
            Object value = values.get(option.name());
            if (value != null) {
                all.put(option.name(), option.plainValue(value));
            }
        }
        return Collections.unmodifiableSortedMap(all);
    }

    /**
     * Returns the values that are part of a run's identity: all but those of options that were
     * added later and have their default, and but the paths of files, whose content counts.
     *
     * @return the values as {@link #asMap} has them
     */
    public SortedMap<String, Object> identity() {
        SortedMap<String, Object> all = new TreeMap<>(asMap());
        for (Option<?> option : declared) {
            Object value = values.get(option.name());
            boolean silent =
                    option.isAddedLater()
                            && option.defaultValue().equals(Optional.ofNullable(value));
            if (option.type() == Option.Type.FILE || silent) {
                all.remove(option.name());
            }
        }
        return Collections.unmodifiableSortedMap(all);
    }

    /**
     * Returns these options with other values for some.
     *
     * @param changes the values by name, as a study gives them
     * @return the options
     * @throws IllegalArgumentException if one is unknown or not allowed
     */
    public Options with(Map<String, ?> changes) {
        Map<String, Object> given = new HashMap<>(asMap());
        given.putAll(changes);
        return of(declared, given);
    }

    /**
     * Returns what options there are.
     *
     * @return the options, with a value or without
     */
    public List<Option<?>> declared() {
        return declared;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Options options && options.asMap().equals(asMap());
    }

    @Override
    public int hashCode() {
        return Objects.hash(asMap());
    }

    /** Returns the values by name. */
    @Override
    public String toString() {
        return asMap().toString();
    }
}
