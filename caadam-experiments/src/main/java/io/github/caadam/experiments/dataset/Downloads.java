// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import ai.djl.util.Utils;
import io.github.caadam.plugin.DataContext;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Downloads a data set from the first of several places that has it. */
public final class Downloads {

    private Downloads() {}

    /**
     * Downloads a data set into the cache, unless DJL is told to stay offline.
     *
     * @param what the data set, for messages
     * @param sources where it can be had, in order
     * @param directories where it was looked for, and the cache
     * @param accepted what a user may put into a directory instead, such as "the file x.tgz"
     * @return the file or folder
     * @throws IOException if no source has it, or it cannot be kept; the message says what to do
     */
    public static Path fetch(
            String what,
            List<? extends RemoteSource> sources,
            DataContext directories,
            String accepted)
            throws IOException {
        String missing = what + " was not found in " + directories.searchPath();
        String remedy =
                ". Put "
                        + accepted
                        + " into "
                        + directories.cache()
                        + ", or name its directory with --data-dir or CAADAM_DATA_DIR.";
        if (Utils.isOfflineMode()) {
            throw new IOException(
                    missing
                            + " and is not downloaded, as DJL_OFFLINE or ai.djl.offline is set"
                            + remedy);
        }
        List<String> failures = new ArrayList<>();
        for (RemoteSource source : sources) {
            try {
                return source.download(directories.cache());
            } catch (FileSystemException e) {
                throw new IOException(
                        missing
                                + " and a download cannot be kept in "
                                + directories.cache()
                                + " ("
                                + e.getReason()
                                + ")"
                                + remedy,
                        e);
            } catch (IOException e) {
                failures.add(source.uri() + " (" + reason(e) + ")");
            }
        }
        throw new IOException(
                missing
                        + " and could not be downloaded from "
                        + String.join(" or ", failures)
                        + remedy);
    }

    private static String reason(IOException e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    }
}
