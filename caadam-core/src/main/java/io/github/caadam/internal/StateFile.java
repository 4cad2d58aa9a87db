// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.internal;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.util.JsonUtils;
import com.google.gson.JsonParseException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A {@code .npz} file of named arrays, which NumPy opens too, with a configuration beside them: the
 * array {@code configuration} of UTF-8 bytes of a JSON object. Names of arrays may have any
 * characters: those with which an unpacked file would lie elsewhere stand in the file as {@code %}
 * and two hexadecimal digits.
 *
 * @since 0.1.0
 */
public final class StateFile {

    /** The array that holds the configuration. */
    public static final String CONFIGURATION = "configuration";

    /** An entry is an array and its header, and is read into one buffer. */
    private static final long LARGEST = Integer.MAX_VALUE - 1024L;

    private final Path file;
    private final String kind;
    private final Map<String, NDArray> arrays;

    private StateFile(Path file, String kind, Map<String, NDArray> arrays) {
        this.file = file;
        this.kind = kind;
        this.arrays = arrays;
    }

    /**
     * Writes arrays, without a configuration. The file appears under its name when it is complete;
     * a file that was there stays until then. What killed processes left in the directory is
     * deleted. Beside the arrays it takes the memory of the largest one that is on another device.
     *
     * @param file the file; missing directories are created
     * @param arrays the arrays by name, of at most 2³¹ - 1025 bytes each
     * @throws IOException if it cannot be written
     * @throws IllegalArgumentException if an array is too large
     */
    public static void write(Path file, Map<String, NDArray> arrays) throws IOException {
        Path absolute = Objects.requireNonNull(file, "file").toAbsolutePath();
        arrays.forEach(StateFile::requireWritable);
        Draft.sweep(Objects.requireNonNull(absolute.getParent(), "directory"));
        try (Draft draft = Draft.of(file)) {
            try (ZipOutputStream zip =
                    new ZipOutputStream(
                            new BufferedOutputStream(
                                    Files.newOutputStream(
                                            draft.path(), StandardOpenOption.CREATE_NEW)))) {
                zip.setLevel(Deflater.BEST_SPEED);
                for (Map.Entry<String, NDArray> entry : arrays.entrySet()) {
                    zip.putNextEntry(new ZipEntry(NpyEntry.entryOf(entry.getKey())));
                    write(entry.getValue(), zip);
                    zip.closeEntry();
                }
            }
            draft.publish(file);
        }
    }

    private static void write(NDArray array, ZipOutputStream zip) throws IOException {
        if (array.getDevice().equals(Device.cpu())) {
            NpyEntry.write(array, zip);
        } else {
            Engine engine = array.getManager().getEngine();
            try (OwnedArrays host = OwnedArrays.on(engine, Device.cpu())) {
                NpyEntry.write(host.copyOf(array), zip);
            }
        }
    }

    private static void requireWritable(String name, NDArray array) {
        long bytes = array.size() * array.getDataType().getNumOfBytes();
        if (bytes > LARGEST) {
            throw new IllegalArgumentException(
                    name
                            + " has "
                            + bytes
                            + " bytes; one array must not have more than "
                            + LARGEST
                            + ".");
        }
    }

    /**
     * Writes arrays and a configuration, as {@link #write(Path, Map)} does.
     *
     * @param file the file; missing directories are created
     * @param arrays the arrays by name, of at most 2³¹ - 1025 bytes each
     * @param configuration what JSON can say: texts, numbers, flags, lists and maps by text
     * @throws IOException if it cannot be written
     * @throws IllegalArgumentException if an array is too large, or called {@code configuration}
     */
    public static void write(Path file, Map<String, NDArray> arrays, Map<String, ?> configuration)
            throws IOException {
        Objects.requireNonNull(file, "file");
        if (arrays.containsKey(CONFIGURATION)) {
            throw new IllegalArgumentException(
                    "An array must not be called " + CONFIGURATION + ": that is the file's own.");
        }
        byte[] json = JsonUtils.GSON_COMPACT.toJson(configuration).getBytes(StandardCharsets.UTF_8);
        try (NDManager scratch = NDManager.newBaseManager(Device.cpu())) {
            Map<String, NDArray> all = new LinkedHashMap<>(arrays);
            all.put(
                    CONFIGURATION,
                    scratch.create(ByteBuffer.wrap(json), new Shape(json.length), DataType.UINT8));
            write(file, all);
        }
    }

