// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** SHA-256, in hex, of what components come from. */
final class Digests {

    private Digests() {}

    /** Returns the digest of a file, or of all files of a directory and their names. */
    static String of(Path file) throws IOException {
        if (!Files.isDirectory(file)) {
            return ofFile(file);
        }
        List<Path> files;
        try (Stream<Path> all = Files.walk(file)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        StringBuilder lines = new StringBuilder();
        for (Path one : files) {
            lines.append(file.relativize(one)).append(' ').append(ofFile(one)).append('\n');
        }
        return ofText(lines.toString());
    }

    private static String ofFile(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream input = new DigestInputStream(Files.newInputStream(file), digest)) {
            input.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Returns the digest of several: that of a single one is itself, of none empty. */
    static String ofAll(List<String> digests) {
        List<String> parts =
                digests.stream().filter(one -> !one.isEmpty()).distinct().sorted().toList();
        if (parts.size() < 2) {
            return String.join("", parts);
        }
        return ofText(String.join("\n", parts));
    }

    private static String ofText(String text) {
        return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }
}
