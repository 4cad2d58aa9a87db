// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.plugin;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * An option of a component: its name, its type, what values it may have, and the one that it has
 * where a study gives none. For example
 *
 * <pre>{@code
 * static final Option<Double> MOMENTUM =
 *         Option.number("momentum", "what is kept of the last step")
 *                 .within(0, 1)
 *                 .orElse(0.9);
 * }</pre>
 *
 * @param <T> the type of its values
 * @since 0.1.0
 */
public final class Option<T> {

    /** The types of values, as a study writes them. */
    public enum Type {
        /** A finite number. */
        NUMBER("a number"),
        /** A whole number. */
        WHOLE("a whole number"),
        /** {@code true} or {@code false}. */
        FLAG("true or false"),
        /** A text. */
        TEXT("a text"),
        /** One of several words. */
        CHOICE("one of several words"),
        /** The path of a file, relative to the study. */
        FILE("the path of a file"),
        /** A column of a table, by its name or its number from 1. */
        COLUMN("the name or the number of a column"),
        /** A list of columns, by name or number. */
        COLUMNS("a list of names or numbers of columns"),
        /** A list of numbers. */
        NUMBERS("a list of numbers"),
        /** A list of texts. */
        TEXTS("a list of texts"),
        /** A map of texts by texts. */
        TEXT_MAP("a map of texts"),
        /** A component of its own: its name, or a map with {@code name} or {@code class}. */
        COMPONENT("a name, or a map with name or class and options");

        private final String words;

        Type(String words) {
            this.words = words;
        }

        /**
         * Returns what the type is called in messages.
         *
         * @return such as {@code a whole number}
         */
        public String words() {
            return words;
        }
    }

    private final String name;
    private final Type type;
    private final String description;
    private final List<String> choices;
    private final double least;
    private final double most;
    private final boolean excludesLeast;
    private final boolean excludesMost;
    private final Function<Object, T> reader;
    private final Optional<T> defaultValue;
    private final boolean required;
    private final boolean addedLater;

    private Option(
            String name,
            Type type,
            String description,
            List<String> choices,
            double least,
            double most,
            boolean excludesLeast,
            boolean excludesMost,
            Function<Object, T> reader,
            Optional<T> defaultValue,
            boolean required,
            boolean addedLater) {
        if (!name.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*")) {
            throw new IllegalArgumentException(
                    "An option's name is of lower-case letters, digits and -, found \""
                            + name
                            + "\".");
        }
        this.name = name;
        this.type = type;
        this.description = Objects.requireNonNull(description, "description");
        this.choices = List.copyOf(choices);
        this.least = least;
        this.most = most;
        this.excludesLeast = excludesLeast;
        this.excludesMost = excludesMost;
        this.reader = reader;
        this.defaultValue = defaultValue;
        this.required = required;
        this.addedLater = addedLater;
    }

    private static <T> Option<T> of(
            String name, Type type, String description, Function<Object, T> reader) {
        return new Option<>(
                name,
                type,
                description,
                List.of(),
                Double.NEGATIVE_INFINITY,
                Double.POSITIVE_INFINITY,
                false,
                false,
                reader,
                Optional.empty(),
                true,
                false);
    }

    /**
     * Describes a number.
     *
     * @param name the name: lower case, digits and {@code -}
     * @param description what it is, in a few words
     * @return the option, without a default
     */
    public static Option<Double> number(String name, String description) {
        return of(name, Type.NUMBER, description, Option::toDouble);
    }

    /**
     * Describes a whole number.
     *
     * @param name the name: lower case, digits and {@code -}
     * @param description what it is, in a few words
     * @return the option, without a default
     */
    public static Option<Integer> whole(String name, String description) {
        return of(name, Type.WHOLE, description, Option::toInteger);
    }

    /**
     * Describes a choice of yes or no.
     *
     * @param name the name: lower case, digits and {@code -}
     * @param description what {@code true} means, in a few words
     * @return the option, without a default
     */
    public static Option<Boolean> flag(String name, String description) {
        return of(name, Type.FLAG, description, value -> value instanceof Boolean b ? b : null);
    }

