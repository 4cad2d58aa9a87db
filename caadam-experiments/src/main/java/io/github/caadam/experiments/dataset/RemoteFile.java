// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLConnection;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A file of a public data set.
 *
 * @param uri where it can be downloaded, by HTTP
 * @param fileName the name that it is kept under
 * @param checksum its published checksum
 * @param limits how long a download may take
 */
record RemoteFile(URI uri, String fileName, Checksum checksum, Limits limits)
        implements RemoteSource {

    private static final int BUFFER = 1 << 16;

    @Override
    public Path download(Path directory) throws IOException {
        Path temporary = KeptFiles.newFile(directory, fileName);
        try {
            transfer(temporary);
            Checksum found = checksum.of(temporary);
            if (!found.equals(checksum)) {
                throw new IOException("the download has " + found + ", expected " + checksum.hex());
            }
            return KeptFiles.move(temporary, directory.resolve(fileName));
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private void transfer(Path target) throws IOException {
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
                copy(body, target, deadline);
            }
        } catch (UnknownHostException e) {
            throw new IOException("the host is not known", e);
        } catch (SocketTimeoutException e) {
            throw new IOException("the server sent nothing for " + seconds(limits.silence()), e);
        } finally {
            ((HttpURLConnection) connection).disconnect();
        }
    }

    private void copy(InputStream body, Path target, long deadline) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (OutputStream file = open(target)) {
            for (int length = body.read(buffer); length >= 0; length = body.read(buffer)) {
                if (System.nanoTime() - deadline > 0) {
                    throw new IOException(
                            "the download was not complete after " + seconds(limits.total()));
                }
                write(file, buffer, length, target);
            }
        }
    }

    private static OutputStream open(Path target) throws FileSystemException {
        try {
            return Files.newOutputStream(target);
        } catch (IOException e) {
            throw KeptFiles.failure(target, e);
        }
    }

    private static void write(OutputStream file, byte[] bytes, int length, Path target)
            throws FileSystemException {
        try {
            file.write(bytes, 0, length);
        } catch (IOException e) {
            throw KeptFiles.failure(target, e);
        }
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
