// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import java.lang.reflect.Field;
import java.util.Optional;

/**
 * Reads settings of DJL's blocks and losses for which they have no getters. Where that is not
 * possible, such as in another version of DJL, the block is simply not known to the compiler.
 */
final class PrivateFields {

    private PrivateFields() {}

    /** Returns the value of a field, or empty if it cannot be read, is null or of another type. */
    static <T> Optional<T> read(Object object, Class<?> declaring, String name, Class<T> type) {
        try {
            Field field = declaring.getDeclaredField(name);
            field.setAccessible(true);
            return Optional.ofNullable(field.get(object)).filter(type::isInstance).map(type::cast);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return Optional.empty();
        }
    }
}
