// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import io.github.caadam.plugin.DataContext;
import io.github.caadam.plugin.DataSource;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A data set without options that consists of files, which can be downloaded. */
public interface FileDataset extends DataSource {

    /**
     * Finds the file or directory that {@link #load(DataContext)} would read, without reading it.
     *
     * @param directories where to look
     * @return the file or directory, or empty if there is none
     */
    Optional<Path> locate(DataContext directories);

    /**
     * Lists the files that {@link #load(DataContext)} would read, for shipping them elsewhere: put
     * together into one directory, they are found there.
     *
     * @param directories where to look
     * @return the files; none if the data set is not found
     */
    default List<Path> files(DataContext directories) {
        return locate(directories).stream().toList();
    }

    /**
     * Downloads the data set into the cache unless it is found.
     *
     * @param directories where to look and where to keep the download
     * @return the file or directory that was found or downloaded
     * @throws IOException if it can be neither found nor downloaded; the message says which file to
     *     put where
     */
    Path fetch(DataContext directories) throws IOException;

    /**
     * Returns how much {@link #fetch} downloads.
     *
     * @return megabytes, about, 1 or more
     */
    int downloadMegabytes();

    /**
     * Loads the data set.
     *
     * @param directories where to look and where to keep a download
     * @return the data
     * @throws IOException if the data can be neither found nor downloaded, or a file is truncated
     *     or altered; the message says which file to put where, or the expected and found digest
     */
    default DataSplit load(DataContext directories) throws IOException {
        return load(directories, Options.NONE);
    }
}