    /**
     * Describes a text.
     *
     * @param name the name: lower case, digits and {@code -}
     * @param description what it is, in a few words
     * @return the option, without a default
     */
    public static Option<String> text(String name, String description) {
        return of(name, Type.TEXT, description, value -> value instanceof String s ? s : null);
    }

    /**
     * Describes a file. Its path enters no run's identity; its content does, by the component's
     * digest.
     *
     * @param name the name: lower case, digits and {@code -}
     * @param description what it is, in a few words
     * @return the option, without a default; its value is the path as the study gives it
     */
    public static Option<String> file(String name, String description) {
        return of(name, Type.FILE, description, value -> value instanceof String s ? s : null);
    }

    /**
     * Describes a list of numbers.
     *
     * @param name the name: lower case, digits and {@code -}
     * @param description what they are, in a few words
     * @return the option, without a default
     */
    public static Option<List<Double>> numbers(String name, String description) {
        return of(name, Type.NUMBERS, description, value -> list(value, Option::toDouble));
    }

    /**
     * Describes a list of texts.
     *
     * @param name the name: lower case, digits and {@code -}
     * @param description what they are, in a few words
     * @return the option, without a default
     */
    public static Option<List<String>> texts(String name, String description) {
        return of(
                name,
                Type.TEXTS,
                description,
                value -> list(value, one -> one instanceof String s ? s : null));
    }

    /**
     * Describes a column of a table.
     *
     * @param name the name: lower case, digits and {@code -}
     * @param description what it is, in a few words
     * @return the option, without a default; its value is the column's name, or its number from 1
     *     as a text
     */
    public static Option<String> column(String name, String description) {
        return of(name, Type.COLUMN, description, Option::toColumn);
    }

    /**
     * Describes columns of a table.
     *
     * @param name the name: lower case, digits and {@code -}
     * @param description what they are, in a few words
     * @return the option, without a default; its values are names, or numbers from 1 as texts
     */
    public static Option<List<String>> columns(String name, String description) {
        return of(name, Type.COLUMNS, description, value -> list(value, Option::toColumn));
    }

    /**
     * Describes texts by texts.
     *
     * @param name the name: lower case, digits and {@code -}
     * @param description what they are, in a few words
     * @return the option, without a default
     */
    public static Option<Map<String, String>> textMap(String name, String description) {
        return of(name, Type.TEXT_MAP, description, Option::toTextMap);
    }

    /**
     * Describes a component of its own, such as the scaling strategy of an optimizer. What its
     * value names is the owner's to resolve.
     *
     * @param name the name: lower case, digits and {@code -}
     * @param description what it is, in a few words
     * @return the option, without a default; its value is a map with {@code name} or {@code class},
     *     and {@code options} where there are some
     */
    public static Option<Map<String, Object>> component(String name, String description) {
        return of(name, Type.COMPONENT, description, Option::toComponent);
    }

    /**
     * Describes one of several words.
     *
     * @param name the name: lower case, digits and {@code -}
     * @param description what it is, in a few words
     * @param values what it may be
     * @return the option, without a default
     */
    public static Option<String> choice(String name, String description, List<String> values) {
        List<String> words = List.copyOf(values);
        return new Option<>(
                name,
                Type.CHOICE,
                description,
                words,
                Double.NEGATIVE_INFINITY,
                Double.POSITIVE_INFINITY,
                false,
                false,
                value -> value instanceof String s && words.contains(s) ? s : null,
                Optional.empty(),
                true,
                false);
    }

    /**
     * Describes one of the constants of an enum, written in lower case with {@code -} for {@code
     * _}.
     *
     * @param name the name: lower case, digits and {@code -}
     * @param description what it is, in a few words
     * @param constants the enum
     * @param <E> the enum
     * @return the option, without a default
     */
    public static <E extends Enum<E>> Option<E> choice(
            String name, String description, Class<E> constants) {
        Map<String, E> byWord = new LinkedHashMap<>();
        Arrays.stream(constants.getEnumConstants()).forEach(one -> byWord.put(word(one), one));
        return new Option<>(
                name,
                Type.CHOICE,
                description,
                List.copyOf(byWord.keySet()),
                Double.NEGATIVE_INFINITY,
                Double.POSITIVE_INFINITY,
                false,
                false,
                byWord::get,
                Optional.empty(),
                true,
                false);
    }

