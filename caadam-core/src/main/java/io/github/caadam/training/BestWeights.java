package io.github.caadam.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import java.util.LinkedHashMap;
import java.util.Map;

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
