// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import io.github.caadam.experiments.analysis.RunGroup;
import java.util.List;

/**
 * Figures that not every study has. A {@link java.util.ServiceLoader} finds it.
 *
 * @since 0.1.0
 */
public interface FurtherFigures {

    /**
     * Makes the figures of a group of runs.
     *
     * @param group the runs
     * @return the figures; none where the runs do not allow them
     */
    List<Figure> of(RunGroup group);
}