    /**
     * Reads a file, array by array. Beside the arrays it takes the memory of the largest one.
     *
     * @param file the file
     * @param manager where its arrays go, of a manager in main memory
     * @param kind what the file should be, such as "a saved optimizer"
     * @return what it holds
     * @throws NoSuchFileException if it does not exist
     * @throws IOException if it cannot be read, is truncated, or is no {@code .npz} file
     */
    public static StateFile read(Path file, NDManager manager, String kind) throws IOException {
        if (!Files.exists(Objects.requireNonNull(file, "file"))) {
            throw new NoSuchFileException(file.toString());
        }
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(largest(zip));
            for (ZipEntry entry : Collections.list(zip.entries())) {
                NDArray array = read(zip, entry, manager, buffer);
                String name = NpyEntry.arrayOf(entry.getName());
                array.setName(name);
                arrays.put(name, array);
            }
        } catch (IOException | RuntimeException e) {
            arrays.values().forEach(NDArray::close);
            throw new IOException(
                    file + " is not " + kind + ": it is truncated, or no .npz file.", e);
        }
        return new StateFile(file, kind, arrays);
    }

    private static int largest(ZipFile zip) {
        return Math.toIntExact(zip.stream().mapToLong(ZipEntry::getSize).max().orElse(0));
    }

    /** Reads an entry to its end, as only then its checksum is known; the JDK does not check it. */
    private static NDArray read(ZipFile zip, ZipEntry entry, NDManager manager, ByteBuffer buffer)
            throws IOException {
        CRC32 checksum = new CRC32();
        try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), checksum)) {
            NDArray array = NpyEntry.read(in, manager, buffer);
            if (in.read() >= 0 || checksum.getValue() != entry.getCrc()) {
                array.close();
                throw new IOException(entry.getName() + " has other bytes than were written.");
            }
            return array;
        }
    }

    /**
     * Returns the arrays.
     *
     * @return the arrays by name, in the file's order, without the configuration
     */
    public Map<String, NDArray> arrays() {
        Map<String, NDArray> others = new LinkedHashMap<>(arrays);
        others.remove(CONFIGURATION);
        return Collections.unmodifiableMap(others);
    }

    /**
     * Returns the configuration.
     *
     * @return the values by key, as JSON gives them
     * @throws IOException if the file has none, or what it has is no JSON object
     */
    public Map<String, Object> configuration() throws IOException {
        NDArray bytes = arrays.get(CONFIGURATION);
        if (bytes == null) {
            throw new IOException(file + " is not " + kind + ": it has no configuration.");
        }
        try {
            if (bytes.getDataType() == DataType.UINT8) {
                return parse(new String(bytes.toByteArray(), StandardCharsets.UTF_8));
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(noObject(), e);
        }
        throw new IOException(noObject());
    }

    private String noObject() {
        return file + " is not " + kind + ": its configuration is no JSON object.";
    }

    /**
     * Returns a configuration as it would come back from a file, to compare it with one that did:
     * numbers become doubles, for instance.
     *
     * @param configuration the configuration
     * @return the values by key
     */
    public static Map<String, Object> asRead(Map<String, ?> configuration) {
        return parse(JsonUtils.GSON_COMPACT.toJson(configuration));
    }

    private static Map<String, Object> parse(String text) {
        try {
            if (JsonUtils.GSON.fromJson(text, Object.class) instanceof Map<?, ?> object) {
                Map<String, Object> values = new LinkedHashMap<>();
                object.forEach((key, value) -> values.put((String) key, value));
                return values;
            }
        } catch (JsonParseException e) {
            throw new IllegalArgumentException("This is no JSON: " + text, e);
        }
        throw new IllegalArgumentException("This is no JSON object: " + text);
    }
}
