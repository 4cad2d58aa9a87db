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
 * overwrites them. To be used outside a gradient collector.
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
     */
    public void capture() {
        for (Pair<String, Parameter> pair : block.getParameters()) {
            NDArray array = pair.getValue().getArray();
            NDArray copy = copies.get(pair.getKey());
            if (copy == null) {
                copies.put(pair.getKey(), duplicate(array));
            } else {
                copy.set(ALL, array);
            }
        }
    }

    private NDArray duplicate(NDArray array) {
        if (manager == null) {
            manager = array.getManager().getEngine().newBaseManager(array.getDevice());
        }
        NDArray copy = manager.zeros(array.getShape(), array.getDataType());
        copy.set(ALL, array);
        return copy;
    }

    /**
     * Writes the captured values back into the parameters' own arrays.
     *
     * @return whether there was anything to restore
     */
    public boolean restore() {
        if (copies.isEmpty()) {
            return false;
        }
        for (Pair<String, Parameter> pair : block.getParameters()) {
            pair.getValue().getArray().set(ALL, copies.get(pair.getKey()));
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
