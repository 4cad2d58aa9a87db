// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report;

import io.github.caadam.experiments.analysis.RunGroup;
import java.util.Optional;

/**
 * The numbers of a publication, which runs can be held against. A {@link java.util.ServiceLoader}
 * finds it.
 *
 * @since 0.1.0
 */
public interface PublishedNumbers {

    /**
     * Returns the name of the publication.
     *
     * @return the name
     */
    String name();

    /**
     * Returns what there are numbers of, for the message that runs have none.
     *
     * @return networks and data sets, in words
     */
    String scope();

    /**
     * Holds runs against the numbers.
     *
     * @param group the runs
     * @param suffix what is added to file names, empty where there is one group only
     * @return the comparison; empty if no number is of what was run
     */
    Optional<PublishedComparison> compare(RunGroup group, String suffix);
}
