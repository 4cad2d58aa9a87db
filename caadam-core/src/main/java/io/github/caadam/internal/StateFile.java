// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.internal;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.util.JsonUtils;
import com.google.gson.JsonParseException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.zip.ZipFile;

/**
 * A {@code .npz} file of named arrays, which NumPy opens too, with a configuration beside them: the
 * array {@code configuration} of UTF-8 bytes of a JSON object.
 *
 * @since 0.1.0
 */
public final class StateFile {

    private static final String CONFIGURATION = "configuration";

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
     * a file that was there stays until then.
     *
     * @param file the file; missing directories are created
     * @param arrays the arrays by name, in main memory
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, Map<String, NDArray> arrays) throws IOException {
        Objects.requireNonNull(file, "file");
        NDList list = new NDList();
        // A view, as writing takes an array's own name.
        try (NDManager scratch = NDManager.newBaseManager(Device.cpu())) {
            arrays.forEach((name, array) -> list.add(view(name, array, scratch)));
            writeWhole(file, list);
        }
    }

    /**
     * Writes arrays and a configuration. The file appears under its name when it is complete; a
     * file that was there stays until then.
     *
     * @param file the file; missing directories are created
     * @param arrays the arrays by name, in main memory; none is called {@code configuration}
     * @param configuration what JSON can say: texts, numbers, flags, lists and maps by text
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, Map<String, NDArray> arrays, Map<String, ?> configuration)
            throws IOException {
        Objects.requireNonNull(file, "file");
        byte[] json = JsonUtils.GSON_COMPACT.toJson(configuration).getBytes(StandardCharsets.UTF_8);
        try (NDManager scratch = NDManager.newBaseManager(Device.cpu())) {
            Map<String, NDArray> all = new LinkedHashMap<>(arrays);
            all.put(
                    CONFIGURATION,
                    scratch.create(ByteBuffer.wrap(json), new Shape(json.length), DataType.UINT8));
            write(file, all);
        }
    }

    private static NDArray view(String name, NDArray array, NDManager scratch) {
        NDArray view = array.reshape(array.getShape());
        view.attach(scratch);
        view.setName(name);
        return view;
    }

    private static void writeWhole(Path file, NDList list) throws IOException {
        Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent(), "directory");
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
        }
        Path temporary = directory.resolve(file.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            try (OutputStream out =
                    new BufferedOutputStream(
                            Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW))) {
                list.encode(out, NDList.Encoding.NPZ);
            }
            Files.move(
                    temporary,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * Reads a file.
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
        // The decoder reads entry by entry and does not miss a directory that was cut off.
        try (ZipFile zip = new ZipFile(file.toFile());
                InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            for (NDArray array : NDList.decode(manager, in)) {
                arrays.put(array.getName(), array);
            }
            if (arrays.size() != zip.size()) {
                throw new IOException("It has " + zip.size() + " entries, of which not all are.");
            }
        } catch (IOException | RuntimeException e) {
            throw new IOException(
                    file + " is not " + kind + ": it is truncated, or no .npz file.", e);
        }
        return new StateFile(file, kind, arrays);
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
