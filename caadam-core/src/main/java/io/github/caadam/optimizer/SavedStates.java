package io.github.caadam.optimizer;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.util.JsonUtils;
import com.google.gson.reflect.TypeToken;
import io.github.caadam.internal.NetworkParameters;
import io.github.caadam.internal.OwnedArrays;
import io.github.caadam.internal.StateFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
    private static final String KIND = "a saved optimizer";
    private static final List<String> MUST_AGREE = List.of("algorithm", "amsgrad");

    private final Map<String, Saved> byId = new LinkedHashMap<>();
    private OwnedArrays owned;

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
    void add(NetworkParameters.Named named, NDList arrays, int step) {
        if (owned == null) {
            Engine engine = named.parameter().getArray().getManager().getEngine();
            owned = OwnedArrays.on(engine, Device.cpu());
        }
        NDList copies = new NDList();
        for (NDArray array : arrays) {
            copies.add(owned.copyOf(array));
        }
        byId.put(named.parameter().getId(), new Saved(named.path(), copies, step));
    }

    void write(Path file, Map<String, Object> description) throws IOException {
        try (NDManager scratch = NDManager.newBaseManager(Device.cpu())) {
            Map<String, NDArray> entries = new LinkedHashMap<>();
            for (Saved state : byId.values()) {
                for (NDArray array : state.arrays()) {
                    entries.put(state.path() + '/' + array.getName(), array);
                }
                entries.put(state.path() + '/' + STEP, scratch.create((long) state.step()));
            }
            StateFile.write(file, entries, description);
        }
    }

    static Map<String, Object> readDescription(Path file) throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            return StateFile.read(file, manager, KIND).configuration();
        }
    }

    static SavedStates read(
            Path file,
            Map<String, Object> description,
            List<String> arrayNames,
            List<NetworkParameters.Named> present)
            throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            StateFile saved = StateFile.read(file, manager, KIND);
            compare(file, saved.configuration(), description);
            Map<String, Map<String, NDArray>> byPath = new TreeMap<>();
            saved.arrays()
                    .forEach(
                            (name, array) -> {
                                int slash = name.lastIndexOf('/');
                                if (slash > 0) {
                                    byPath.computeIfAbsent(
                                                    name.substring(0, slash),
                                                    k -> new LinkedHashMap<>())
                                            .put(name.substring(slash + 1), array);
                                }
                            });
            requireSameParameters(file, present, byPath, arrayNames);
            SavedStates states = new SavedStates();
            for (NetworkParameters.Named named : present) {
                Map<String, NDArray> arrays = byPath.get(named.path());
                if (arrays != null) {
                    NDList slots = new NDList();
                    for (String name : arrayNames) {
                        NDArray array = arrays.get(name);
                        array.setName(name);
                        slots.add(array);
                    }
                    states.add(named, slots, Math.toIntExact(arrays.get(STEP).getLong()));
                }
            }
            return states;
        }
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
            List<NetworkParameters.Named> present,
            Map<String, Map<String, NDArray>> byPath,
            List<String> arrayNames) {
        List<String> missing = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        Map<String, Map<String, NDArray>> extra = new TreeMap<>(byPath);
        for (NetworkParameters.Named named : present) {
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
        if (owned != null) {
            owned.close();
            owned = null;
        }
    }
}
