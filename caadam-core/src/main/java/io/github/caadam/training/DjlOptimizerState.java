// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.nn.Block;
import ai.djl.training.optimizer.Adam;
import ai.djl.training.optimizer.AdamW;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.optimizer.Sgd;
import io.github.caadam.internal.NetworkParameters;
import io.github.caadam.internal.PrivateFields;
import io.github.caadam.internal.StateFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The state of DJL's own optimizers that the PyTorch engine executes: their arrays by parameter and
 * device, and the counts of updates. They have no getters, so they are read from private fields, by
 * the types of these. In the file, an array is called {@code PATH/FIELD}.
 */
final class DjlOptimizerState implements Resumable {

    private static final String KIND = "a saved optimizer of DJL";
    private static final Set<Class<?>> KNOWN = Set.of(Sgd.class, Adam.class, AdamW.class);

    private static final String ARRAYS =
            "java.util.Map<java.lang.String, java.util.Map<ai.djl.Device, ai.djl.ndarray.NDArray>>";
    private static final String COUNTS = "java.util.Map<java.lang.String, java.lang.Integer>";
    private static final String LATEST = "numUpdate";

    private final Optimizer optimizer;
    private final NetworkParameters parameters;

    /**
     * Looks at an optimizer.
     *
     * @throws IllegalArgumentException if it is none of the known
     */
    DjlOptimizerState(Optimizer optimizer, Block block) {
        requireKnown(optimizer);
        this.optimizer = optimizer;
        parameters = NetworkParameters.of(block);
    }

    static void requireKnown(Optimizer optimizer) {
        Class<?> type = optimizer.getClass();
        if (!KNOWN.contains(type)) {
            throw new IllegalArgumentException(
                    "What "
                            + type.getSimpleName()
                            + " remembers cannot be saved. Those that can are the optimizers of"
                            + " this library, such as Nadam or Adamax, RuleOptimizer for a rule of"
                            + " your own, and DJL's Sgd (with momentum), Adam and AdamW; or let"
                            + " yours implement Resumable.");
        }
        if (maps(optimizer).isEmpty()
                || counts(optimizer).isEmpty()
                || PrivateFields.read(optimizer, Optimizer.class, LATEST, Integer.class)
                        .isEmpty()) {
            throw new IllegalArgumentException(
                    "This version of DJL keeps what "
                            + type.getSimpleName()
                            + " remembers in another form than 0.36.0, so that it cannot be saved:"
                            + " use an optimizer of this library, such as CaAdam.");
        }
    }

    private static Map<String, Map<String, Map<Device, NDArray>>> maps(Optimizer optimizer) {
        return PrivateFields.<String, Map<Device, NDArray>>readMaps(
                        optimizer, optimizer.getClass(), ARRAYS)
                .orElse(Map.of());
    }

    /** Returns the counts of updates, or an empty map of maps if there is not exactly one. */
    private static Map<String, Map<String, Integer>> counts(Optimizer optimizer) {
        return PrivateFields.<String, Integer>readMaps(optimizer, Optimizer.class, COUNTS)
                .filter(found -> found.size() == 1)
                .orElse(Map.of());
    }

    @Override
    public void save(Path file) throws IOException {
        Map<String, Integer> counts = counts(optimizer).values().iterator().next();
        Map<String, Object> saved = new LinkedHashMap<>();
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        Map<String, Integer> savedCounts = new LinkedHashMap<>();
        for (NetworkParameters.Named named : parameters.byPath().values()) {
            String id = named.parameter().getId();
            maps(optimizer)
                    .forEach(
                            (field, byId) -> {
                                NDArray array =
                                        latest(byId.getOrDefault(id, Map.of()), named.device());
                                if (array != null) {
                                    arrays.put(named.path() + '/' + field, array);
                                }
                            });
            if (counts.containsKey(id)) {
                savedCounts.put(named.path(), counts.get(id));
            }
        }
        saved.put("optimizer", optimizer.getClass().getSimpleName());
        saved.put("counts", savedCounts);
        saved.put("latest", latest());
        StateFile.write(file, arrays, SavedValues.withHead(KIND, saved));
    }

