// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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

    /** Adds a parameter's state, which stays the caller's. */
    void add(NetworkParameters.Named named, NDList arrays, int step) {
        byId.put(named.parameter().getId(), new Saved(named.path(), arrays, step));
    }

    /** Adds a parameter's state, all of zeros. */
    void addZeros(NetworkParameters.Named named, List<String> arrayNames, int step) {
        NDList zeros = new NDList();
        for (String name : arrayNames) {
            NDArray array = owner(named).zerosLike(named.parameter().getArray());
            array.setName(name);
            zeros.add(array);
        }
        add(named, zeros, step);
    }

    private void take(NetworkParameters.Named named, NDList arrays, int step) {
        NDList taken = new NDList();
        arrays.forEach(array -> taken.add(owner(named).take(array)));
        add(named, taken, step);
    }

    private OwnedArrays owner(NetworkParameters.Named named) {
        if (owned == null) {
            Engine engine = named.parameter().getArray().getManager().getEngine();
            owned = OwnedArrays.on(engine, Device.cpu());
        }
        return owned;
    }

    /**
     * Makes the state of a parameter. A weight in main memory gets the arrays themselves, which
     * nobody else will ask for; on another device it gets copies, as there may be several devices.
     *
     * @return the state, or empty if none was saved
     */
    Optional<ParameterState> stateOf(String parameterId, NDArray weight) {
        Saved state = byId.get(parameterId);
        if (state != null && weight.getDevice().equals(Device.cpu())) {
            byId.remove(parameterId);
            return Optional.of(ParameterState.of(state.arrays(), weight, state.step()));
        }
        return Optional.ofNullable(state)
                .map(s -> ParameterState.copyOf(s.arrays(), weight, s.step()));
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
            Map<String, NDArray> arrays = saved.arrays();
            requireSameParameters(file, present, arrays, arrayNames);
            SavedStates states = new SavedStates();
            for (NetworkParameters.Named named : present) {
                NDArray step = arrays.get(named.path() + '/' + STEP);
                if (step != null) {
                    NDList slots = new NDList();
                    for (String name : arrayNames) {
                        NDArray slot = arrays.get(named.path() + '/' + name);
                        slot.setName(name);
                        slots.add(slot);
                    }
                    states.take(named, slots, step(file, named.path(), step));
                }
            }
            return states;
        }
    }

    private static int step(Path file, String path, NDArray saved) {
        boolean isNumber = saved.getDataType() == DataType.INT64 && saved.size() == 1;
        long step = isNumber ? saved.toLongArray()[0] : -1;
        if (step < 0 || step > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    file
                            + " has "
                            + (isNumber ? step : saved.getDataType() + " " + saved.getShape())
                            + " as the step of "
                            + path
                            + ", expected a whole number from 0 to "
                            + Integer.MAX_VALUE
                            + ".");
        }
        return (int) step;
    }

    private static void compare(
            Path file, Map<String, Object> savedDescription, Map<String, Object> present) {
        Map<String, Object> throughJson = StateFile.asRead(present);
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
            Map<String, NDArray> arrays,
            List<String> arrayNames) {
        Set<String> extra = new TreeSet<>(arrays.keySet());
        List<String> missing = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (NetworkParameters.Named named : present) {
            String prefix = named.path() + '/';
            boolean isSaved = arrays.keySet().stream().anyMatch(name -> isOf(prefix, name));
            if (isSaved) {
                for (String name : arrayNames) {
                    NDArray slot = arrays.get(prefix + name);
                    extra.remove(prefix + name);
                    if (slot == null) {
                        missing.add(prefix + name);
                    } else if (!isLike(named, slot)) {
                        wrong.add(difference(named, name, slot));
                    }
                }
                if (!extra.remove(prefix + STEP)) {
                    missing.add(prefix + STEP);
                }
            } else if (named.parameter().requiresGradient()) {
                missing.add(named.path());
            }
        }
        if (!missing.isEmpty() || !wrong.isEmpty() || !extra.isEmpty()) {
            throw new IllegalArgumentException(
                    file
                            + " is of another network; missing there: "
                            + missing
                            + "; not in this network: "
                            + strangers(extra, present)
                            + "; of another shape or type: "
                            + wrong
                            + ".");
        }
    }

    /** Names what the network lacks: parameters by path, and single arrays of those it has. */
    private static Set<String> strangers(
            Set<String> arrays, List<NetworkParameters.Named> present) {
        Set<String> strangers = new TreeSet<>();
        for (String array : arrays) {
            boolean isOfOne = present.stream().anyMatch(n -> isOf(n.path() + '/', array));
            int slash = array.lastIndexOf('/');
            strangers.add(isOfOne || slash < 0 ? array : array.substring(0, slash));
        }
        return strangers;
    }

    /** Returns whether an array is of the parameter with a path, not of one with a longer path. */
    private static boolean isOf(String prefix, String name) {
        return name.startsWith(prefix) && name.indexOf('/', prefix.length()) < 0;
    }

    private static boolean isLike(NetworkParameters.Named named, NDArray slot) {
        return slot.getShape().equals(named.shape()) && slot.getDataType() == named.dataType();
    }

    private static String difference(NetworkParameters.Named named, String slot, NDArray saved) {
        return named.path()
                + '/'
                + slot
                + " ("
                + saved.getDataType()
                + ' '
                + saved.getShape()
                + " there, "
                + named.dataType()
                + ' '
                + named.shape()
                + " here)";
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
