// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import java.io.IOException;

/** A data set that a study can name. */
public interface ExperimentDataset {

    /**
     * Returns the name that studies and the command line use, such as {@code california-housing}.
     *
     * @return the name
     */
    String name();

    /**
     * Returns one line that says what the data set is.
     *
     * @return the description
     */
    String description();

    /**
     * Returns the kind of problem.
     *
     * @return the task
     */
    Task task();

    /**
     * Loads, splits and preprocesses the data set. A set that consists of files looks for them in
     * the directories given and downloads them where they are missing.
     *
     * @param directories where to look and where to keep a download
     * @return the data
     * @throws IOException if the data can be neither found nor downloaded, or a file is truncated
     *     or altered; the message says which file to put where, or the expected and found digest
     */
    TrainTestData load(DataDirectories directories) throws IOException;
}