    /**
     * Returns the array that steps change, or null if there is none. A training on other devices
     * than the model's leaves what was loaded on the model's device behind.
     */
    private static NDArray latest(Map<Device, NDArray> byDevice, Device ofModel) {
        return byDevice.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(ofModel))
                .findFirst()
                .map(Map.Entry::getValue)
                .orElse(byDevice.get(ofModel));
    }

    private int latest() {
        return PrivateFields.read(optimizer, Optimizer.class, LATEST, Integer.class).orElseThrow();
    }

    @Override
    public void load(Path file) throws IOException {
        Map<String, NetworkParameters.Named> present = parameters.byPath();
        try (NDManager host = NDManager.newBaseManager(Device.cpu())) {
            StateFile state = StateFile.read(file, host, KIND);
            SavedValues values = SavedValues.of(file, state.configuration(), KIND);
            requireSameOptimizer(file, values.text("optimizer"));
            Map<String, Integer> counts = values.integers("counts");
            int latest = values.integer("latest");
            requireSameParameters(file, present, state.arrays(), counts);
            take(present, state.arrays());
            Map<String, Integer> own = counts(optimizer).values().iterator().next();
            own.clear();
            counts.forEach((path, count) -> own.put(present.get(path).parameter().getId(), count));
            if (!PrivateFields.write(optimizer, Optimizer.class, LATEST, latest)) {
                throw new IllegalStateException(
                        "The count of updates of " + optimizer + " cannot be set.");
            }
        }
    }

    private void requireSameOptimizer(Path file, String saved) {
        String here = optimizer.getClass().getSimpleName();
        if (!saved.equals(here)) {
            throw new IllegalArgumentException(
                    file
                            + " was saved by another optimizer: "
                            + saved
                            + " there, "
                            + here
                            + " here.");
        }
    }

    private void requireSameParameters(
            Path file,
            Map<String, NetworkParameters.Named> present,
            Map<String, NDArray> arrays,
            Map<String, Integer> counts) {
        Set<String> strangers = new TreeSet<>(counts.keySet());
        strangers.removeAll(present.keySet());
        List<String> wrong = new ArrayList<>();
        arrays.forEach(
                (name, array) -> {
                    int slash = name.lastIndexOf('/');
                    NetworkParameters.Named named =
                            slash < 0 ? null : present.get(name.substring(0, slash));
                    if (named == null || !maps(optimizer).containsKey(name.substring(slash + 1))) {
                        strangers.add(name);
                    } else if (!array.getShape().equals(named.shape())
                            || array.getDataType() != named.dataType()) {
                        wrong.add(
                                name
                                        + " ("
                                        + array.getDataType()
                                        + ' '
                                        + array.getShape()
                                        + " there, "
                                        + named.dataType()
                                        + ' '
                                        + named.shape()
                                        + " here)");
                    }
                });
        if (!strangers.isEmpty() || !wrong.isEmpty()) {
            throw new IllegalArgumentException(
                    file
                            + " is of another network; not in this network: "
                            + strangers
                            + "; of another shape or type: "
                            + wrong
                            + ".");
        }
    }

    /** Puts arrays where DJL does: into no manager, since DJL's optimizers are not closed. */
    private void take(Map<String, NetworkParameters.Named> present, Map<String, NDArray> arrays) {
        maps(optimizer)
                .forEach(
                        (field, byId) -> {
                            byId.values()
                                    .forEach(byDevice -> byDevice.values().forEach(NDArray::close));
                            byId.clear();
                            present.forEach(
                                    (path, named) -> {
                                        NDArray saved = arrays.get(path + '/' + field);
                                        if (saved != null) {
                                            Map<Device, NDArray> byDevice =
                                                    new ConcurrentHashMap<>();
                                            byDevice.put(named.device(), copy(saved, named));
                                            byId.put(named.parameter().getId(), byDevice);
                                        }
                                    });
                        });
    }

    private static NDArray copy(NDArray saved, NetworkParameters.Named named) {
        NDArray copy = named.parameter().getArray().zerosLike();
        NDScope.unregister(copy);
        copy.detach();
        WeightsFile.copy(saved, copy);
        return copy;
    }
}
