// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.Trainer;
import io.github.caadam.internal.NetworkParameters;
import io.github.caadam.internal.OwnedArrays;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A copy of all parameters of a block, running statistics included, from which they can be restored
 * in place. A parameter that stands at several places of the block is copied once. Capturing again
 * overwrites the copies, and closing frees them. An {@link ai.djl.ndarray.NDScope} that is open
 * where they are made does not.
 *
 * <p>Of a TorchScript DJL shows the parameters only, so its running statistics are not among them.
 *
 * @since 0.1.0
 */
public final class BestWeights implements Resumable, AutoCloseable {

    private final TrainedArrays arrays;
    private final Map<String, NDArray> copies = new LinkedHashMap<>();
    private OwnedArrays owned;

    /**
     * Creates a snapshot of a block alone, which holds nothing yet.
     *
     * @param block the block whose parameters are copied; need not be initialized yet
     */
    public BestWeights(Block block) {
        arrays = TrainedArrays.of(Objects.requireNonNull(block, "block"));
    }

    /**
     * Creates a snapshot of the weights that a trainer evaluates, which holds nothing yet. Where
     * the trainer trains copies on other devices than the model's, it captures those on the first
     * device, and restores into all of them and into the block. Where it evaluates averages of the
     * weights, as a {@link FusedTrainer} does, it captures the averages, and restores them into the
     * weights and into the averages.
     *
     * @param trainer the trainer; need not be initialized yet
     */
    public BestWeights(Trainer trainer) {
        arrays = TrainedArrays.of(Objects.requireNonNull(trainer, "trainer"));
    }

    /**
     * Copies the parameters' present values.
     *
     * @throws IllegalStateException if the block was not initialized, two of its parameters have
     *     one path, or it has other parameters than at an earlier capture: by path, shape or number
     *     type
     */
    public void capture() {
        Collection<NetworkParameters.Named> present = arrays.parameters();
        if (copies.isEmpty()) {
            for (NetworkParameters.Named named : present) {
                NDArray evaluated = arrays.evaluated(named);
                copies.put(named.path(), owner(evaluated).zerosLike(evaluated));
            }
        }
        requireSame(present);
        present.forEach(n -> WeightsFile.copy(arrays.evaluated(n), copies.get(n.path())));
    }

    /** Returns who owns the copies, on the device of the first parameter. */
    private OwnedArrays owner(NDArray first) {
        if (owned == null) {
            owned = OwnedArrays.beside(first);
        }
        return owned;
    }

    private void requireSame(Collection<NetworkParameters.Named> present) {
        List<String> differences = WeightsFile.differences(present, copies);
        if (!differences.isEmpty()) {
            throw new IllegalStateException(
                    "Not as captured: "
                            + differences
                            + "; do not change the block between capture and restore.");
        }
    }

    /**
     * Writes the captured values back into the parameters' own arrays, and a trainer's copies of
     * them.
     *
     * @return whether there was anything to restore
     * @throws IllegalStateException if the block has other parameters than when they were captured:
     *     by path, shape or number type; nothing was written then
     */
    public boolean restore() {
        if (copies.isEmpty()) {
            return false;
        }
        Collection<NetworkParameters.Named> present = arrays.parameters();
        requireSame(present);
        for (NetworkParameters.Named named : present) {
            NDArray captured = copies.get(named.path());
            arrays.all(named).forEach(array -> WeightsFile.copy(captured, array));
        }
        return true;
    }

    /**
     * Writes the captured values, by parameter path, for a later process to {@link #load}. NumPy
     * opens the file, too. It appears under its name when it is complete. Where nothing was
     * captured, the file says so.
     *
     * @param file the file, usually ending in {@code .npz}; replaced if it exists, and missing
     *     directories are created
     * @throws IOException if it cannot be written
     * @throws IllegalStateException if a parameter of the block itself is called {@code
     *     configuration}
     * @throws IllegalArgumentException if a parameter has more than 2³¹ - 1025 bytes
     */
    @Override
    public void save(Path file) throws IOException {
        WeightsFile.write(Objects.requireNonNull(file, "file"), copies);
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
    @Override
    public void load(Path file) throws IOException {
        Objects.requireNonNull(file, "file");
        Collection<NetworkParameters.Named> present = arrays.parameters();
        try (NDManager host = NDManager.newBaseManager(Device.cpu())) {
            Map<String, NDArray> saved = WeightsFile.read(file, host);
            if (saved.isEmpty()) {
                close();
                return;
            }
            WeightsFile.requireSame(file, present, saved);
            close();
            for (NetworkParameters.Named named : present) {
                copies.put(
                        named.path(), owner(arrays.evaluated(named)).take(saved.get(named.path())));
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
