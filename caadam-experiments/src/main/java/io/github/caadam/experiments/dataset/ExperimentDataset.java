// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import io.github.caadam.plugin.DataContext;
import io.github.caadam.plugin.DataSource;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.Options;
import io.github.caadam.plugin.Task;
import java.io.IOException;

/** A data set without options. */
public interface ExperimentDataset extends DataSource {

    /**
     * Returns the kind of problem.
     *
     * @return the task
     */
    Task task();

    /**
     * Loads the data set.
     *
     * @param context where to look and where to keep a download
     * @return the data
     * @throws IOException if the data can be neither found nor downloaded, or a file is truncated
     *     or altered; the message says which file to put where, or the expected and found digest
     */
    default DataSplit load(DataContext context) throws IOException {
        return load(context, Options.NONE);
    }
}
