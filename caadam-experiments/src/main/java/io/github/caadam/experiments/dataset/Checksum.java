package io.github.caadam.experiments.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A published checksum.
 *
 * @param algorithm {@code SHA-256}, or {@code MD5} where nothing better was published
 * @param hex its value in hex
 */
record Checksum(String algorithm, String hex) {

    static Checksum md5(String hex) {
        return new Checksum("MD5", hex);
    }

    static Checksum sha256(String hex) {
        return new Checksum("SHA-256", hex);
    }

    MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has " + algorithm + ".", e);
        }
    }

    /** Returns the checksum of the same kind of a file. */
    Checksum of(Path file) throws IOException {
        MessageDigest digest = newDigest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return ofDigest(digest);
    }

    /** Returns what a digest of the same kind has come to. */
    Checksum ofDigest(MessageDigest digest) {
        return new Checksum(algorithm, HexFormat.of().formatHex(digest.digest()));
    }

    /** Returns the checksum of the same kind of some bytes. */
    Checksum of(byte[] bytes) {
        MessageDigest digest = newDigest();
        digest.update(bytes);
        return ofDigest(digest);
    }

    @Override
    public String toString() {
        return algorithm + " " + hex;
    }
}
