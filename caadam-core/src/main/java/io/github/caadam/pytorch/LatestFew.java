// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Keeps the few values that were used latest, by key; what is more is freed.
 *
 * @param <K> the keys
 * @param <V> the values
 */
final class LatestFew<K, V> implements AutoCloseable {

    private static final int KEPT = 4;

    private final Map<K, V> values = new LinkedHashMap<>(KEPT, 0.75f, true);
    private final Consumer<V> free;

    /**
     * Creates it, empty.
     *
     * @param free frees a value
     */
    LatestFew(Consumer<V> free) {
        this.free = free;
    }

    /** Returns a value, or null if it is not kept. */
    V get(K key) {
        return values.get(key);
    }

    /** Keeps a value. */
    void put(K key, V value) {
        values.put(key, value);
        if (values.size() > KEPT) {
            free.accept(values.remove(values.keySet().iterator().next()));
        }
    }

    @Override
    public void close() {
        values.values().forEach(free);
        values.clear();
    }
}
