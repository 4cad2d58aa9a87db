package io.github.caadam.experiments.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;

/**
 * A file of a public data set.
 *
 * @param uri where it can be downloaded
 * @param fileName the name that it is kept under
 * @param sha256 its digest, in hex
 */
record RemoteFile(URI uri, String fileName, String sha256) {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    /**
     * Downloads the file. It appears under its name only when it is complete and verified.
     *
     * @param directory where to keep it; created if missing
     * @return the file
     * @throws IOException if it cannot be downloaded or kept, or has another digest
     */
    Path download(Path directory) throws IOException {
        Files.createDirectories(directory);
        Path temporary = Files.createTempFile(directory, fileName, ".part");
        try {
            String found = transfer(temporary);
            if (!found.equals(sha256)) {
                throw new IOException("the download has SHA-256 " + found + ", expected " + sha256);
            }
            return Files.move(
                    temporary, directory.resolve(fileName), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private String transfer(Path target) throws IOException {
        HttpClient client =
                HttpClient.newBuilder()
                        .connectTimeout(TIMEOUT)
                        .followRedirects(HttpClient.Redirect.NORMAL)
                        .build();
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(TIMEOUT).build();
        MessageDigest digest = Table.sha256();
        try {
            HttpResponse<InputStream> response =
                    client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = new DigestInputStream(response.body(), digest)) {
                if (response.statusCode() != 200) {
                    throw new IOException("the server answered " + response.statusCode());
                }
                Files.copy(body, target, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
