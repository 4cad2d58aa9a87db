// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An array in NumPy's format, written and read piece by piece. DJL's own code makes a second copy
 * of every array on the way, in memory that the garbage collector frees late.
 *
 * <p>An entry's name is a path that stays below where the file is unpacked: {@code %}, a backslash,
 * a slash at the beginning or behind another, and segments of dots alone are written as {@code %}
 * and two hexadecimal digits.
 */
final class NpyEntry {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int ALIGNMENT = 64;
    private static final int PIECE = 1 << 16;
    private static final String SUFFIX = ".npy";
    private static final Pattern HEADER =
            Pattern.compile("\\{'descr': '(.+)', 'fortran_order': False, 'shape': \\((.*)\\),");
    private static final Pattern UNSAFE =
            Pattern.compile("[%\\\\\\x00]|(?<=^|/)/|(?<=^|/)\\.(?=\\.*(?:/|$))");
    private static final Pattern ESCAPED = Pattern.compile("%([0-9A-F]{2})");

    private NpyEntry() {}

    /** Returns the name of the entry of an array; two arrays have two. */
    static String entryOf(String array) {
        return UNSAFE.matcher(array)
                        .replaceAll(
                                m ->
                                        String.format(
                                                Locale.ROOT, "%%%02X", (int) m.group().charAt(0)))
                + SUFFIX;
    }

    /** Returns the name of the array of an entry. */
    static String arrayOf(String entry) {
        String name =
                entry.endsWith(SUFFIX)
                        ? entry.substring(0, entry.length() - SUFFIX.length())
                        : entry;
        return ESCAPED.matcher(name).replaceAll(NpyEntry::unescaped);
    }

    private static String unescaped(MatchResult escaped) {
        char c = (char) Integer.parseInt(escaped.group(1), 16);
        return Matcher.quoteReplacement(String.valueOf(c));
    }

    /** Writes an array that is in main memory, of at most 2³¹ - 1 bytes. */
    static void write(NDArray array, OutputStream out) throws IOException {
        out.write(MAGIC);
        byte[] header = header(array).getBytes(StandardCharsets.US_ASCII);
        int length = header.length + 1;
        int padding = -(MAGIC.length + 2 + length) & (ALIGNMENT - 1);
        ByteBuffer size = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
        out.write(size.putShort((short) (length + padding)).array());
        out.write(header);
        out.write(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII));
        out.write('\n');
        try {
            ByteBuffer values = array.toByteBuffer(true);
            byte[] piece = new byte[Math.min(PIECE, values.remaining())];
            while (values.hasRemaining()) {
                int count = Math.min(piece.length, values.remaining());
                values.get(piece, 0, count);
                out.write(piece, 0, count);
            }
        } finally {
            Reference.reachabilityFence(array);
        }
    }

    private static String header(NDArray array) {
        long[] shape = array.getShape().getShape();
        StringBuilder axes = new StringBuilder();
        for (int i = 0; i < shape.length; i++) {
            axes.append(i == 0 ? "" : ", ").append(shape[i]);
        }
        return "{'descr': '"
                + array.getDataType().asNumpy()
                + "', 'fortran_order': False, 'shape': ("
                + axes
                + (shape.length == 1 ? "," : "")
                + "), }";
    }

    /**
     * Reads an array.
     *
     * @param in where from
     * @param manager who makes it, in main memory
     * @param buffer a direct buffer with room for the values, used again for the next array
     * @return the array, with values of its own
     * @throws IOException if it ends before its last value, or is longer than the buffer
     * @throws IllegalArgumentException if it is no such array
     */
    static NDArray read(InputStream in, NDManager manager, ByteBuffer buffer) throws IOException {
        DataInputStream data = new DataInputStream(in);
        byte[] magic = new byte[MAGIC.length];
        data.readFully(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw new IllegalArgumentException("This is no array of NumPy's format 1.0.");
        }
        byte[] header = new byte[data.readUnsignedByte() | data.readUnsignedByte() << Byte.SIZE];
        data.readFully(header);
        Matcher matcher = HEADER.matcher(new String(header, StandardCharsets.UTF_8));
        if (!matcher.find()) {
            throw new IllegalArgumentException("This is no header of NumPy's.");
        }
        if (matcher.group(1).charAt(0) == '>') {
            throw new IllegalArgumentException("Its numbers are big-endian; save them anew.");
        }
        DataType type = DataType.fromNumpy(matcher.group(1));
        Shape shape = shape(matcher.group(2));
        long length = Math.multiplyExact(shape.size(), (long) type.getNumOfBytes());
        if (length > buffer.capacity()) {
            throw new IOException("Its header says " + length + " bytes, but it is shorter.");
        }
        ByteBuffer values = buffer.slice(0, (int) length).order(ByteOrder.LITTLE_ENDIAN);
        byte[] piece = new byte[(int) Math.min(PIECE, length)];
        while (values.hasRemaining()) {
            int count = Math.min(piece.length, values.remaining());
            data.readFully(piece, 0, count);
            values.put(piece, 0, count);
        }
        values.rewind();
        try (NDArray view = manager.create(values, shape, type)) {
            return view.duplicate();
        }
    }

    private static Shape shape(String axes) {
        return new Shape(
                Arrays.stream(axes.split(","))
                        .map(String::strip)
                        .filter(axis -> !axis.isEmpty())
                        .mapToLong(Long::parseLong)
                        .toArray());
    }
}
