// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * TorchScript's file format for a module that has methods and nothing else: a zip of five entries,
 * not compressed, in which the methods stand as source text.
 */
final class ScriptArchive {

    private static final String ROOT = "generated/";
    private static final String CLASS_NAME = "Generated";

    /** What the format calls its version; every PyTorch from 1.12 on reads it. */
    private static final String VERSION = "10\n";

    /** A pickle, protocol 2, of an instance of the class with an empty state. */
    private static final String MODULE_PICKLE =
            "\u0080\u0002c__torch__\n" + CLASS_NAME + "\nq\0)\u0081}b.";

    /** A pickle, protocol 2, of an empty tuple. */
    private static final String CONSTANTS_PICKLE = "\u0080\u0002).";

    private ScriptArchive() {}

    /**
     * Writes the archive of a module.
     *
     * @param methods the methods' source
     * @return the file's bytes
     */
    static byte[] of(String methods) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            add(zip, "data.pkl", MODULE_PICKLE.getBytes(StandardCharsets.ISO_8859_1));
            add(zip, "code/__torch__.py", moduleSource(methods).getBytes(StandardCharsets.UTF_8));
            add(zip, "constants.pkl", CONSTANTS_PICKLE.getBytes(StandardCharsets.ISO_8859_1));
            add(zip, "version", VERSION.getBytes(StandardCharsets.US_ASCII));
            add(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException("Writing to memory failed.", e);
        }
        return bytes.toByteArray();
    }

    private static String moduleSource(String methods) {
        return "class "
                + CLASS_NAME
                + "(Module):\n  __parameters__ = []\n  __buffers__ = []\n"
                + methods.indent(2);
    }

    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry(ROOT + name);
        entry.setTime(0);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
