package io.github.caadam.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A copy of all parameters of a block, running statistics included, from which they can be restored
 * in place. The copies live in a manager of their own, which closing frees; capturing again
 * overwrites them.
 */
public final class BestWeights implements AutoCloseable {

    private static final NDIndex ALL = new NDIndex("...");

    private final Block block;
    private final Map<String, NDArray> copies = new LinkedHashMap<>();
    private NDManager manager;

    /**
     * Creates a snapshot that holds nothing yet.
     *
     * @param block the block whose parameters are copied
     */
    public BestWeights(Block block) {
        this.block = block;
    }

    /**
     * Copies the parameters' present values.
     *
     * @throws ai.djl.nn.UninitializedParameterException if the block was not initialized
     * @throws IllegalStateException if a parameter has another shape than at an earlier capture
     */
    public void capture() {
        for (Pair<String, Parameter> pair : block.getParameters()) {
            NDArray array = pair.getValue().getArray();
            NDArray copy = copies.get(pair.getKey());
            if (copy == null) {
                copies.put(pair.getKey(), duplicate(array));
            } else {
                requireSameShape(pair.getKey(), copy, array);
                copy(array, copy);
            }
        }
    }

    private NDArray duplicate(NDArray array) {
        if (manager == null) {
            manager = array.getManager().getEngine().newBaseManager(array.getDevice());
        }
        NDArray copy = manager.zeros(array.getShape(), array.getDataType());
        copy(array, copy);
        return copy;
    }

    /** Copies in place through detached views, so that no thread records it as differentiable. */
    private static void copy(NDArray source, NDArray target) {
        try (NDArray from = source.stopGradient();
                NDArray to = target.stopGradient()) {
            to.set(ALL, from);
        }
    }

    private static void requireSameShape(String path, NDArray copy, NDArray array) {
        if (copy == null || !copy.getShape().equals(array.getShape())) {
            throw new IllegalStateException(
                    "The parameter "
                            + path
                            + " has shape "
                            + array.getShape()
                            + ", but "
                            + (copy == null ? "nothing" : copy.getShape())
                            + " was captured; do not change the block between capture and"
                            + " restore.");
        }
    }

    /**
     * Writes the captured values back into the parameters' own arrays.
     *
     * @return whether there was anything to restore
     * @throws IllegalStateException if a parameter has another shape than when it was captured
     */
    public boolean restore() {
        if (copies.isEmpty()) {
            return false;
        }
        for (Pair<String, Parameter> pair : block.getParameters()) {
            NDArray array = pair.getValue().getArray();
            NDArray copy = copies.get(pair.getKey());
            requireSameShape(pair.getKey(), copy, array);
            copy(copy, array);
        }
        return true;
    }

    /**
     * Writes the captured values, by parameter path, for a later process to {@link #load}. NumPy
     * opens the file, too.
     *
     * @param file the file, usually ending in {@code .npz}; replaced if it exists
     * @return whether there was anything to write; if not, no file is made
     * @throws IOException if it cannot be written
     */
    public boolean save(Path file) throws IOException {
        if (copies.isEmpty()) {
            return false;
        }
        try (NDManager host = manager.getEngine().newBaseManager(Device.cpu());
                OutputStream out = Files.newOutputStream(file)) {
            NDList list = new NDList();
            copies.forEach(
                    (path, copy) -> {
                        NDArray onHost = copy.toDevice(Device.cpu(), true);
                        onHost.attach(host);
                        onHost.setName(path);
                        list.add(onHost);
                    });
            list.encode(out, NDList.Encoding.NPZ);
        }
        return true;
    }

    /**
     * Captures what {@link #save} wrote, rather than the parameters' present values, which stay.
     *
     * @param file the file
     * @throws IOException if it cannot be read, or has other parameters than the block
     * @throws ai.djl.nn.UninitializedParameterException if the block was not initialized
     */
    public void load(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile());
                NDManager host = NDManager.newBaseManager(Device.cpu())) {
            Map<String, NDArray> saved = new LinkedHashMap<>();
            NDList list = NDList.decode(host, Files.readAllBytes(file));
            list.forEach(array -> saved.put(array.getName(), array));
            // The decoder does not miss a directory that was cut off.
            if (list.size() != zip.size() || !fits(saved)) {
                throw new IOException(file + " does not hold the weights of this network.");
            }
            capture();
            for (Map.Entry<String, NDArray> one : saved.entrySet()) {
                NDArray target = copies.get(one.getKey());
                try (NDArray moved = one.getValue().toDevice(target.getDevice(), true)) {
                    copy(moved, target);
                }
            }
        } catch (ZipException | IllegalArgumentException e) {
            throw new IOException(file + " is not a file of saved weights, or is cut off.", e);
        }
    }

    private boolean fits(Map<String, NDArray> saved) {
        return block.getParameters().size() == saved.size()
                && block.getParameters().stream()
                        .allMatch(pair -> isLike(pair.getValue(), saved.get(pair.getKey())));
    }

    private static boolean isLike(Parameter parameter, NDArray saved) {
        NDArray array = parameter.getArray();
        return saved != null
                && saved.getShape().equals(array.getShape())
                && saved.getDataType() == array.getDataType();
    }

    /** Frees the copies. */
    @Override
    public void close() {
        copies.clear();
        if (manager != null) {
            manager.close();
            manager = null;
        }
    }
}
