// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Block;
import io.github.caadam.internal.NetworkParameters;
import io.github.caadam.internal.OwnedArrays;
import io.github.caadam.internal.StateFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A copy of all parameters of a block, running statistics included, from which they can be restored
 * in place. A parameter that stands at several places of the block is copied once. Capturing again
 * overwrites the copies, and closing frees them. An {@link ai.djl.ndarray.NDScope} that is open
 * where they are made does not.
 *
 * @since 0.1.0
 */
public final class BestWeights implements AutoCloseable {

    private static final NDIndex ALL = new NDIndex("...");
    private static final String KIND = "a file of saved weights";

    private final NetworkParameters parameters;
    private final Map<String, NDArray> copies = new LinkedHashMap<>();
    private OwnedArrays owned;

    /**
     * Creates a snapshot that holds nothing yet.
     *
     * @param block the block whose parameters are copied; need not be initialized yet
     */
    public BestWeights(Block block) {
        parameters = NetworkParameters.of(block);
    }

    /**
     * Copies the parameters' present values.
     *
     * @throws IllegalStateException if the block was not initialized, two of its parameters have
     *     one path, or it has other parameters than at an earlier capture: by path, shape or number
     *     type
     */
    public void capture() {
        Collection<NetworkParameters.Named> present = parameters.byPath().values();
        if (copies.isEmpty()) {
            for (NetworkParameters.Named named : present) {
                copies.put(named.path(), owner(named).zerosLike(named.parameter().getArray()));
            }
        }
        requireSame(present);
        present.forEach(n -> copy(n.parameter().getArray(), copies.get(n.path())));
    }

    /** Returns who owns the copies, on the device of the first parameter. */
    private OwnedArrays owner(NetworkParameters.Named first) {
        if (owned == null) {
            owned = OwnedArrays.beside(first.parameter().getArray());
        }
        return owned;
    }

    /** Copies in place through detached views, so that no thread records it as differentiable. */
    private static void copy(NDArray source, NDArray target) {
        try (NDArray from = source.stopGradient();
                NDArray to = target.stopGradient()) {
            to.set(ALL, from);
        }
    }

    private void requireSame(Collection<NetworkParameters.Named> present) {
        List<String> differences = differences(present, copies);
        if (!differences.isEmpty()) {
            throw new IllegalStateException(
                    "Not as captured: "
                            + differences
                            + "; do not change the block between capture and restore.");
        }
    }

    /** Says in words how the parameters differ from arrays by path. */
    private static List<String> differences(
            Collection<NetworkParameters.Named> present, Map<String, NDArray> arrays) {
        List<String> differences = new ArrayList<>();
        Set<String> others = new LinkedHashSet<>(arrays.keySet());
        for (NetworkParameters.Named named : present) {
            NDArray array = arrays.get(named.path());
            others.remove(named.path());
            if (array == null
                    || !array.getShape().equals(named.shape())
                    || array.getDataType() != named.dataType()) {
                differences.add(
                        named.path()
                                + " ("
                                + (array == null
                                        ? "nothing"
                                        : array.getDataType() + " " + array.getShape())
                                + " there, "
                                + named.dataType()
                                + ' '
                                + named.shape()
                                + " in the block)");
            }
        }
        others.forEach(path -> differences.add(path + " (not in the block)"));
        return differences;
    }

    /**
     * Writes the captured values back into the parameters' own arrays.
     *
     * @return whether there was anything to restore
     * @throws IllegalStateException if the block has other parameters than when they were captured:
     *     by path, shape or number type; nothing was written then
     */
    public boolean restore() {
        if (copies.isEmpty()) {
            return false;
        }
        Collection<NetworkParameters.Named> present = parameters.byPath().values();
        requireSame(present);
        present.forEach(n -> copy(copies.get(n.path()), n.parameter().getArray()));
        return true;
    }

    /**
     * Writes the captured values, by parameter path, for a later process to {@link #load}. NumPy
     * opens the file, too. It appears under its name when it is complete.
     *
     * @param file the file, usually ending in {@code .npz}; replaced if it exists, and missing
     *     directories are created
     * @return whether there was anything to write; if not, no file is made
     * @throws IOException if it cannot be written
     * @throws IllegalStateException if a parameter of the block itself is called {@code
     *     configuration}, or has more than 2³¹ - 1 bytes
     */
    public boolean save(Path file) throws IOException {
        Objects.requireNonNull(file, "file");
        if (copies.isEmpty()) {
            return false;
        }
        if (copies.containsKey(StateFile.CONFIGURATION)) {
            throw new IllegalStateException(
                    "A parameter called "
                            + StateFile.CONFIGURATION
                            + " cannot be saved: the file's own array has that name. Give it"
                            + " another.");
        }
        StateFile.write(file, copies);
        return true;
    }

    /**
     * Captures what {@link #save} wrote, rather than the parameters' present values, which stay.
     *
     * @param file the file
     * @throws IOException if it cannot be read, is no such file, or has other parameters than the
     *     block: by path, shape or number type; what was captured before stays then
     * @throws IllegalStateException if the block was not initialized, or two of its parameters have
     *     one path
     */
    public void load(Path file) throws IOException {
        Objects.requireNonNull(file, "file");
        Collection<NetworkParameters.Named> present = parameters.byPath().values();
        try (NDManager host = NDManager.newBaseManager(Device.cpu())) {
            Map<String, NDArray> saved = StateFile.read(file, host, KIND).arrays();
            List<String> differences = differences(present, saved);
            if (!differences.isEmpty()) {
                throw new IOException(
                        file + " does not hold the weights of this network: " + differences + ".");
            }
            close();
            for (NetworkParameters.Named named : present) {
                copies.put(named.path(), owner(named).take(saved.get(named.path())));
            }
        }
    }

    /** Frees the copies; nothing is captured then. */
    @Override
    public void close() {
        copies.clear();
        if (owned != null) {
            owned.close();
            owned = null;
        }
    }
}
