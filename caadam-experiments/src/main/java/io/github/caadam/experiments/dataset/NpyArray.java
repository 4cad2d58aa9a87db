// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import ai.djl.ndarray.types.Shape;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An array in NumPy's format (NEP 1, versions 1 to 3): its header, which is checked before a value
 * is read, and its values, in either byte order and order of axes.
 */
final class NpyArray {

    private static final byte[] MAGIC = "\u0093NUMPY".getBytes(StandardCharsets.ISO_8859_1);
    private static final int LONGEST_HEADER = 1 << 16;
    private static final Pattern TYPE = Pattern.compile("'descr':\\s*'([<>|=]?)(\\w+)'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order':\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(([0-9, ]*)\\)");

    /** Bytes of a value by its type. */
    private static final Map<String, Integer> SIZES =
            Map.of(
                    "f4", 4, "f8", 8, "i1", 1, "i2", 2, "i4", 4, "i8", 8, "u1", 1, "u2", 2, "u4", 4,
                    "b1", 1);

    private final String name;
    private final DataInputStream in;
    private String type = "";
    private ByteOrder byteOrder = ByteOrder.LITTLE_ENDIAN;
    private boolean columnsFirst;
    private long[] shape = new long[0];

    /**
     * Reads the header of an array.
     *
     * @param name the array, for messages
     * @param stream the array's bytes
     * @throws IOException if they are no array, or one of values that are no numbers
     */
    NpyArray(String name, InputStream stream) throws IOException {
        this.name = name;
        in = new DataInputStream(stream);
        try {
            readHeader();
        } catch (EOFException e) {
            throw new IOException(name + " ends inside its header.", e);
        }
    }

    private void readHeader() throws IOException {
        if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
            throw new IOException(name + " is no NumPy array.");
        }
        int version = in.readUnsignedByte();
        in.readUnsignedByte();
        if (version < 1 || version > 3) {
            throw new IOException(
                    name + " has version " + version + " of NumPy's format, not 1-3.");
        }
        int length =
                version == 1
                        ? Short.toUnsignedInt(Short.reverseBytes(in.readShort()))
                        : Integer.reverseBytes(in.readInt());
        if (length < 0 || length > LONGEST_HEADER) {
            throw new IOException(name + " has a header of " + length + " bytes.");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        parse(new String(bytes, StandardCharsets.UTF_8));
    }

    private void parse(String header) throws IOException {
        Matcher types = TYPE.matcher(header);
        Matcher orders = ORDER.matcher(header);
        Matcher shapes = SHAPE.matcher(header);
        if (!types.find() || !SIZES.containsKey(types.group(2))) {
            throw new IOException(
                    name
                            + " has values of a type that is not read: "
                            + header.strip()
                            + ". Save it as float32, float64 or whole numbers of up to 64 bits.");
        }
        if (!orders.find() || !shapes.find()) {
            throw new IOException(name + " has a header that is not understood: " + header.strip());
        }
        type = types.group(2);
        byteOrder = types.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        columnsFirst = orders.group(1).equals("True");
        try {
            shape =
                    Pattern.compile(",")
                            .splitAsStream(shapes.group(1))
                            .map(String::strip)
                            .filter(axis -> !axis.isEmpty())
                            .mapToLong(Long::parseLong)
                            .toArray();
            long size = 1;
            for (long axis : shape) {
                size = Math.multiplyExact(size, axis);
            }
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IOException(
                    name + " has a shape that no array can have: (" + shapes.group(1) + ").", e);
        }
    }

    Shape shape() {
        return new Shape(shape);
    }

    boolean isWhole() {
        return type.startsWith("i") || type.startsWith("u") || type.startsWith("b");
    }

    /**
     * Reads the values as single-precision numbers in row-major order.
     *
     * @throws IOException if there are fewer or more of them than the header says, or they do not
     *     fit into memory
     */
    float[] values() throws IOException {
        requireMemory();
        float[] values = new float[size()];
        read((place, value) -> values[place] = (float) value);
        return values;
    }

    /** Reads the values in double precision; see {@link #values}. */
    double[] doubles() throws IOException {
        requireMemory();
        double[] values = new double[size()];
        read((place, value) -> values[place] = value);
        return values;
    }

    private void requireMemory() throws IOException {
        long size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        DataMemory.require(name, 1, size, "Or save fewer rows.");
    }

    private int size() {
        return (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    private interface Sink {
        void put(int place, double value);
    }

    private void read(Sink sink) throws IOException {
        int bytes = SIZES.get(type);
        int size = size();
        ByteBuffer block = ByteBuffer.allocate(bytes << 13).order(byteOrder);
        for (int from = 0; from < size; from += 1 << 13) {
            int count = Math.min(1 << 13, size - from);
            block.clear();
            if (in.readNBytes(block.array(), 0, count * bytes) < count * bytes) {
                throw new IOException(
                        name + " ends before the " + size + " values that its header says.");
            }
            for (int i = 0; i < count; i++) {
                sink.put(columnsFirst ? rowMajor(from + i) : from + i, value(block));
            }
        }
        if (in.read() >= 0) {
            throw new IOException(
                    name + " goes on after the " + size + " values that its header says.");
        }
    }

    private double value(ByteBuffer block) {
        return switch (type) {
            case "f4" -> block.getFloat();
            case "f8" -> block.getDouble();
            case "i1" -> block.get();
            case "i2" -> block.getShort();
            case "i4" -> block.getInt();
            case "i8" -> block.getLong();
            case "u1" -> Byte.toUnsignedInt(block.get());
            case "u2" -> Short.toUnsignedInt(block.getShort());
            case "u4" -> Integer.toUnsignedLong(block.getInt());
            case "b1" -> block.get() == 0 ? 0 : 1;
            default -> throw new IllegalStateException(type);
        };
    }

    /** The place in row-major order of a value that is stored by columns first. */
    private int rowMajor(int stored) {
        int rest = stored;
        int place = 0;
        int stride = size();
        for (long axis : shape) {
            stride /= (int) axis;
            place += (int) (rest % axis) * stride;
            rest /= (int) axis;
        }
        return place;
    }
}
