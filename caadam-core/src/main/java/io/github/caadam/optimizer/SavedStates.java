package io.github.caadam.optimizer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.util.JsonUtils;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of all parameters as it is saved: a {@code .npz} file with the arrays {@code
 * PATH/ARRAY}, {@code PATH/step} and {@code configuration}.
 */
final class SavedStates implements AutoCloseable {

    /** Nothing saved; never changed. */
    static final SavedStates NONE = new SavedStates();

    private static final Logger logger = LoggerFactory.getLogger(SavedStates.class);

    private static final String STEP = "step";
    private static final String CONFIGURATION = "configuration";
    private static final List<String> MUST_AGREE = List.of("algorithm", "amsgrad");

    private final Map<String, Saved> byId = new LinkedHashMap<>();
    private NDManager manager;

    /**
     * The state of a parameter.
     *
     * @param path the parameter's path
     * @param arrays its arrays, in main memory
     * @param step its number of steps
     */
    record Saved(String path, NDList arrays, int step) {}

    Optional<Saved> find(String parameterId) {
        return Optional.ofNullable(byId.get(parameterId));
    }

    int latestStep() {
        return byId.values().stream().mapToInt(Saved::step).max().orElse(0);
    }

    /** Adds a copy of a parameter's state. */
    void add(NamedParameters.Named named, NDList arrays, int step) {
        NDList copies = new NDList();
        for (NDArray array : arrays) {
            NDArray copy = array.toDevice(Device.cpu(), true);
            copy.setName(array.getName());
            copies.add(copy);
        }
        keep(named.parameter().getId(), new Saved(named.path(), copies, step));
    }

    private void keep(String id, Saved state) {
        if (manager == null) {
            manager = NDManager.newBaseManager(Device.cpu());
        }
        NDScope.unregister(state.arrays());
        state.arrays().attach(manager);
        byId.put(id, state);
    }

    void write(Path file, Map<String, Object> description) throws IOException {
        NDList list = new NDList();
        for (Saved state : byId.values()) {
            for (NDArray array : state.arrays()) {
                NDArray view = array.reshape(array.getShape());
                view.setName(state.path() + '/' + array.getName());
                list.add(view);
            }
            NDArray step = manager.create((long) state.step());
            step.setName(state.path() + '/' + STEP);
            list.add(step);
        }
        byte[] json = JsonUtils.GSON_COMPACT.toJson(description).getBytes(StandardCharsets.UTF_8);
        try (NDManager scratch = NDManager.newBaseManager(Device.cpu())) {
            NDArray configuration =
                    scratch.create(ByteBuffer.wrap(json), new Shape(json.length), DataType.UINT8);
            configuration.setName(CONFIGURATION);
            list.add(configuration);
            writeWhole(file, list);
        }
    }

    private static void writeWhole(Path file, NDList list) throws IOException {
        Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
        Path temporary = Files.createTempFile(directory, "optimizer", ".part");
        try {
            try (OutputStream out = Files.newOutputStream(temporary)) {
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

    static Map<String, Object> readDescription(Path file) throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            return description(file, decode(manager, file));
        }
    }

    static SavedStates read(
            Path file,
            Map<String, Object> description,
            List<String> arrayNames,
            NamedParameters parameters)
            throws IOException {
        List<NamedParameters.Named> present = parameters.all();
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            NDList list = decode(manager, file);
            compare(file, description(file, list), description);
            Map<String, Map<String, NDArray>> byPath = new TreeMap<>();
            for (NDArray array : list) {
                int slash = array.getName().lastIndexOf('/');
                if (slash > 0) {
                    byPath.computeIfAbsent(
                                    array.getName().substring(0, slash), k -> new LinkedHashMap<>())
                            .put(array.getName().substring(slash + 1), array);
                }
            }
            requireSameParameters(file, present, byPath, arrayNames);
            SavedStates states = new SavedStates();
            for (NamedParameters.Named named : present) {
                Map<String, NDArray> arrays = byPath.get(named.path());
                if (arrays != null) {
                    NDList slots = new NDList();
                    for (String name : arrayNames) {
                        NDArray array = arrays.get(name);
                        array.setName(name);
                        slots.add(array);
                    }
                    int step = Math.toIntExact(arrays.get(STEP).getLong());
                    states.keep(named.parameter().getId(), new Saved(named.path(), slots, step));
                }
            }
            return states;
        }
    }

