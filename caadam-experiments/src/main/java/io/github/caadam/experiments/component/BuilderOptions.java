// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.Options;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The options of a class that knows nothing of this suite, found by DJL's own conventions, and how
 * it is built from them. In this order a class is built by
 *
 * <ol>
 *   <li>its public {@code builder()}, or a builder that a class above it offers, as {@code
 *       Optimizer.sgd()} does: {@code optClipGrad(float)} and {@code setClipGrad(float)} are the
 *       option {@code clip-grad}. One by {@code set} is required, unless the builder has a value
 *       for it already. A method {@code optX()} without parameters is a choice of true or false;
 *   <li>its public constructor. Where there are several, that with the most parameters counts, of
 *       those that a study can give. Parameters are options by their names, which a class file has
 *       if it was compiled with {@code -parameters}, and a record always; all are required. Then
 *       come the methods {@code setX} and {@code optX} of the class itself, which are not.
 * </ol>
 *
 * <p>A default is what the builder's field of that name holds. An option at its default is not
 * given to the builder.
 *
 * @param <T> what is built
 */
public final class BuilderOptions<T> {

    private static final Logger logger = LoggerFactory.getLogger(BuilderOptions.class);

    private static final String VERB = "(opt|set)[A-Z].*";
    private static final String OPTIONAL = "opt";

    private final Class<?> type;
    private final Class<T> built;
    private final Optional<Method> newBuilder;
    private final Constructor<?> constructor;
    private final List<Slot> slots;
    private final List<Option<?>> options;

    private BuilderOptions(
            Class<?> type,
            Class<T> built,
            Optional<Method> newBuilder,
            Constructor<?> constructor,
            List<Slot> slots) {
        this.type = type;
        this.built = built;
        this.newBuilder = newBuilder;
        this.constructor = constructor;
        this.slots = slots;
        this.options = slots.stream().filter(Slot::isOpen).<Option<?>>map(Slot::option).toList();
    }

    /**
     * Reads a class.
     *
     * @param type the class, or one whose builder builds what is wanted
     * @param built what is wanted
     * @param supplies what the suite fills in
     * @param <T> what is wanted
     * @return its options
     * @throws IllegalArgumentException if a study cannot build it; the message says what it needs
     */
    public static <T> BuilderOptions<T> of(Class<?> type, Class<T> built, List<Supply> supplies) {
        Optional<Method> newBuilder = newBuilder(type, built);
        if (newBuilder.isPresent()) {
            List<Slot> slots =
                    settled(
                            type,
                            ofMethods(
                                    newBuilder.get().getReturnType(),
                                    method -> true,
                                    supplies,
                                    Optional.of(start(type, newBuilder.get()))));
            return new BuilderOptions<>(type, built, newBuilder, null, slots);
        }
        Constructor<?> constructor = constructor(type, supplies);
        List<Slot> slots = new ArrayList<>(ofParameters(constructor, supplies));
        ofMethods(
                        type,
                        method ->
                                method.getDeclaringClass() == type
                                        || !PluginJar.isShared(
                                                method.getDeclaringClass().getName()),
                        supplies,
                        Optional.empty())
                .stream()
                .filter(slot -> slots.stream().noneMatch(one -> one.name().equals(slot.name())))
                .toList()
                .forEach(slots::add);
        return new BuilderOptions<>(
                type, built, Optional.empty(), constructor, settled(type, slots));
    }

    /** Returns whether a class has a builder of something, though it is not that itself. */
    static boolean builds(Class<?> type, Class<?> built) {
        return newBuilder(type, built).isPresent();
    }

    private static Optional<Method> newBuilder(Class<?> type, Class<?> built) {
        return Stream.concat(
                        methods(type).filter(method -> method.getName().equals("builder")),
                        methods(type)
                                .filter(
                                        method ->
                                                type.equals(
                                                        method.getReturnType()
                                                                .getEnclosingClass())))
                .filter(method -> Modifier.isStatic(method.getModifiers()))
                .filter(method -> method.getParameterCount() == 0)
                .filter(
                        method ->
                                build(method.getReturnType())
                                        .filter(
                                                last ->
                                                        built.isAssignableFrom(
                                                                last.getReturnType()))
                                        .isPresent())
                .findFirst();
    }