    /**
     * Returns how a study writes a constant.
     *
     * @param constant the constant
     * @return its name in lower case, with {@code -} for {@code _}
     */
    public static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Returns this option with a default.
     *
     * @param value what it is where a study does not give it
     * @return the option
     * @throws IllegalArgumentException if the value is outside the range
     */
    public Option<T> orElse(T value) {
        if (rangeFault(value).isPresent()) {
            throw new IllegalArgumentException(
                    "The default of \"" + name + "\" is not " + allowed() + ".");
        }
        return copy(least, most, excludesLeast, excludesMost, Optional.of(value), false);
    }

    /**
     * Returns this option as one that may be left out and then has no value.
     *
     * @return the option
     */
    public Option<T> optional() {
        return copy(least, most, excludesLeast, excludesMost, Optional.empty(), false);
    }

    /**
     * Returns this option with a least value, for numbers and each number of a list.
     *
     * @param value the least value
     * @return the option
     */
    public Option<T> atLeast(double value) {
        return copy(value, most, false, excludesMost, defaultValue, required);
    }

    /**
     * Returns this option with a bound that its values exceed.
     *
     * @param value the bound
     * @return the option
     */
    public Option<T> above(double value) {
        return copy(value, most, true, excludesMost, defaultValue, required);
    }

    /**
     * Returns this option with a bound that its values stay below.
     *
     * @param value the bound
     * @return the option
     */
    public Option<T> below(double value) {
        return copy(least, value, excludesLeast, true, defaultValue, required);
    }

    /**
     * Returns this option with a range.
     *
     * @param from the least value
     * @param to the largest value
     * @return the option
     */
    public Option<T> within(double from, double to) {
        return copy(from, to, false, false, defaultValue, required);
    }

    private Option<T> copy(
            double newLeast,
            double newMost,
            boolean newExcludesLeast,
            boolean newExcludesMost,
            Optional<T> newDefault,
            boolean newRequired) {
        return new Option<>(
                name,
                type,
                description,
                choices,
                newLeast,
                newMost,
                newExcludesLeast,
                newExcludesMost,
                reader,
                newDefault,
                newRequired,
                addedLater);
    }

    /**
     * Returns this option as one that was added after runs had been made: where it has its default,
     * it is no part of a run's identity, so that those runs still count.
     *
     * @return the option
     */
    public Option<T> addedLater() {
        return new Option<>(
                name,
                type,
                description,
                choices,
                least,
                most,
                excludesLeast,
                excludesMost,
                reader,
                defaultValue,
                required,
                true);
    }

    /**
     * Returns whether the option was added after runs had been made.
     *
     * @return whether its default is no part of a run's identity
     */
    public boolean isAddedLater() {
        return addedLater;
    }

    /**
     * Returns the name.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * Returns the type.
     *
     * @return the type
     */
    public Type type() {
        return type;
    }

    /**
     * Returns what the option is.
     *
     * @return a few words
     */
    public String description() {
        return description;
    }

    /**
     * Returns what a choice may be.
     *
     * @return the words; empty for other types
     */
    public List<String> choices() {
        return choices;
    }

    /**
     * Returns the least value of a number.
     *
     * @return the bound; negative infinity for none
     */
    public double least() {
        return least;
    }

    /**
     * Returns whether a number exceeds the least value.
     *
     * @return whether {@link #least} itself is not allowed
     */
    public boolean excludesLeast() {
        return excludesLeast;
    }

    /**
     * Returns the largest value of a number.
     *
     * @return the bound; infinity for none
     */
    public double most() {
        return most;
    }

    /**
     * Returns whether a number stays below the largest value.
     *
     * @return whether {@link #most} itself is not allowed
     */
    public boolean excludesMost() {
        return excludesMost;
    }

    /**
     * Returns what the option is where a study does not give it.
     *
     * @return the value; empty if it has none then
     */
    public Optional<T> defaultValue() {
        return defaultValue;
    }

    /**
     * Returns the default as a study would write it.
     *
     * @return the text; empty if the option has no value where a study does not give it
     */
    public Optional<String> written() {
        return defaultValue.map(value -> String.valueOf(plainValue(value)));
    }

    /**
     * Returns whether a study must give the option.
     *
     * @return whether it must
     */
    public boolean isRequired() {
        return required;
    }