    private static NDList decode(NDManager manager, Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        // The decoder reads entry by entry and does not miss a directory that was cut off.
        try (ZipFile zip = new ZipFile(file.toFile())) {
            NDList list = NDList.decode(manager, bytes);
            if (list.size() == zip.size()) {
                return list;
            }
        } catch (ZipException | IllegalArgumentException e) {
            throw new IOException(notSaved(file), e);
        }
        throw new IOException(notSaved(file));
    }

    private static Map<String, Object> description(Path file, NDList list) throws IOException {
        for (NDArray array : list) {
            if (array.getName().equals(CONFIGURATION)) {
                return JsonUtils.GSON.fromJson(
                        new String(array.toByteArray(), StandardCharsets.UTF_8),
                        new TypeToken<Map<String, Object>>() {}.getType());
            }
        }
        throw new IOException(notSaved(file));
    }

    private static String notSaved(Path file) {
        return file
                + " is not a saved optimizer: it is truncated, or no .npz file with a"
                + " configuration.";
    }

    private static void compare(
            Path file, Map<String, Object> savedDescription, Map<String, Object> present) {
        Map<String, Object> throughJson =
                JsonUtils.GSON.fromJson(
                        JsonUtils.GSON_COMPACT.toJson(present),
                        new TypeToken<Map<String, Object>>() {}.getType());
        Map<String, Object> differences = new TreeMap<>();
        for (String key : union(savedDescription, throughJson)) {
            Object was = savedDescription.get(key);
            Object is = throughJson.get(key);
            if (was == null ? is != null : !was.equals(is)) {
                differences.put(key, was + " there, " + is + " here");
            }
        }
        if (differences.keySet().stream().anyMatch(MUST_AGREE::contains)) {
            throw new IllegalArgumentException(
                    file + " was saved by another optimizer: " + differences + ".");
        }
        differences.forEach(
                (key, difference) -> logger.warn("{} has another {}: {}.", file, key, difference));
    }

    private static List<String> union(Map<String, ?> first, Map<String, ?> second) {
        List<String> keys = new ArrayList<>(first.keySet());
        second.keySet().stream().filter(key -> !first.containsKey(key)).forEach(keys::add);
        return keys;
    }

    private static void requireSameParameters(
            Path file,
            List<NamedParameters.Named> present,
            Map<String, Map<String, NDArray>> byPath,
            List<String> arrayNames) {
        List<String> missing = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        Map<String, Map<String, NDArray>> extra = new TreeMap<>(byPath);
        for (NamedParameters.Named named : present) {
            Map<String, NDArray> arrays = extra.remove(named.path());
            if (arrays == null) {
                if (named.parameter().requiresGradient()) {
                    missing.add(named.path());
                }
                continue;
            }
            Shape shape = named.shape();
            for (String name : arrayNames) {
                NDArray array = arrays.get(name);
                if (array == null) {
                    missing.add(named.path() + '/' + name);
                } else if (!array.getShape().equals(shape)) {
                    wrong.add(
                            named.path() + " (" + array.getShape() + " there, " + shape + " here)");
                    break;
                }
            }
            if (!arrays.containsKey(STEP)) {
                missing.add(named.path() + '/' + STEP);
            }
        }
        if (!missing.isEmpty() || !wrong.isEmpty() || !extra.isEmpty()) {
            throw new IllegalArgumentException(
                    file
                            + " is of another network; missing there: "
                            + missing
                            + "; not in this network: "
                            + extra.keySet()
                            + "; of another shape: "
                            + wrong
                            + ".");
        }
    }

    @Override
    public void close() {
        byId.clear();
        if (manager != null) {
            manager.close();
            manager = null;
        }
    }
}
