// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report;

import io.github.caadam.experiments.analysis.RunGroup;
import java.util.List;

/**
 * Tables that not every study has. A {@link java.util.ServiceLoader} finds it.
 *
 * @since 0.1.0
 */
public interface FurtherTables {

    /**
     * Makes the tables of a group of runs.
     *
     * @param group the runs
     * @param suffix what is added to file names, empty where there is one group only
     * @return the tables; none where the runs do not allow them
     */
    List<ResultTable> of(RunGroup group, String suffix);
}
