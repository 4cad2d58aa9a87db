// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Keeps downloads in a directory; what fails says why in words. */
final class KeptFiles {

    private static final String TEMPORARY = ".part";

    private KeptFiles() {}

    /** Creates an empty file beside where it will be moved to; creates the directory, too. */
    static Path newFile(Path directory, String name) throws FileSystemException {
        try {
            Files.createDirectories(directory);
            return Files.createTempFile(directory, name, TEMPORARY);
        } catch (IOException e) {
            throw failure(directory, e);
        }
    }

    /** Creates an empty folder beside where it will be moved to; creates the directory, too. */
    static Path newFolder(Path directory, String name) throws FileSystemException {
        try {
            Files.createDirectories(directory);
            return Files.createTempDirectory(directory, name + TEMPORARY);
        } catch (IOException e) {
            throw failure(directory, e);
        }
    }

    static Path move(Path temporary, Path target) throws FileSystemException {
        try {
            return Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw failure(target, e);
        }
    }

    /** Says why a file could not be kept, in the words that a file system's exception lacks. */
    static FileSystemException failure(Path file, IOException cause) {
        String reason;
        if (cause instanceof AccessDeniedException) {
            reason = "permission denied";
        } else if (cause instanceof FileAlreadyExistsException
                || cause instanceof DirectoryNotEmptyException
                || cause instanceof NotDirectoryException) {
            reason = "a file of that name is in the way";
        } else if (cause instanceof FileSystemException exception
                && exception.getReason() != null) {
            reason = exception.getReason();
        } else {
            reason = String.valueOf(cause.getMessage());
        }
        FileSystemException exception = new FileSystemException(file.toString(), null, reason);
        exception.initCause(cause);
        return exception;
    }
}
