// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.plugin;

import java.util.List;

/**
 * Something that a study can name. Implementations have a public constructor without parameters and
 * no state.
 *
 * @since 0.1.0
 */
public interface Named {

    /**
     * Returns the name that studies use, such as {@code sign-momentum}: lower case, digits and
     * {@code -}, with {@code :} between parts.
     *
     * @return the name
     */
    String name();

    /**
     * Returns one line that says what it is.
     *
     * @return the description
     */
    String description();

    /**
     * Returns the options that a study may give.
     *
     * @return the options; a study that gives another one is refused
     */
    default List<Option<?>> options() {
        return List.of();
    }

    /**
     * Fills in options whose defaults depend on others, and checks that the options go together.
     *
     * @param options the options, each with its own default where the study gives none
     * @return the same with what was missing
     * @throws IllegalArgumentException if they do not go together; the message says why
     */
    default Options complete(Options options) {
        return options;
    }
}
