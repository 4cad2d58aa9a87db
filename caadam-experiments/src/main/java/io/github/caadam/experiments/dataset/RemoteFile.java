// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * A file of a public data set.
 *
 * @param uri where it can be downloaded, by TLS or from this machine
 * @param fileName the name that it is kept under
 * @param checksum its published checksum
 * @param limits how large it may be, and how long a download may take
 */
public record RemoteFile(URI uri, String fileName, Checksum checksum, Limits limits)
        implements RemoteSource {

    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    /**
     * Checks the address.
     *
     * @throws IllegalArgumentException if a download from there could be altered on its way
     */
    public RemoteFile {
        if (!"https".equals(uri.getScheme()) && !THIS_MACHINE.contains(uri.getHost())) {
            throw new IllegalArgumentException(
                    "A file is downloaded by https, or from this machine, found " + uri + ".");
        }
    }

    @Override
    public Path download(Path directory) throws IOException {
        Path temporary = KeptFiles.newFile(directory, fileName);
        try {
            Transfer.run(uri, temporary, limits);
            Checksum found = checksum.of(temporary);
            if (!found.equals(checksum)) {
                throw new IOException("the download has " + found + ", expected " + checksum.hex());
            }
            return KeptFiles.move(temporary, directory.resolve(fileName));
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * What a download is given up beyond.
     *
     * @param bytes the most bytes
     * @param silence the longest that the server may send nothing, to connect included; above 0
     * @param total the longest that the whole download may take
     */
    public record Limits(long bytes, Duration silence, Duration total) {

        /** For files of some megabytes: 64 MB, 20 seconds of silence, 10 minutes in all. */
        public static final Limits DEFAULT =
                new Limits(64L << 20, Duration.ofSeconds(20), Duration.ofMinutes(10));

        /** For archives of some hundred megabytes: 512 MB, 20 seconds, 2 hours in all. */
        public static final Limits LARGE =
                new Limits(512L << 20, Duration.ofSeconds(20), Duration.ofHours(2));
    }
}
