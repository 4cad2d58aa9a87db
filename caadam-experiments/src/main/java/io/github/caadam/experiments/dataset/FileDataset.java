package io.github.caadam.experiments.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A data set that consists of files. */
public interface FileDataset extends ExperimentDataset {

    /**
     * Finds the file that {@link #load} would read, without reading it.
     *
     * @param directories where to look
     * @return the file, or empty if there is none
     */
    Optional<Path> locate(DataDirectories directories);

    /**
     * Downloads the data set into the cache unless it is found.
     *
     * @param directories where to look and where to keep the download
     * @return the file that was found or downloaded
     * @throws IOException if it can be neither found nor downloaded; the message says which file to
     *     put where
     */
    Path fetch(DataDirectories directories) throws IOException;
}
