// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.internal;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads fields of DJL's classes for which they have no getters. Another version of DJL may have
 * others; callers must be able to say so, and never guess.
 *
 * @since 0.1.0
 */
public final class PrivateFields {

    private PrivateFields() {}

    /**
     * Reads a field.
     *
     * @param <T> the type of its value
     * @param object the object
     * @param declaring the class that declares the field
     * @param name the field's name
     * @param type the type of its value
     * @return the value, or empty if the field cannot be read, is null or of another type
     */
    public static <T> Optional<T> read(
            Object object, Class<?> declaring, String name, Class<T> type) {
        try {
            Field field = declaring.getDeclaredField(name);
            field.setAccessible(true);
            return Optional.ofNullable(field.get(object)).filter(type::isInstance).map(type::cast);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns whether a field is known to be null.
     *
     * @param object the object
     * @param declaring the class that declares the field
     * @param name the field's name
     * @return whether it is; not if it cannot be read
     */
    public static boolean isNull(Object object, Class<?> declaring, String name) {
        try {
            Field field = declaring.getDeclaredField(name);
            field.setAccessible(true);
            return field.get(object) == null;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return false;
        }
    }

    /**
     * Writes a field that is not final.
     *
     * @param object the object
     * @param declaring the class that declares the field
     * @param name the field's name
     * @param value its new value
     * @return whether it could be written
     */
    public static boolean write(Object object, Class<?> declaring, String name, Object value) {
        try {
            Field field = declaring.getDeclaredField(name);
            field.setAccessible(true);
            field.set(object, value);
            return true;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return false;
        }
    }

    /**
     * Reads the maps that a class keeps: its fields of one type, whatever they are called.
     *
     * @param <K> the type of the keys
     * @param <V> the type of the values
     * @param object the object
     * @param declaring the class that declares the fields
     * @param typeName the type of the fields, such as {@code java.util.Map<K, V>} with the names of
     *     {@code K} and {@code V} in full
     * @return the maps by the names of their fields, or empty if one cannot be read
     */
    @SuppressWarnings("unchecked") // The declared type of the field was compared.
    public static <K, V> Optional<Map<String, Map<K, V>>> readMaps(
            Object object, Class<?> declaring, String typeName) {
        Map<String, Map<K, V>> maps = new LinkedHashMap<>();
        try {
            for (Field field : declaring.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())
                        && field.getGenericType().getTypeName().equals(typeName)) {
                    field.setAccessible(true);
                    maps.put(field.getName(), (Map<K, V>) field.get(object));
                }
            }
            return maps.containsValue(null) ? Optional.empty() : Optional.of(maps);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return Optional.empty();
        }
    }
}
