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
import io.github.caadam.rule.NetworkNumber;
import io.github.caadam.rule.Slot;
import io.github.caadam.spi.StepRecipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of all parameters as it is saved: a {@code .npz} file with the arrays {@code
 * PATH/ARRAY}, {@code PATH/step} and {@code configuration}; and {@code PATH/accumulated} where
 * gradients are accumulated; {@code networkNumbers/NAME} for the numbers that a rule keeps of the
 * network. The configuration holds, beside the optimizer's description, the format of the file, and
 * the paths of the parameters that have no state because they were never trained; and the network's
 * number of steps, where no parameter was trained in all of them.
 */
final class SavedStates implements AutoCloseable {

    /** Nothing saved; never changed. */
    static final SavedStates NONE = new SavedStates();

    private static final Logger logger = LoggerFactory.getLogger(SavedStates.class);

    private static final int FORMAT = 1;
    private static final String FORMAT_KEY = "format";
    private static final String UNTRAINED = "untrained";
    private static final String NETWORK_STEP = "networkStep";
    private static final String STARTS = "startOfLayers";
    private static final String NETWORK_NUMBERS = "networkNumbers/";
    private static final String STEP = "step";
    private static final String ACCUMULATED = "accumulated";
    private static final String KIND = "a saved optimizer";
    private static final List<String> MUST_AGREE = List.of("algorithm", "amsgrad");

    /** What options keep: it starts anew where an option was not set when the state was saved. */
    private static final Set<String> OF_OPTIONS =
            Set.of(StepRecipe.ACCUMULATED_GRADIENT, StepRecipe.AVERAGE);

    private final Map<String, Saved> byId = new LinkedHashMap<>();
    private final List<String> untrained = new ArrayList<>();
    private final Map<String, Double> networkNumbers = new LinkedHashMap<>();
    private int networkStep;
    private Map<String, Double> starts = Map.of();
    private OwnedArrays owned;

    /**
     * The state of a parameter.
     *
     * @param path the parameter's path
     * @param arrays its arrays, in main memory
     * @param step its number of steps
     * @param accumulated of how many batches its gradients wait for the next step
     */
    record Saved(String path, NDList arrays, int step, int accumulated) {

        /** Returns the arrays but for the gradients that wait for the next step. */
        NDList withoutAccumulated() {
            return new NDList(
                    arrays.stream()
                            .filter(a -> !a.getName().equals(StepRecipe.ACCUMULATED_GRADIENT))
                            .toList());
        }
    }

    Optional<Saved> find(String parameterId) {
        return Optional.ofNullable(byId.get(parameterId));
    }

    /** Returns how many steps the network made. */
    int latestStep() {
        return Math.max(networkStep, mostSteps());
    }

    private int mostSteps() {
        return byId.values().stream().mapToInt(Saved::step).max().orElse(0);
    }

    /** Notes how many steps the network made, which may be more than any of its parameters. */
    void setNetworkStep(int step) {
        networkStep = step;
    }

    /** Notes the root mean squares of weights at the start, by layer, as far as rates need them. */
    void setStarts(Map<String, Double> byLayer) {
        starts = Map.copyOf(byLayer);
    }

    Map<String, Double> starts() {
        return starts;
    }

    /** Notes the numbers that the rule keeps of the network. */
    void setNetworkNumbers(Map<String, Double> numbers) {
        networkNumbers.putAll(numbers);
    }

    /** Returns the numbers that the rule keeps of the network, by name in their order. */
    Map<String, Double> networkNumbers() {
        return networkNumbers;
    }

    /** Returns of how many batches the network's gradients wait for the next step. */
    int accumulated() {
        return byId.values().stream().mapToInt(Saved::accumulated).max().orElse(0);
    }

    /** Adds a parameter's state, whose arrays stay the caller's. */
    void add(NetworkParameters.Named named, NDList arrays, int step, int accumulated) {
        byId.put(named.parameter().getId(), new Saved(named.path(), arrays, step, accumulated));
    }

    /** Adds what a parameter starts with, but for what options keep. */
    void addInitial(NetworkParameters.Named named, List<Slot> slots, int step) {
        NDList arrays = new NDList();
        for (Slot slot : slots) {
            if (!OF_OPTIONS.contains(slot.name())) {
                arrays.add(
                        ParameterState.initial(slot, owner(named), named.parameter().getArray()));
            }
        }
        add(named, arrays, step, 0);
    }

    /** Adds a parameter that is frozen and was never trained, so that it has no state. */
    void addUntrained(NetworkParameters.Named named) {
        untrained.add(named.path());
    }

    private void take(NetworkParameters.Named named, NDList arrays, int step, int accumulated) {
        NDList taken = new NDList();
        arrays.forEach(array -> taken.add(owner(named).take(array)));
        add(named, taken, step, accumulated);
    }

    private OwnedArrays owner(NetworkParameters.Named named) {
        if (owned == null) {
            Engine engine = named.parameter().getArray().getManager().getEngine();
            owned = OwnedArrays.on(engine, Device.cpu());
        }
        return owned;
    }

