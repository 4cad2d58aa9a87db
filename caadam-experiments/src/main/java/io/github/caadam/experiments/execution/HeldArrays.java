// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import ai.djl.ndarray.NDArray;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the arrays that an object holds, in its fields and the collections in them. */
final class HeldArrays {

    private HeldArrays() {}

    /** Returns the arrays that are not released. */
    static List<NDArray> of(Object holder) {
        List<NDArray> held = new ArrayList<>();
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> open = new ArrayDeque<>(fields(holder));
        while (!open.isEmpty()) {
            Object one = open.pop();
            if (!seen.add(one)) {
                continue;
            }
            if (one instanceof NDArray array) {
                if (!array.isReleased()) {
                    held.add(array);
                }
            } else if (one instanceof Map<?, ?> map) {
                push(map.values(), open);
            } else if (one instanceof Collection<?> all) {
                push(all, open);
            } else if (one instanceof Object[] all) {
                push(Arrays.asList(all), open);
            }
        }
        return held;
    }

    private static void push(Collection<?> all, Deque<Object> open) {
        all.stream().filter(one -> one != null).forEach(open::push);
    }

    private static List<Object> fields(Object holder) {
        List<Object> values = new ArrayList<>();
        for (Class<?> type = holder.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                    Object value = value(field, holder);
                    if (value != null) {
                        values.add(value);
                    }
                }
            }
        }
        return values;
    }

    private static Object value(Field field, Object holder) {
        try {
            field.setAccessible(true);
            return field.get(holder);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null; // Java's own fields are closed.
        }
    }
}
