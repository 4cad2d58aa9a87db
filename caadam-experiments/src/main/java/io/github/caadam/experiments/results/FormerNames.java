// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import java.util.Map;

/**
 * What files of runs of elsewhere call data sets. A {@link java.util.ServiceLoader} finds it.
 *
 * @since 0.1.0
 */
public interface FormerNames {

    /**
     * Returns the names.
     *
     * @return what a data set is called here, by what it is called there
     */
    Map<String, String> datasets();
}
