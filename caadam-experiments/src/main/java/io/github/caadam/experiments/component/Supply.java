// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import java.util.Set;

/**
 * A parameter of a class that the suite fills in, not the study: by its type, such as the network
 * that an optimizer is to train, or by its name, such as the number of outputs.
 *
 * @param key by which {@link BuilderOptions#build} is given the value
 * @param types the types of the parameter
 * @param names the names of its option; for a type that may occur several times, which one is
 *     meant; empty for any
 * @param overridable whether a study may give it all the same
 */
public record Supply(String key, Set<Class<?>> types, Set<String> names, boolean overridable) {

    /**
     * Fills in what has one of several types, which no study can give.
     *
     * @param key the key
     * @param types the types
     * @return the supply
     */
    public static Supply ofType(String key, Class<?>... types) {
        return new Supply(key, Set.of(types), Set.of(), false);
    }

    /**
     * Fills in what has one of several names and types, unless the study gives it.
     *
     * @param key the key
     * @param names the names
     * @param types the types
     * @return the supply
     */
    public static Supply named(String key, Set<String> names, Class<?>... types) {
        return new Supply(key, Set.of(types), names, true);
    }

    boolean fits(String name, Class<?> type) {
        return types.contains(type) && (names.isEmpty() || names.contains(name));
    }
}
