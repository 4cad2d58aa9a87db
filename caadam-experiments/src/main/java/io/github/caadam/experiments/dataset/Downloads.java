package io.github.caadam.experiments.dataset;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Downloads a file from the first of several places that has it. */
final class Downloads {

    private Downloads() {}

    /**
     * Downloads a file into the cache.
     *
     * @param what the data set, for messages
     * @param sources where the file can be had, in order
     * @param directories where it was looked for, and the cache
     * @param accepted what a user may put into a directory instead
     * @return the file
     * @throws IOException if no source has it, or it cannot be kept; the message says what to do
     */
    static Path fetch(
            String what,
            List<RemoteFile> sources,
            DataDirectories directories,
            List<String> accepted)
            throws IOException {
        String remedy =
                "Put "
                        + (accepted.size() == 1 ? "" : "one of ")
                        + accepted
                        + " into "
                        + directories.cache()
                        + ", or name its directory with --data-dir or CAADAM_DATA_DIR.";
        List<String> failures = new ArrayList<>();
        for (RemoteFile source : sources) {
            try {
                return source.download(directories.cache());
            } catch (FileSystemException e) {
                throw new IOException(
                        what
                                + " was not found in "
                                + directories.searchPath()
                                + " and a download cannot be kept in "
                                + directories.cache()
                                + " ("
                                + e.getReason()
                                + "). "
                                + remedy,
                        e);
            } catch (IOException e) {
                failures.add(source.uri() + " (" + reason(e) + ")");
            }
        }
        throw new IOException(
                what
                        + " was not found in "
                        + directories.searchPath()
                        + " and could not be downloaded from "
                        + String.join(" or ", failures)
                        + ". "
                        + remedy);
    }

    private static String reason(IOException e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    }
}
