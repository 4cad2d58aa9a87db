// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.github.caadam.internal.NetworkParameters;
import io.github.caadam.internal.StateFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Files of weights by parameter path, and how they are compared and copied. */
final class WeightsFile {

    private static final NDIndex ALL = new NDIndex("...");
    private static final String KIND = "a file of saved weights";

    private WeightsFile() {}

    /**
     * Writes weights.
     *
     * @throws IllegalStateException if one is called {@code configuration}, or is too large
     */
    static void write(Path file, Map<String, NDArray> weights) throws IOException {
        if (weights.containsKey(StateFile.CONFIGURATION)) {
            throw new IllegalStateException(
                    "A parameter called "
                            + StateFile.CONFIGURATION
                            + " cannot be saved: the file's own array has that name. Give it"
                            + " another.");
        }
        StateFile.write(file, weights, SavedValues.withHead(KIND, Map.of()));
    }

    /** Reads weights. */
    static Map<String, NDArray> read(Path file, NDManager host) throws IOException {
        StateFile saved = StateFile.read(file, host, KIND);
        SavedValues.of(file, saved.configuration(), KIND);
        return saved.arrays();
    }

    /** Checks that weights are those of a network. */
    static void requireSame(
            Path file, Collection<NetworkParameters.Named> present, Map<String, NDArray> weights)
            throws IOException {
        List<String> differences = differences(present, weights);
        if (!differences.isEmpty()) {
            throw new IOException(
                    file + " does not hold the weights of this network: " + differences + ".");
        }
    }

    /** Says in words how the parameters differ from arrays by path. */
    static List<String> differences(
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
     * Copies in place, also to another device, through detached views, so that no thread records it
     * as differentiable.
     */
    static void copy(NDArray source, NDArray target) {
        try (NDArray from = source.stopGradient();
                NDArray to = target.stopGradient()) {
            to.set(ALL, from);
        }
    }
}
