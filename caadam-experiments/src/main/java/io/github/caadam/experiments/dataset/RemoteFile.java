package io.github.caadam.experiments.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLConnection;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;

/**
 * A file of a public data set.
 *
 * @param uri where it can be downloaded, by HTTP
 * @param fileName the name that it is kept under
 * @param checksum its published checksum
 * @param limits how long a download may take
 */
record RemoteFile(URI uri, String fileName, Checksum checksum, Limits limits) {

    private static final int BUFFER = 1 << 16;

    /**
     * Downloads the file. It appears under its name only when it is complete and verified; whatever
     * happens, nothing else is left behind.
     *
     * @param directory where to keep it; created if missing
     * @return the file
     * @throws FileSystemException if it cannot be kept, for want of space or of permission; its
     *     reason says why
     * @throws IOException if it cannot be downloaded within the limits, or has another digest
     */
    Path download(Path directory) throws IOException {
        Path temporary;
        try {
            Files.createDirectories(directory);
            temporary = Files.createTempFile(directory, fileName, ".part");
        } catch (IOException e) {
            throw notKept(directory, e);
        }
        try {
            Checksum found = transfer(temporary);
            if (!found.equals(checksum)) {
                throw new IOException("the download has " + found + ", expected " + checksum.hex());
            }
            return move(temporary, directory.resolve(fileName));
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private Checksum transfer(Path target) throws IOException {
        long deadline = System.nanoTime() + limits.total().toNanos();
        URLConnection connection = uri.toURL().openConnection();
        int silence = Math.toIntExact(limits.silence().toMillis());
        connection.setConnectTimeout(silence);
        connection.setReadTimeout(silence);
        try {
            int status = ((HttpURLConnection) connection).getResponseCode();
            if (status != HttpURLConnection.HTTP_OK) {
                throw new IOException("the server answered " + status);
            }
            try (InputStream body = connection.getInputStream()) {
                return copy(body, target, deadline);
            }
        } catch (UnknownHostException e) {
            throw new IOException("the host is not known", e);
        } catch (SocketTimeoutException e) {
            throw new IOException("the server sent nothing for " + seconds(limits.silence()), e);
        } finally {
            ((HttpURLConnection) connection).disconnect();
        }
    }

    private Checksum copy(InputStream body, Path target, long deadline) throws IOException {
        MessageDigest digest = checksum.newDigest();
        byte[] buffer = new byte[BUFFER];
        try (OutputStream file = open(target)) {
            for (int length = body.read(buffer); length >= 0; length = body.read(buffer)) {
                if (System.nanoTime() - deadline > 0) {
                    throw new IOException(
                            "the download was not complete after " + seconds(limits.total()));
                }
                digest.update(buffer, 0, length);
                write(file, buffer, length, target);
            }
        }
        return checksum.ofDigest(digest);
    }

    private static OutputStream open(Path target) throws FileSystemException {
        try {
            return Files.newOutputStream(target);
        } catch (IOException e) {
            throw notKept(target, e);
        }
    }

    private static void write(OutputStream file, byte[] bytes, int length, Path target)
            throws FileSystemException {
        try {
            file.write(bytes, 0, length);
        } catch (IOException e) {
            throw notKept(target, e);
        }
    }

    private static Path move(Path temporary, Path target) throws FileSystemException {
        try {
            return Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw notKept(target, e);
        }
    }

    /** Says why a file could not be kept, in the words that a file system's exception lacks. */
    private static FileSystemException notKept(Path file, IOException cause) {
        String reason;
        if (cause instanceof AccessDeniedException) {
            reason = "permission denied";
        } else if (cause instanceof FileAlreadyExistsException
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

    private static String seconds(Duration duration) {
        return duration.toMillis() / 1e3 + " s";
    }

    /**
     * How long a download may take.
     *
     * @param silence the longest that the server may send nothing, to connect included; above 0
     * @param total the longest that the whole download may take
     */
    record Limits(Duration silence, Duration total) {

        /** For files of some megabytes: 20 seconds of silence, 10 minutes in all. */
        static final Limits DEFAULT = new Limits(Duration.ofSeconds(20), Duration.ofMinutes(10));

        /** For archives of some hundred megabytes: 20 seconds of silence, 2 hours in all. */
        static final Limits LARGE = new Limits(Duration.ofSeconds(20), Duration.ofHours(2));
    }
}
