// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import io.github.caadam.plugin.Option;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where a value goes into an object that is built: a method of its builder, a parameter of its
 * constructor, or a method of its own.
 *
 * @param name the name of the option
 * @param verb how messages name the place
 * @param type the type of the value; boolean for a method without parameters
 * @param form how a study writes it; empty if it cannot
 * @param supply what fills it in; empty for the study
 * @param method the method; null for a parameter of the constructor
 * @param required whether it must have a value
 * @param initial what the builder has where it is given none, as a study writes it
 */
record Slot(
        String name,
        String verb,
        Type type,
        Optional<ValueType> form,
        Optional<Supply> supply,
        Method method,
        boolean required,
        Optional<Object> initial) {

    private static final String VALID = "[a-z][a-z0-9]*(-[a-z0-9]+)*";

    /** Returns how a study writes a name of Java: {@code clipGrad} is {@code clip-grad}. */
    static String optionName(String camelCase) {
        return camelCase
                .replaceAll("([a-z0-9])([A-Z])", "$1-$2")
                .replaceAll("([A-Z]+)([A-Z][a-z])", "$1-$2")
                .replaceAll("_+", "-")
                .toLowerCase(Locale.ROOT);
    }

    static boolean isValid(String name) {
        return name.matches(VALID);
    }

    /** Returns the class of a type. */
    static Class<?> raw(Type type) {
        if (type instanceof Class<?> simple) {
            return simple;
        }
        return type instanceof ParameterizedType generic
                        && generic.getRawType() instanceof Class<?> raw
                ? raw
                : Object.class;
    }

    /** Returns whether a study may give a value. */
    boolean isOpen() {
        return form.isPresent() && (supply.isEmpty() || supply.get().overridable());
    }

    Option<?> option() {
        Option<?> plain = form.orElseThrow().option().apply(name, "by " + verb);
        if (initial.isPresent()) {
            return withDefault(plain, initial.get());
        }
        return required && supply.isEmpty() ? plain : plain.optional();
    }

    private static <T> Option<T> withDefault(Option<T> option, Object value) {
        return option.orElse(option.read(value));
    }

    /**
     * Returns the value for an object.
     *
     * @param given the options of the study, as it writes them
     * @param supplied what the suite fills in, by key
     * @return the value; empty to leave what the builder has
     */
    Optional<Object> value(Map<String, Object> given, Map<String, ?> supplied)
            throws ReflectiveOperationException {
        Object plain = isOpen() ? given.get(name) : null;
        if (plain != null) {
            return initial.filter(plain::equals).isPresent()
                    ? Optional.empty()
                    : read(plain, supplied);
        }
        Object filled = supply.map(Supply::key).map(supplied::get).orElse(null);
        if (filled == null) {
            return Optional.empty();
        }
        return filled instanceof Number ? read(filled, supplied) : Optional.of(filled);
    }

    private Optional<Object> read(Object plain, Map<String, ?> supplied)
            throws ReflectiveOperationException {
        try {
            Optional<NestedNames> names = Nested.names(raw(type), plain);
            if (names.isPresent()) {
                int seed = supplied.get(OptimizerClasses.SEED) instanceof Integer given ? given : 0;
                return Optional.of(names.get().build(component(plain), seed));
            }
            return Optional.of(form.orElseThrow().reader().read(plain));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + name + "\": " + e.getMessage(), e);
        }
    }

    /**
     * Checks a value as far as that can be told without building anything.
     *
     * @param all the values of all options
     * @return those that follow from it
     */
    Map<String, Object> complete(Map<String, Object> all) {
        Object plain = all.get(name);
        try {
            Optional<NestedNames> names = Nested.names(raw(type), plain);
            if (names.isPresent()) {
                return names.get().complete(name, all);
            }
            if (plain instanceof Map<?, ?> && !raw(type).equals(Map.class)) {
                return Map.of(name, Nested.complete(raw(type), component(plain)));
            }
            form.orElseThrow().reader().read(plain);
            return Map.of(name, plain);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + name + "\": " + e.getMessage(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Only components are built by reflection.", e);
        }
    }

    @SuppressWarnings("unchecked") // A component's keys are texts.
    private static Map<String, Object> component(Object plain) {
        return (Map<String, Object>) plain;
    }
}
