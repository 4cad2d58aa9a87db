// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import io.github.caadam.plugin.Named;
import io.github.caadam.plugin.Options;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The components that are classes: those that implement the interface of their kind, and those of
 * DJL's own types. A class is not initialized before it is known to be of the right kind.
 */
final class ClassComponents {

    private final List<ClassFamily> families = new ArrayList<>();

    ClassComponents() {
        ServiceLoader.load(ClassFamily.class).forEach(families::add);
    }

    /**
     * Finds what a class stands for.
     *
     * @throws IllegalArgumentException if there is none of that name, it is of another kind or
     *     cannot be built; the message says which
     */
    Catalog.Entry open(Kind kind, String name) {
        Class<?> found = Nested.load(name);
        Named factory =
                Plugins.code(found).isEmpty()
                        ? factory(kind, found)
                        : Guarded.call("The class " + name, () -> factory(kind, found));
        return new Catalog.Entry(factory, Plugins.origin(found), Plugins.code(found));
    }

    /** Says what a class would be in a study; empty for what is no component. */
    Optional<Kind> kindOf(Class<?> found) {
        if (Modifier.isAbstract(found.getModifiers()) || !Modifier.isPublic(found.getModifiers())) {
            return Optional.empty();
        }
        return Arrays.stream(Kind.values())
                .filter(
                        kind ->
                                kind.factory().isAssignableFrom(found)
                                        || families.stream()
                                                .anyMatch(
                                                        family ->
                                                                family.kind() == kind
                                                                        && family.type()
                                                                                .isAssignableFrom(
                                                                                        found)))
                .findFirst();
    }

    private Named factory(Kind kind, Class<?> found) {
        if (kind.factory().isAssignableFrom(found)) {
            requireConcrete(found);
            return (Named)
                    BuilderOptions.of(found, kind.factory(), List.of())
                            .build(Options.NONE, Map.of());
        }
        for (ClassFamily family : families) {
            if (family.kind() == kind) {
                if (BuilderOptions.builds(found, family.type())) {
                    return family.of(found);
                }
                if (family.type().isAssignableFrom(found)) {
                    requireConcrete(found);
                    return family.of(found);
                }
            }
        }
        throw new IllegalArgumentException(
                "The class "
                        + found.getName()
                        + " is not "
                        + kind.noun()
                        + "; it would be a "
                        + Stream.concat(
                                        families.stream()
                                                .filter(family -> family.kind() == kind)
                                                .map(ClassFamily::type),
                                        Stream.of(kind.factory()))
                                .map(Class::getName)
                                .collect(Collectors.joining(" or a "))
                        + ".");
    }

    private static void requireConcrete(Class<?> found) {
        if (Modifier.isAbstract(found.getModifiers())) {
            throw new IllegalArgumentException(
                    "The class " + found.getName() + " is abstract; name one that can be built.");
        }
    }
}
