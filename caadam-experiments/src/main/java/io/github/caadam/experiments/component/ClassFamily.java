// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import io.github.caadam.plugin.Named;

/**
 * Classes of DJL that a study can name by {@code class}, as components of a kind. A {@link
 * java.util.ServiceLoader} finds the families.
 */
public interface ClassFamily {

    /**
     * Returns the kind of the components.
     *
     * @return the kind
     */
    Kind kind();

    /**
     * Returns what the classes are, or build.
     *
     * @return the type, such as {@link ai.djl.training.optimizer.Optimizer}
     */
    Class<?> type();

    /**
     * Returns the component of a class.
     *
     * @param found a class that can be built, and is of that type or whose builder builds one
     * @return the component, whose name is that of the class
     * @throws IllegalArgumentException if a study cannot build it; the message says what it needs
     */
    Named of(Class<?> found);
}
