// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Connects to a cluster. A {@link java.util.ServiceLoader} finds it, so that the suite needs the
 * cluster's libraries only where they are used.
 */
public interface ClusterProvider {

    /**
     * Connects.
     *
     * @param master the cluster's address
     * @param study the name that the cluster shows
     * @param settings how its workers make runs
     * @param files the files of data and networks that the workers need, by whose names they find
     *     them
     * @return the cluster
     * @throws IOException if it cannot be had
     * @throws IllegalArgumentException if its settings do not fit the workers', or two files have
     *     one name
     */
    RunPool connect(String master, String study, WorkerSettings settings, List<Path> files)
            throws IOException;
}
