// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import ai.djl.ndarray.types.Shape;
import io.github.caadam.plugin.Option;
import java.io.File;
import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * How the values of a Java type are written in a study. Numbers, booleans, texts, constants, files,
 * durations, shapes, arrays and lists of these have a form of their own; an object of another type
 * is a component, of a class by the same conventions.
 *
 * @param option makes the option, of a name and a description
 * @param reader turns a value as a study writes it into the type's; throws
 *     IllegalArgumentException, or ReflectiveOperationException where it builds a component
 * @param writer turns a value of the type into one as a study writes it, where that is possible
 * @param rank which of two methods of one name is taken: that of the higher rank
 */
record ValueType(
        BiFunction<String, String, Option<?>> option,
        Reader reader,
        Function<Object, Optional<Object>> writer,
        int rank) {

    /** Turns a value into one of Java. */
    @FunctionalInterface
    interface Reader {
        /**
         * Turns it.
         *
         * @throws ReflectiveOperationException if a component cannot be built
         */
        Object read(Object plain) throws ReflectiveOperationException;
    }

    private static final int WIDEST = 9;

    private static final Set<Class<?>> COLLECTIONS =
            Set.of(List.class, Collection.class, Iterable.class);

    /**
     * Finds the form of a type.
     *
     * @param type the type of a parameter
     * @return the form; empty if a study cannot give such a value
     */
    static Optional<ValueType> of(Type type) {
        if (type instanceof ParameterizedType generic
                && generic.getRawType() instanceof Class<?> raw) {
            return ofGeneric(raw, generic.getActualTypeArguments());
        }
        if (type instanceof GenericArrayType || !(type instanceof Class<?> simple)) {
            return Optional.empty();
        }
        if (simple.isArray()) {
            return ofMany(
                    simple.getComponentType(), all -> toArray(simple.getComponentType(), all));
        }
        return ofNumber(simple)
                .or(() -> ofScalar(simple))
                .or(() -> simple.isEnum() ? Optional.of(ofEnum(simple)) : Optional.empty())
                .or(() -> ofComponent(simple));
    }

    private static Optional<ValueType> ofGeneric(Class<?> raw, Type[] arguments) {
        if (COLLECTIONS.contains(raw)
                && arguments.length == 1
                && arguments[0] instanceof Class<?> element) {
            return ofMany(element, all -> all);
        }
        if (raw == Set.class && arguments[0] instanceof Class<?> element) {
            return ofMany(element, LinkedHashSet::new);
        }
        if (raw == Map.class && Arrays.equals(arguments, new Type[] {String.class, String.class})) {
            return Optional.of(new ValueType(Option::textMap, plain -> plain, Optional::of, 0));
        }
        return ofComponent(raw);
    }

    private static Optional<ValueType> ofNumber(Class<?> type) {
        if (type == double.class || type == Double.class) {
            return number(WIDEST, Number::doubleValue);
        }
        if (type == float.class || type == Float.class) {
            return number(WIDEST - 1, Number::floatValue);
        }
        if (type == long.class || type == Long.class) {
            return whole(WIDEST - 2, Number::longValue);
        }
        if (type == int.class || type == Integer.class) {
            return whole(WIDEST - 3, Number::intValue);
        }
        if (type == short.class || type == Short.class) {
            return whole(WIDEST - 4, Number::shortValue);
        }
        return type == byte.class || type == Byte.class
                ? whole(WIDEST - 5, Number::byteValue)
                : Optional.empty();
    }

    private static Optional<ValueType> number(int rank, Function<Number, Object> narrow) {
        return Optional.of(
                new ValueType(
                        Option::number,
                        plain -> narrow.apply((Number) plain),
                        ValueType::plainNumber,
                        rank));
    }

    private static Optional<ValueType> whole(int rank, Function<Number, Object> narrow) {
        return Optional.of(
                new ValueType(
                        Option::whole,
                        plain -> exact((Number) plain, narrow),
                        ValueType::plainWhole,
                        rank));
    }

    private static Object exact(Number plain, Function<Number, Object> narrow) {
        Object narrowed = narrow.apply(plain);
        if (((Number) narrowed).doubleValue() != plain.doubleValue()) {
            throw new IllegalArgumentException(
                    plain + " is no value of " + narrowed.getClass().getSimpleName() + ".");
        }
        return narrowed;
    }

    /** A float's shortest text is what its author wrote. */
    private static Optional<Object> plainNumber(Object value) {
        double number = Double.parseDouble(value.toString());
        return Double.isFinite(number) ? Optional.of(number) : Optional.empty();
    }

    private static Optional<Object> plainWhole(Object value) {
        long number = ((Number) value).longValue();
        return number == (int) number ? Optional.of((int) number) : Optional.empty();
    }

    private static Optional<ValueType> ofScalar(Class<?> type) {
        if (type == boolean.class || type == Boolean.class) {
            return Optional.of(new ValueType(Option::flag, plain -> plain, Optional::of, 0));
        }
        if (type == String.class || type == CharSequence.class) {
            return Optional.of(
                    new ValueType(
                            Option::text,
                            plain -> plain,
                            value -> Optional.of(value.toString()),
                            0));
        }
        if (type == Path.class) {
            return Optional.of(file(Path::of));
        }
        if (type == File.class) {
            return Optional.of(file(File::new));
        }
        if (type == Duration.class) {
            return Optional.of(
                    new ValueType(
                            (name, description) ->
                                    Option.text(name, description + ", such as PT30S"),
                            ValueType::duration,
                            value -> Optional.of(value.toString()),
                            0));
        }
        if (type == Shape.class) {
            return ofMany(long.class, all -> new Shape(longs(all)))
                    .map(
                            many ->
                                    new ValueType(
                                            many.option,
                                            many.reader,
                                            value -> many.writer.apply(((Shape) value).getShape()),
                                            0));
        }
        return Optional.empty();
    }

    private static ValueType file(Function<String, Object> reader) {
        return new ValueType(
                Option::file, plain -> reader.apply((String) plain), value -> Optional.empty(), 1);
    }

    private static Object duration(Object plain) {
        try {
            return Duration.parse((String) plain);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "\"" + plain + "\" is no duration; half a minute is PT30S.", e);
        }
    }

    private static long[] longs(List<Object> all) {
        return all.stream().mapToLong(one -> (Long) one).toArray();
    }

    private static ValueType ofEnum(Class<?> type) {
        List<Object> constants = List.of(type.getEnumConstants());
        List<String> words =
                constants.stream().map(constant -> Option.word((Enum<?>) constant)).toList();
        return new ValueType(
                (name, description) -> Option.choice(name, description, words),
                plain -> constants.get(words.indexOf((String) plain)),
                value -> Optional.of(Option.word((Enum<?>) value)),
                0);
    }

    private static Optional<ValueType> ofMany(
            Class<?> element, Function<List<Object>, Object> collect) {
        Optional<ValueType> one = ofNumber(element);
        boolean texts = element == String.class;
        if (one.isEmpty() && !texts) {
            return Optional.empty();
        }
        Reader reader = texts ? plain -> plain : one.get().reader;
        return Optional.of(
                new ValueType(
                        texts ? Option::texts : Option::numbers,
                        plain -> collect.apply(readAll((List<?>) plain, reader)),
                        value -> writeAll(value, texts ? Optional::of : ValueType::plainNumber),
                        0));
    }

    private static List<Object> readAll(List<?> plain, Reader reader)
            throws ReflectiveOperationException {
        List<Object> all = new ArrayList<>();
        for (Object one : plain) {
            all.add(reader.read(one));
        }
        return all;
    }

    private static Optional<Object> writeAll(
            Object value, Function<Object, Optional<Object>> writer) {
        List<Object> all = new ArrayList<>();
        if (value.getClass().isArray()) {
            IntStream.range(0, Array.getLength(value)).forEach(i -> all.add(Array.get(value, i)));
        } else {
            ((Iterable<?>) value).forEach(all::add);
        }
        if (all.contains(null)) {
            return Optional.empty();
        }
        List<Object> written = all.stream().map(writer).flatMap(Optional::stream).toList();
        return written.size() == all.size() ? Optional.of(written) : Optional.empty();
    }

    private static Object toArray(Class<?> element, List<Object> all) {
        Object array = Array.newInstance(element, all.size());
        for (int i = 0; i < all.size(); i++) {
            Array.set(array, i, all.get(i));
        }
        return array;
    }

    /** What Java itself brings, such as functions and streams, a study has no words for. */
    private static Optional<ValueType> ofComponent(Class<?> type) {
        return type.isPrimitive() || type.getName().startsWith("java")
                ? Optional.empty()
                : Optional.of(
                        new ValueType(
                                (name, description) ->
                                        Option.component(name, description + ", " + words(type)),
                                plain -> Nested.build(type, asMap(plain)),
                                value -> Optional.empty(),
                                0));
    }

    private static String words(Class<?> type) {
        return Nested.names(type)
                        .map(names -> String.join(", ", names.names()) + ", or a class of ")
                        .orElse("")
                + type.getName();
    }

    @SuppressWarnings("unchecked") // Option.component has no other values.
    private static Map<String, Object> asMap(Object plain) {
        return (Map<String, Object>) plain;
    }
}