    /** Returns whether a slot of a parameter was saved. */
    boolean has(String parameterId, String slot) {
        return find(parameterId).filter(state -> state.arrays().get(slot) != null).isPresent();
    }

    /**
     * Makes the state of a parameter on a device. In main memory it gets the arrays themselves,
     * which nobody else will ask for; on another device it gets copies, as there may be several
     * devices.
     *
     * @return the state, or empty if none was saved
     */
    Optional<ParameterState> stateOf(
            String parameterId, NDArray weight, Device device, List<Slot> slots) {
        boolean taken = device.equals(Device.cpu());
        Optional<Saved> state =
                Optional.ofNullable(taken ? byId.remove(parameterId) : byId.get(parameterId));
        return state.map(s -> ParameterState.of(s, slots, weight, device, taken));
    }

    void write(Path file, Map<String, Object> description) throws IOException {
        try (NDManager scratch = NDManager.newBaseManager(Device.cpu())) {
            Map<String, NDArray> entries = new LinkedHashMap<>();
            for (Saved state : byId.values()) {
                for (NDArray array : state.arrays()) {
                    entries.put(state.path() + '/' + array.getName(), array);
                }
                entries.put(state.path() + '/' + STEP, scratch.create((long) state.step()));
                if (state.arrays().get(StepRecipe.ACCUMULATED_GRADIENT) != null) {
                    entries.put(
                            state.path() + '/' + ACCUMULATED,
                            scratch.create((long) state.accumulated()));
                }
            }
            networkNumbers.forEach(
                    (name, value) -> entries.put(NETWORK_NUMBERS + name, scratch.create(value)));
            Map<String, Object> configuration = new LinkedHashMap<>(description);
            configuration.put(FORMAT_KEY, FORMAT);
            if (!untrained.isEmpty()) {
                configuration.put(UNTRAINED, untrained);
            }
            if (networkStep > mostSteps()) {
                configuration.put(NETWORK_STEP, networkStep);
            }
            if (!starts.isEmpty()) {
                configuration.put(STARTS, new TreeMap<>(starts));
            }
            StateFile.write(file, entries, configuration);
        }
    }

