// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Makes equal values one object. A store of a hundred thousand runs repeats a few names and places;
 * kept by each run, they would take most of the memory. Safe for use by several threads.
 *
 * @param <T> what the values are; immutable
 */
final class Shared<T> {

    private static final int MOST = 10_000;

    private final Map<T, T> known = new ConcurrentHashMap<>();

    /**
     * Returns the object that stands for a value.
     *
     * @param value the value
     * @param check refuses values; not asked again about one that is known
     * @return an equal object
     * @throws NullPointerException if the value is null
     */
    T one(T value, Consumer<T> check) {
        T first = known.get(value);
        if (first != null) {
            return first;
        }
        check.accept(value);
        if (known.size() >= MOST) {
            known.clear();
        }
        T other = known.putIfAbsent(value, value);
        return other == null ? value : other;
    }
}
