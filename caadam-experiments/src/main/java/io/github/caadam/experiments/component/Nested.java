// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import java.lang.reflect.Modifier;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Objects of classes that a study names: the classes of components, and of what components are made
 * of, such as the scaling strategy of an optimizer. Classes are found by the class loader of the
 * calling thread, which {@link Plugins#install} sets.
 */
public final class Nested {

    private static final String CLASS = "class";
    private static final String OPTIONS = "options";
    private static final String NAME = "name";

    private Nested() {}

    /**
     * Builds an object.
     *
     * @param type what it is to be
     * @param value what a study writes: {@code class}, and {@code options} where there are some
     * @param <T> what it is to be
     * @return a new object
     * @throws IllegalArgumentException if there is no such class, it is of another type, it cannot
     *     be built or its options are not allowed; the message says which
     */
    public static <T> T build(Class<T> type, Map<String, ?> value) {
        BuilderOptions<T> builder = builder(type, value);
        return builder.build(builder.complete(given(value)), Map.of());
    }

    /**
     * Checks that an object can be built, as far as that can be told without building it.
     *
     * @param type what it is to be
     * @param value what a study writes: {@code class}, and {@code options} where there are some
     * @return the value with all options resolved
     * @throws IllegalArgumentException as {@link #build} does
     */
    public static Map<String, Object> complete(Class<?> type, Map<String, ?> value) {
        Map<String, Object> options = builder(type, value).complete(given(value)).asMap();
        Object name = value.get(CLASS);
        return options.isEmpty() ? Map.of(CLASS, name) : Map.of(CLASS, name, OPTIONS, options);
    }

    /**
     * Finds the names of a type.
     *
     * @param type the type
     * @return its names; empty if objects of it are given by class alone
     */
    static Optional<NestedNames> names(Class<?> type) {
        return ServiceLoader.load(NestedNames.class, Nested.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .filter(names -> names.type() == type)
                .findFirst();
    }

    /** Finds the names of a type, if a study gives an object of it by name. */
    static Optional<NestedNames> names(Class<?> type, Object value) {
        return value instanceof Map<?, ?> map && map.containsKey(NAME)
                ? names(type)
                : Optional.empty();
    }

    /**
     * Finds the code of an object.
     *
     * @param value what a study writes
     * @return the digest of the jar of its class; empty for what is the suite's or DJL's
     */
    static String code(Map<?, ?> value) {
        return value.get(CLASS) instanceof String name ? Plugins.code(load(name)) : "";
    }

    /** Returns the plug-in of an object: its digest by its name, or nothing. */
    static Map<String, String> plugin(Map<?, ?> value) {
        String code = code(value);
        return code.isEmpty()
                ? Map.of()
                : Map.of(Plugins.origin(load((String) value.get(CLASS))), code);
    }

    private static <T> BuilderOptions<T> builder(Class<T> type, Map<String, ?> value) {
        if (!(value.get(CLASS) instanceof String name)) {
            throw new IllegalArgumentException(
                    "A " + type.getSimpleName() + " is given by class, found " + value + ".");
        }
        for (String key : value.keySet()) {
            if (!key.equals(CLASS) && !key.equals(OPTIONS)) {
                throw new IllegalArgumentException(
                        "Beside class there is only options, found \"" + key + "\".");
            }
        }
        return BuilderOptions.of(load(name, type), type, List.of());
    }

    private static Map<String, ?> given(Map<String, ?> value) {
        Object options = value.get(OPTIONS);
        if (options == null) {
            return Map.of();
        }
        if (!(options instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("Options are a map, found " + options + ".");
        }
        Map<String, Object> read = new LinkedHashMap<>();
        map.forEach((key, one) -> read.put(String.valueOf(key), one));
        return read;
    }

    /**
     * Finds a class without initializing it.
     *
     * @param name its name
     * @param type what it must be
     * @throws IllegalArgumentException if there is none of that name, or it is something else
     */
    static Class<?> load(String name, Class<?> type) {
        Class<?> found = load(name);
        if (BuilderOptions.builds(found, type)) {
            return found;
        }
        if (!type.isAssignableFrom(found)) {
            throw new IllegalArgumentException(
                    "The class " + name + " is no " + type.getName() + ".");
        }
        if (Modifier.isAbstract(found.getModifiers())) {
            throw new IllegalArgumentException(
                    "The class " + name + " is abstract; name one that can be built.");
        }
        return found;
    }

    /**
     * Finds a class without initializing it. One inside another may be written with a dot, too.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    static Class<?> load(String name) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        String binary = name;
        while (true) {
            try {
                return Class.forName(binary, false, loader);
            } catch (ClassNotFoundException e) {
                int dot = binary.lastIndexOf('.');
                boolean inner = dot > 0 && Character.isUpperCase(previous(binary, dot));
                if (!inner) {
                    throw absent(name, e);
                }
                binary = binary.substring(0, dot) + "$" + binary.substring(dot + 1);
            } catch (LinkageError e) {
                throw new IllegalArgumentException(
                        "The class " + name + " cannot be loaded: " + Guarded.words(e) + ".", e);
            }
        }
    }

    /** Returns the first letter of the part in front of a dot. */
    private static char previous(String name, int dot) {
        return name.charAt(name.lastIndexOf('.', dot - 1) + 1);
    }

    private static IllegalArgumentException absent(String name, ClassNotFoundException fault) {
        String message = String.valueOf(fault.getMessage());
        return new IllegalArgumentException(
                message.startsWith("the class ")
                        ? "T" + message.substring(1) + "."
                        : "There is no class "
                                + name
                                + ", neither on the class path nor in a plug-in; give its jar by"
                                + " --plugins.",
                fault);
    }
}
