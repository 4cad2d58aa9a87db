// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Files that make up a data set together, so that they are kept all or none.
 *
 * @param uri where they are, for messages
 * @param name the name of the folder that they are kept in
 * @param files the files
 */
public record RemoteFolder(URI uri, String name, List<RemoteFile> files) implements RemoteSource {

    /** Copies the list. */
    public RemoteFolder {
        files = List.copyOf(files);
    }

    @Override
    public Path download(Path directory) throws IOException {
        Path temporary = KeptFiles.newFolder(directory, name);
        try {
            for (RemoteFile file : files) {
                download(file, temporary);
            }
            return move(temporary, directory.resolve(name));
        } finally {
            delete(temporary);
        }
    }

    private static void download(RemoteFile file, Path folder) throws IOException {
        try {
            file.download(folder);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(file.fileName() + ": " + e.getMessage(), e);
        }
    }

    private Path move(Path temporary, Path target) throws IOException {
        try {
            return KeptFiles.move(temporary, target);
        } catch (FileSystemException e) {
            // Another process may have been faster.
            if (files.stream().allMatch(file -> Files.exists(target.resolve(file.fileName())))) {
                return target;
            }
            throw e;
        }
    }

    private void delete(Path temporary) throws IOException {
        for (RemoteFile file : files) {
            Files.deleteIfExists(temporary.resolve(file.fileName()));
        }
        Files.deleteIfExists(temporary);
    }
}
