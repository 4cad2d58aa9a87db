// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import io.github.caadam.plugin.Named;
import java.util.List;

/** Components of the suite that one class describes. A {@link java.util.ServiceLoader} finds it. */
public interface ComponentSet {

    /**
     * Returns the kind of the members.
     *
     * @return the kind
     */
    Kind kind();

    /**
     * Returns the members.
     *
     * @return the members, each with a name of its own
     */
    List<? extends Named> members();

    /**
     * Returns whether a member leaves its name to another component of that name.
     *
     * @return whether it does; else a name taken twice is a fault
     */
    default boolean givesWay() {
        return false;
    }
}