    /**
     * Says what values are allowed.
     *
     * @return such as {@code a number from 0.0 to 1.0}
     */
    public String allowed() {
        if (!choices.isEmpty()) {
            return "one of " + String.join(", ", choices);
        }
        StringBuilder words = new StringBuilder(type.words());
        boolean hasLeast = least > Double.NEGATIVE_INFINITY;
        boolean hasMost = most < Double.POSITIVE_INFINITY;
        if (least == most) {
            return plain(least);
        }
        if (hasLeast && hasMost && !excludesLeast && !excludesMost) {
            words.append(" from ").append(plain(least)).append(" to ").append(plain(most));
        } else {
            if (hasLeast) {
                words.append(excludesLeast ? " above " : ", ").append(plain(least));
                words.append(excludesLeast ? "" : " or more");
            }
            words.append(hasLeast && hasMost ? " and" : hasMost && !excludesMost ? "," : "");
            if (hasMost) {
                words.append(excludesMost ? " below " : " ").append(plain(most));
                words.append(excludesMost ? "" : " or less");
            }
        }
        return words.toString();
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) && Math.abs(bound) < 1e15
                ? String.valueOf((long) bound)
                : String.valueOf(bound);
    }

    /**
     * Reads a value.
     *
     * @param value a {@link Number}, {@link Boolean}, {@link String}, {@link List} or {@link Map},
     *     as a study's YAML gives it
     * @return the value
     * @throws IllegalArgumentException if it is not allowed; the message says what is
     */
    public T read(Object value) {
        T read = value == null ? null : reader.apply(value);
        if (read == null || rangeFault(read).isPresent()) {
            throw new IllegalArgumentException(
                    "\"" + name + "\" must be " + allowed() + ", found " + value + ".");
        }
        return read;
    }

    private Optional<Object> rangeFault(Object value) {
        if (value instanceof Collection<?> all) {
            return all.stream()
                    .map(one -> rangeFault(one).orElse(null))
                    .filter(Objects::nonNull)
                    .findFirst();
        }
        Predicate<Double> outside =
                number ->
                        !(number >= least && number <= most)
                                || (excludesLeast && number == least)
                                || (excludesMost && number == most);
        return value instanceof Number number && outside.test(number.doubleValue())
                ? Optional.of(value)
                : Optional.empty();
    }

    /** The value as JSON and YAML write it. */
    Object plainValue(Object value) {
        return value instanceof Enum<?> constant ? word(constant) : value;
    }

    private static Double toDouble(Object value) {
        return value instanceof Number number && Double.isFinite(number.doubleValue())
                ? number.doubleValue()
                : null;
    }

    private static Integer toInteger(Object value) {
        return value instanceof Number number && number.doubleValue() == number.intValue()
                ? number.intValue()
                : null;
    }

    private static String toColumn(Object value) {
        if (value instanceof String text) {
            return text;
        }
        Integer number = toInteger(value);
        return number == null ? null : number.toString();
    }

    private static <E> List<E> list(Object value, Function<Object, E> element) {
        if (!(value instanceof List<?> given)) {
            return null;
        }
        List<E> read = given.stream().map(element).toList();
        return read.contains(null) ? null : List.copyOf(read);
    }

    private static Map<String, String> toTextMap(Object value) {
        if (!(value instanceof Map<?, ?> given)) {
            return null;
        }
        Map<String, String> read = new LinkedHashMap<>();
        for (Map.Entry<?, ?> one : given.entrySet()) {
            if (!(one.getKey() instanceof String key && one.getValue() instanceof String text)) {
                return null;
            }
            read.put(key, text);
        }
        return read;
    }

    private static Map<String, Object> toComponent(Object value) {
        if (value instanceof String text) {
            return Map.of("name", text);
        }
        if (!(value instanceof Map<?, ?> given)
                || given.containsKey("name") == given.containsKey("class")) {
            return null;
        }
        Map<String, Object> read = new LinkedHashMap<>();
        given.forEach((key, one) -> read.put(String.valueOf(key), one));
        return read;
    }

    /** Returns the name and what values are allowed. */
    @Override
    public String toString() {
        return name + ": " + allowed();
    }
}