    private static Optional<Method> build(Class<?> builder) {
        return methods(builder)
                .filter(method -> method.getName().equals("build"))
                .filter(method -> method.getParameterCount() == 0)
                .findFirst();
    }

    /** Public methods, always in the same order. */
    private static Stream<Method> methods(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> !method.isBridge() && !method.isSynthetic())
                .sorted(Comparator.comparing(Method::getName).thenComparing(Method::toString));
    }

    private static Object start(Class<?> type, Method newBuilder) {
        try {
            newBuilder.setAccessible(true);
            return Objects.requireNonNull(newBuilder.invoke(null), "a builder");
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            throw unbuilt(type, e);
        }
    }

    /** Of several methods of one name, that is taken which takes the most values. */
    private static List<Slot> ofMethods(
            Class<?> type,
            Predicate<Method> counts,
            List<Supply> supplies,
            Optional<Object> builder) {
        Map<String, Slot> byName = new TreeMap<>();
        methods(type)
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .filter(method -> method.getName().matches(VERB))
                .filter(counts)
                .flatMap(method -> ofMethod(method, supplies, builder).stream())
                .forEach(slot -> byName.merge(slot.name(), slot, BuilderOptions::better));
        return List.copyOf(byName.values());
    }

    private static Slot better(Slot one, Slot other) {
        return rank(other) > rank(one) ? other : one;
    }

    private static int rank(Slot slot) {
        boolean given = slot.supply().isPresent() && !slot.supply().get().overridable();
        return given ? Integer.MAX_VALUE : slot.form().map(ValueType::rank).orElse(-1);
    }

    private static Optional<Slot> ofMethod(
            Method method, List<Supply> supplies, Optional<Object> builder) {
        String field = field(method);
        String name = Slot.optionName(field);
        boolean optional = method.getName().startsWith(OPTIONAL);
        boolean bare = method.getParameterCount() == 0;
        if (!Slot.isValid(name) || (bare ? !optional : method.getParameterCount() != 1)) {
            return Optional.empty();
        }
        Type type = bare ? boolean.class : method.getGenericParameterTypes()[0];
        Optional<ValueType> form = ValueType.of(type);
        Optional<Object> held =
                builder.flatMap(one -> initial(one, field))
                        .filter(value -> optional || !isNothing(value));
        Optional<Object> initial =
                bare
                        ? Optional.of(false)
                        : held.flatMap(value -> form.flatMap(one -> write(one, value)));
        return Optional.of(
                new Slot(
                        name,
                        verb(method),
                        type,
                        form,
                        supply(supplies, name, Slot.raw(type)),
                        method,
                        builder.isPresent() && !optional && held.isEmpty(),
                        initial));
    }

    private static Optional<Object> write(ValueType form, Object value) {
        try {
            return form.writer().apply(value);
        } catch (RuntimeException e) {
            return Optional.empty(); // The field is of another type than the method's parameter.
        }
    }

    private static String field(Method method) {
        String rest = method.getName().substring(OPTIONAL.length());
        return rest.substring(0, 1).toLowerCase(Locale.ROOT) + rest.substring(1);
    }

    private static String verb(Method method) {
        return method.getName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    private static Optional<Supply> supply(List<Supply> supplies, String name, Class<?> type) {
        return supplies.stream().filter(one -> one.fits(name, type)).findFirst();
    }

    /** What a builder has from its start; a field of Java's initial value says nothing. */
    private static Optional<Object> initial(Object builder, String name) {
        for (Class<?> type = builder.getClass(); type != null; type = type.getSuperclass()) {
            try {
                Field field = type.getDeclaredField(name);
                field.setAccessible(true);
                return Optional.ofNullable(field.get(builder));
            } catch (NoSuchFieldException e) {
                logger.trace("{} has no field {}.", type, name);
            } catch (ReflectiveOperationException | RuntimeException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static boolean isNothing(Object value) {
        return (value instanceof Number number && number.doubleValue() == 0)
                || Boolean.FALSE.equals(value)
                || "".equals(value);
    }

    private static Constructor<?> constructor(Class<?> type, List<Supply> supplies) {
        List<Constructor<?>> all = List.of(type.getConstructors());
        List<Constructor<?>> possible =
                all.stream()
                        .filter(
                                one ->
                                        ofParameters(one, supplies).stream()
                                                .allMatch(BuilderOptions::canBeGiven))
                        .sorted(
                                Comparator.<Constructor<?>>comparingInt(
                                                Constructor::getParameterCount)
                                        .reversed())
                        .toList();
        if (possible.isEmpty()) {
            throw new IllegalArgumentException(
                    "The class "
                            + type.getName()
                            + " cannot be built from options: "
                            + (all.isEmpty()
                                    ? "it has neither a public builder() nor a public constructor."
                                    : whyNot(all.get(0), supplies)));
        }
        if (possible.size() > 1
                && possible.get(0).getParameterCount() == possible.get(1).getParameterCount()) {
            throw new IllegalArgumentException(
                    "The class "
                            + type.getName()
                            + " has several constructors that could be meant, "
                            + possible.get(0)
                            + " and "
                            + possible.get(1)
                            + "; give it a public static builder().");
        }
        return possible.get(0);
    }

    private static boolean canBeGiven(Slot slot) {
        return slot.supply().isPresent() || (slot.form().isPresent() && Slot.isValid(slot.name()));
    }

    private static String whyNot(Constructor<?> constructor, List<Supply> supplies) {
        Slot slot =
                ofParameters(constructor, supplies).stream()
                        .filter(one -> !canBeGiven(one))
                        .findFirst()
                        .orElseThrow();
        if (slot.form().isEmpty()) {
            return "a study has no words for the "
                    + Slot.raw(slot.type()).getName()
                    + " of its constructor. Give it a public static builder() with options that are"
                    + " numbers, texts, choices, files, lists or classes.";
        }
        return "the parameters of its constructor have no names. Compile it with -parameters, or"
                + " give it a public static builder().";
    }

    private static List<Slot> ofParameters(Constructor<?> constructor, List<Supply> supplies) {
        Parameter[] parameters = constructor.getParameters();
        List<Slot> slots = new ArrayList<>();
        for (int i = 0; i < parameters.length; i++) {
            String name = parameterName(constructor, parameters, i);
            Type type = parameters[i].getParameterizedType();
            slots.add(
                    new Slot(
                            name,
                            "the constructor",
                            type,
                            ValueType.of(type),
                            supply(supplies, name, Slot.raw(type)),
                            null,
                            true,
                            Optional.empty()));
        }
        return slots;
    }

    private static String parameterName(
            Constructor<?> constructor, Parameter[] parameters, int index) {
        if (parameters[index].isNamePresent()) {
            return Slot.optionName(parameters[index].getName());
        }
        RecordComponent[] components = constructor.getDeclaringClass().getRecordComponents();
        boolean canonical =
                components != null
                        && Arrays.equals(
                                Arrays.stream(components).map(RecordComponent::getType).toArray(),
                                constructor.getParameterTypes());
        return canonical ? Slot.optionName(components[index].getName()) : "";
    }

    /** Leaves out what a study cannot give and need not. */
    private static List<Slot> settled(Class<?> type, List<Slot> slots) {
        List<Slot> settled = new ArrayList<>();
        for (Slot slot : slots) {
            if (slot.supply().isPresent() || slot.form().isPresent()) {
                settled.add(slot);
            } else if (slot.required()) {
                throw new IllegalArgumentException(
                        "The class "
                                + type.getName()
                                + " cannot be built from options: it requires "
                                + slot.verb()
                                + ", and a study has no words for that. Name it opt…, with a"
                                + " default, or take a number, a text, a choice, a file, a list or"
                                + " a class.");
            }
        }
        return List.copyOf(settled);
    }

    /**
     * Returns what a study may give.
     *
     * @return the options
     */
    public List<Option<?>> options() {
        return options;
    }

    /**
     * Returns whether the suite fills something in.
     *
     * @param key the key of a supply
     * @return whether a parameter takes it
     */
    public boolean takes(String key) {
        return slots.stream()
                .anyMatch(slot -> slot.supply().filter(one -> one.key().equals(key)).isPresent());
    }

    /**
     * Resolves options.
     *
     * @param given what a study gives
     * @return the options
     * @throws IllegalArgumentException if one is unknown, missing or not allowed
     */
    public Options complete(Map<String, ?> given) {
        return complete(Options.of(options, given));
    }

    /**
     * Checks options, and resolves those of components within.
     *
     * @param values the options, which may be of a longer list than these
     * @return the options
     * @throws IllegalArgumentException if one is not allowed
     */
    public Options complete(Options values) {
        Map<String, Object> changes = new HashMap<>();
        Map<String, Object> all = values.asMap();
        slots.stream()
                .filter(Slot::isOpen)
                .filter(slot -> all.containsKey(slot.name()))
                .forEach(slot -> changes.putAll(slot.complete(all)));
        return values.with(changes);
    }

    /**
     * Builds an object.
     *
     * @param values the options, complete
     * @param supplied what the suite fills in, by the keys of the supplies
     * @return a new object
     * @throws IllegalArgumentException if the class refuses the values
     * @throws IllegalStateException if it cannot be built
     */
    public T build(Options values, Map<String, ?> supplied) {
        try {
            Map<String, Object> given = values.asMap();
            Object target =
                    newBuilder.isPresent()
                            ? start(type, newBuilder.get())
                            : construct(given, supplied);
            for (Slot slot : slots) {
                if (slot.method() != null) {
                    apply(slot, target, slot.value(given, supplied));
                }
            }
            if (newBuilder.isEmpty()) {
                return built.cast(target);
            }
            Method last = build(newBuilder.get().getReturnType()).orElseThrow();
            last.setAccessible(true);
            return built.cast(Objects.requireNonNull(last.invoke(target), "what build() returns"));
        } catch (InvocationTargetException e) {
            throw unbuilt(type, e.getCause());
        } catch (ReflectiveOperationException | NullPointerException | ClassCastException e) {
            throw unbuilt(type, e);
        }
    }

    private static void apply(Slot slot, Object target, Optional<Object> value)
            throws ReflectiveOperationException {
        if (value.isEmpty()) {
            return;
        }
        slot.method().setAccessible(true);
        if (slot.method().getParameterCount() == 1) {
            slot.method().invoke(target, value.get());
        } else if (value.get().equals(true)) {
            slot.method().invoke(target);
        }
    }

    private Object construct(Map<String, Object> given, Map<String, ?> supplied)
            throws ReflectiveOperationException {
        List<Object> arguments = new ArrayList<>();
        for (Slot slot : slots) {
            if (slot.method() == null) {
                arguments.add(
                        slot.value(given, supplied)
                                .orElseThrow(
                                        () ->
                                                new IllegalArgumentException(
                                                        "The class "
                                                                + type.getName()
                                                                + " needs \""
                                                                + slot.name()
                                                                + "\".")));
            }
        }
        constructor.setAccessible(true);
        return constructor.newInstance(arguments.toArray());
    }

    private static RuntimeException unbuilt(Class<?> type, Throwable thrown) {
        Throwable cause = thrown instanceof InvocationTargetException e ? e.getCause() : thrown;
        String message =
                "The class " + type.getName() + " cannot be built: " + Guarded.words(cause) + ".";
        if (cause instanceof IllegalArgumentException own && own.getMessage() != null) {
            return new IllegalArgumentException(
                    "The class " + type.getName() + " refuses its options: " + own.getMessage(),
                    own);
        }
        return new IllegalStateException(message, cause);
    }

    /** Returns the class and its options. */
    @Override
    public String toString() {
        Function<Option<?>, String> text = Option::toString;
        return type.getName()
                + options.stream().map(text).collect(Collectors.joining("; ", " (", ")"));
    }
}
