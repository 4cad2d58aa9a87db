// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A place that a data set can be downloaded from. */
public interface RemoteSource {

    /**
     * Returns where it is, for messages.
     *
     * @return the address
     */
    URI uri();

    /**
     * Downloads the data set. It appears under its name only when it is complete and verified;
     * whatever happens, nothing else is left behind.
     *
     * @param directory where to keep it; created if missing
     * @return the file or folder
     * @throws FileSystemException if it cannot be kept, for want of space or of permission; its
     *     reason says why
     * @throws IOException if it cannot be downloaded, or is not what it should be
     */
    Path download(Path directory) throws IOException;
}
