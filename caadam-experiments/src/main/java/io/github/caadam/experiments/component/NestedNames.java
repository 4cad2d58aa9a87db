// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import java.util.List;
import java.util.Map;

/**
 * Names of objects that components are made of: where a class takes an object of the type, a study
 * may write a name, or {@code name} and {@code options}, in place of {@code class}. A {@link
 * java.util.ServiceLoader} finds them.
 */
public interface NestedNames {

    /**
     * Returns what is named.
     *
     * @return the type, such as {@link io.github.caadam.scaling.ScalingStrategy}
     */
    Class<?> type();

    /**
     * Returns the names.
     *
     * @return the names, in the order in which they are listed
     */
    List<String> names();

    /**
     * Checks an object.
     *
     * @param option the name of the option whose value it is, a map with a name in it
     * @param all the values of all options of the component
     * @return the options whose values follow from it, with these values; that of the object may be
     *     one of them
     * @throws IllegalArgumentException if there is none of that name, or its options are not
     *     allowed
     */
    Map<String, Object> complete(String option, Map<String, Object> all);

    /**
     * Builds an object.
     *
     * @param value {@code name}, and {@code options} where there are some; checked
     * @param seed the seed of the run
     * @return a new object of the type
     */
    Object build(Map<String, Object> value, int seed);
}