    static Map<String, Object> readDescription(Path file) throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            Map<String, Object> configuration =
                    new LinkedHashMap<>(StateFile.read(file, manager, KIND).configuration());
            requireFormat(file, configuration);
            configuration.remove(FORMAT_KEY);
            configuration.remove(UNTRAINED);
            configuration.remove(NETWORK_STEP);
            configuration.remove(STARTS);
            return configuration;
        }
    }

    private static void requireFormat(Path file, Map<String, Object> configuration)
            throws IOException {
        Object format = configuration.get(FORMAT_KEY);
        if (!(format instanceof Number number) || number.doubleValue() != FORMAT) {
            throw new IOException(
                    file
                            + " is a saved optimizer "
                            + (format == null ? "without a format" : "of format " + format)
                            + ", and this version of the library reads format "
                            + FORMAT
                            + " only: load it with the version that saved it. Nothing was"
                            + " changed.");
        }
    }

    static SavedStates read(
            Path file,
            Map<String, Object> description,
            StepRecipe recipe,
            Function<String, List<Slot>> slots,
            List<NetworkParameters.Named> present)
            throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            StateFile saved = StateFile.read(file, manager, KIND);
            Map<String, Object> configuration = new LinkedHashMap<>(saved.configuration());
            requireFormat(file, configuration);
            configuration.remove(FORMAT_KEY);
            Object untrained = configuration.remove(UNTRAINED);
            Object networkStep = configuration.remove(NETWORK_STEP);
            Object starts = configuration.remove(STARTS);
            Map<String, Object> differences = compare(file, configuration, description);
            Map<String, NDArray> arrays = new LinkedHashMap<>(saved.arrays());
            SavedStates states = new SavedStates();
            for (NetworkNumber number : recipe.rule().networkNumbers()) {
                String name = NETWORK_NUMBERS + number.name();
                states.networkNumbers.put(number.name(), number(file, name, arrays.remove(name)));
            }
            Map<String, List<Slot>> kept = kept(slots, present);
            boolean averages = keeps(kept, StepRecipe.AVERAGE);
            if (!averages) {
                forget(arrays, present, StepRecipe.AVERAGE);
            }
            if (!keeps(kept, StepRecipe.ACCUMULATED_GRADIENT)
                    || differences.containsKey(StepRecipe.ACCUMULATION_STEPS)) {
                forget(arrays, present, StepRecipe.ACCUMULATED_GRADIENT);
                forget(arrays, present, ACCUMULATED);
            }
            requireSameParameters(
                    file,
                    present,
                    arrays,
                    kept,
                    untrained instanceof List<?> paths ? paths : List.of());
            Object batches = StateFile.asRead(description).get(StepRecipe.ACCUMULATION_STEPS);
            int mostAccumulated = batches instanceof Number number ? number.intValue() - 1 : 0;
            states.setNetworkStep(networkStep instanceof Number number ? number.intValue() : 0);
            states.setStarts(starts(file, starts));
            for (NetworkParameters.Named named : present) {
                String prefix = named.path() + '/';
                NDArray step = arrays.get(prefix + STEP);
                if (step != null) {
                    NDArray accumulated = arrays.get(prefix + ACCUMULATED);
                    states.take(
                            named,
                            slots(arrays, prefix, kept.get(named.path())),
                            number(file, prefix + STEP, step, Integer.MAX_VALUE),
                            accumulated == null
                                    ? 0
                                    : number(
                                            file,
                                            prefix + ACCUMULATED,
                                            accumulated,
                                            mostAccumulated));
                }
            }
            return states;
        }
    }

    /** Returns what is kept for each parameter, by path. */
    private static Map<String, List<Slot>> kept(
            Function<String, List<Slot>> slots, List<NetworkParameters.Named> present) {
        Map<String, List<Slot>> kept = new HashMap<>();
        present.forEach(named -> kept.put(named.path(), slots.apply(named.parameter().getId())));
        return kept;
    }

    private static boolean keeps(Map<String, List<Slot>> kept, String name) {
        return kept.values().stream()
                .anyMatch(slots -> slots.stream().anyMatch(slot -> slot.name().equals(name)));
    }

    private static Map<String, Double> starts(Path file, Object saved) {
        Map<String, Double> byLayer = new LinkedHashMap<>();
        if (saved instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (!(entry.getValue() instanceof Number number) || !(number.doubleValue() >= 0)) {
                    throw new IllegalArgumentException(
                            file
                                    + " has "
                                    + entry.getValue()
                                    + " as "
                                    + STARTS
                                    + " of "
                                    + entry.getKey()
                                    + ", expected a number, 0 or more.");
                }
                byLayer.put(String.valueOf(entry.getKey()), number.doubleValue());
            }
        }
        return byLayer;
    }

    private static void forget(
            Map<String, NDArray> arrays, List<NetworkParameters.Named> present, String name) {
        present.forEach(named -> arrays.remove(named.path() + '/' + name));
    }

    private static NDList slots(Map<String, NDArray> arrays, String prefix, List<Slot> kept) {
        NDList slots = new NDList();
        for (Slot one : kept) {
            NDArray slot = arrays.get(prefix + one.name());
            if (slot != null) {
                slot.setName(one.name());
                slots.add(slot);
            }
        }
        return slots;
    }

    private static double number(Path file, String name, NDArray saved) {
        if (saved == null || saved.getDataType() != DataType.FLOAT64 || saved.size() != 1) {
            throw new IllegalArgumentException(
                    file
                            + " has "
                            + (saved == null
                                    ? "nothing"
                                    : saved.getDataType() + " " + saved.getShape())
                            + " as "
                            + name
                            + ", expected a number of float64.");
        }
        return saved.toDoubleArray()[0];
    }

    private static int number(Path file, String name, NDArray saved, int largest) {
        boolean isNumber = saved.getDataType() == DataType.INT64 && saved.size() == 1;
        long number = isNumber ? saved.toLongArray()[0] : -1;
        if (number < 0 || number > largest) {
            throw new IllegalArgumentException(
                    file
                            + " has "
                            + (isNumber ? number : saved.getDataType() + " " + saved.getShape())
                            + " as "
                            + name
                            + ", expected a whole number from 0 to "
                            + largest
                            + ".");
        }
        return (int) number;
    }

    private static Map<String, Object> compare(
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
        return differences;
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
            Map<String, List<Slot>> kept,
            List<?> untrained) {
        Set<String> extra = new TreeSet<>(arrays.keySet());
        List<String> missing = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (NetworkParameters.Named named : present) {
            String prefix = named.path() + '/';
            boolean isSaved = arrays.keySet().stream().anyMatch(name -> isOf(prefix, name));
            if (isSaved) {
                for (Slot expected : kept.get(named.path())) {
                    String name = expected.name();
                    NDArray slot = arrays.get(prefix + name);
                    extra.remove(prefix + name);
                    if (slot == null) {
                        if (!OF_OPTIONS.contains(name)) {
                            missing.add(prefix + name);
                        }
                    } else if (!isLike(named, expected, slot)) {
                        wrong.add(difference(named, expected, slot));
                    }
                }
                if (!extra.remove(prefix + STEP)) {
                    missing.add(prefix + STEP);
                }
                boolean waits = arrays.containsKey(prefix + StepRecipe.ACCUMULATED_GRADIENT);
                if (waits && !extra.remove(prefix + ACCUMULATED)) {
                    missing.add(prefix + ACCUMULATED);
                }
            } else if (named.parameter().requiresGradient() && !untrained.contains(named.path())) {
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

    private static boolean isLike(NetworkParameters.Named named, Slot expected, NDArray slot) {
        return slot.getShape().equals(expected.shape(named.shape()))
                && slot.getDataType() == named.dataType();
    }

    private static String difference(NetworkParameters.Named named, Slot expected, NDArray saved) {
        return named.path()
                + '/'
                + expected.name()
                + " ("
                + saved.getDataType()
                + ' '
                + saved.getShape()
                + " there, "
                + named.dataType()
                + ' '
                + expected.shape(named.shape())
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
