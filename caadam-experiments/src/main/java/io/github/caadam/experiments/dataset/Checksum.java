// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * A published checksum.
 *
 * @param algorithm {@code SHA-256}, or {@code SHA-1} or {@code MD5} where nothing better was
 *     published
 * @param hex its value in hex
 * @param decompressed whether it is that of a file's contents where the file is compressed
 */
public record Checksum(String algorithm, String hex, boolean decompressed) {

    /**
     * Takes an MD5 sum.
     *
     * @param hex its value in hex
     * @return the checksum of a file as it is
     */
    public static Checksum md5(String hex) {
        return new Checksum("MD5", hex, false);
    }

    /**
     * Takes a SHA-1 sum.
     *
     * @param hex its value in hex
     * @return the checksum of a file as it is
     */
    public static Checksum sha1(String hex) {
        return new Checksum("SHA-1", hex, false);
    }

    /**
     * Takes a SHA-256 sum.
     *
     * @param hex its value in hex
     * @return the checksum of a file as it is
     */
    public static Checksum sha256(String hex) {
        return new Checksum("SHA-256", hex, false);
    }

    /**
     * Returns the same as a checksum of a compressed file's contents.
     *
     * @return the checksum
     */
    public Checksum ofContents() {
        return new Checksum(algorithm, hex, true);
    }

    private MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has " + algorithm + ".", e);
        }
    }

    /**
     * Returns the checksum of the same kind of a file.
     *
     * @param file the file
     * @return its checksum
     * @throws IOException if it cannot be read, or is not a whole compressed file where the
     *     contents of one count
     */
    public Checksum of(Path file) throws IOException {
        MessageDigest digest = newDigest();
        try (InputStream in = Files.newInputStream(file);
                InputStream contents = decompressed ? new GzipCompressorInputStream(in) : in) {
            new DigestInputStream(contents, digest).transferTo(OutputStream.nullOutputStream());
        } catch (EOFException e) {
            throw new IOException("it ends too early", e);
        }
        return ofDigest(digest);
    }

    /**
     * Returns the checksum of the same kind of some bytes.
     *
     * @param bytes the bytes
     * @return their checksum
     */
    public Checksum of(byte[] bytes) {
        MessageDigest digest = newDigest();
        digest.update(bytes);
        return ofDigest(digest);
    }

    private Checksum ofDigest(MessageDigest digest) {
        return new Checksum(algorithm, HexFormat.of().formatHex(digest.digest()), decompressed);
    }

    /** Returns the algorithm and the value. */
    @Override
    public String toString() {
        return algorithm + " " + hex;
    }
}
