// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.internal;

import java.lang.reflect.Field;
import java.util.Optional;

/**
 * Reads what DJL's classes keep in fields without a getter. Where that is not possible, such as in
 * another version of DJL, nothing is guessed.
 */
public final class PrivateFields {

    private PrivateFields() {}

    /**
     * Reads a field.
     *
     * @param <T> the type of the value
     * @param object the object
     * @param declaring the class that declares the field
     * @param name the field
     * @param type the type of the value
     * @return the value; empty if it cannot be read, is null or of another type
     */
    public static <T> Optional<T> read(
            Object object, Class<?> declaring, String name, Class<T> type) {
        try {
            return Optional.ofNullable(field(declaring, name).get(object))
                    .filter(type::isInstance)
                    .map(type::cast);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns whether a field is known to be null.
     *
     * @param object the object
     * @param declaring the class that declares the field
     * @param name the field
     * @return whether it is; not if it cannot be read
     */
    public static boolean isNull(Object object, Class<?> declaring, String name) {
        try {
            return field(declaring, name).get(object) == null;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return false;
        }
    }

    private static Field field(Class<?> declaring, String name) throws NoSuchFieldException {
        Field field = declaring.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }
}
