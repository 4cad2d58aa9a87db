package io.github.caadam.structure;

import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a {@link NetworkStructure} off an initialized {@link Block} tree.
 *
 * <p>A <em>layer</em> is a block that holds, by itself, a trainable weight (rank 2 or more, such as
 * the weight of {@link ai.djl.nn.core.Linear} or of a convolution); its connections are the
 * elements of its weights. Children follow one another in the order in which they were declared;
 * the branches of a {@link ParallelBlock} start at the same depth, and the longest decides where
 * the next layer stands. A block that holds only other parameters, such as a normalisation, belongs
 * to the layer before it, or to the first layer where none is before it. Where there is no layer at
 * all, all parameters together count as one. Parameters that are frozen are left out, and a
 * parameter that several blocks share counts once, where it stands first.
 */
public final class StructureInspector {

    private final List<LayerGraph.Layer> layers = new ArrayList<>();
    private final List<LayerGraph.TrainableParameter> parameters = new ArrayList<>();
    private final Map<String, String> paths = new HashMap<>();
    private final Set<String> seen = new HashSet<>();

    private StructureInspector(Block block) {
        for (Pair<String, Parameter> pair : block.getParameters()) {
            paths.putIfAbsent(pair.getValue().getId(), pair.getKey());
        }
    }

    /**
     * Reads the structure of a network.
     *
     * @param block the network; all its parameters must have shapes, that is, it was initialized or
     *     loaded
     * @param convention how connections and depth are counted
     * @return the structure
     * @throws IllegalStateException if the block was not initialized yet
     * @throws IllegalArgumentException if the block has no trainable parameter
     */
    public static NetworkStructure inspect(Block block, StructureConvention convention) {
        StructureInspector inspector = new StructureInspector(block);
        int depth = inspector.walk("", block, 0);
        return convention.structure(inspector.graph(depth));
    }

    /** Walks a subtree whose first layer stands at {@code depth}; returns where the next stands. */
    private int walk(String path, Block block, int depth) {
        int next = visitDirectParameters(path, block, depth);
        boolean parallel = block instanceof ParallelBlock;
        int longest = next;
        for (Pair<String, Block> child : block.getChildren()) {
            String childPath = path.isEmpty() ? child.getKey() : path + "_" + child.getKey();
            int end = walk(childPath, child.getValue(), parallel ? next : longest);
            longest = Math.max(longest, end);
        }
        return longest;
    }

    private int visitDirectParameters(String path, Block block, int depth) {
        List<Parameter> trainable = new ArrayList<>();
        long connections = 0;
        for (Parameter parameter : block.getDirectParameters().values()) {
            if (parameter.requiresGradient() && seen.add(parameter.getId())) {
                requireShape(parameter);
                trainable.add(parameter);
                if (LayerGraph.isWeight(parameter)) {
                    connections += parameter.getShape().size();
                }
            }
        }
        boolean isLayer = connections > 0;
        if (isLayer) {
            String name = path.isEmpty() ? block.getClass().getSimpleName() : path;
            layers.add(new LayerGraph.Layer(name, connections, depth));
        }
        for (Parameter parameter : trainable) {
            parameters.add(
                    new LayerGraph.TrainableParameter(
                            paths.get(parameter.getId()),
                            parameter.getId(),
                            parameter.getShape(),
                            Math.max(layers.size() - 1, 0)));
        }
        return isLayer ? depth + 1 : depth;
    }

    private void requireShape(Parameter parameter) {
        if (parameter.getShape() == null) {
            throw new IllegalStateException(
                    "The parameter \""
                            + paths.get(parameter.getId())
                            + "\" has no shape yet: initialize the block before its structure is"
                            + " read.");
        }
    }

    private LayerGraph graph(int depth) {
        if (parameters.isEmpty()) {
            throw new IllegalArgumentException(
                    "The block has no trainable parameter; give the block that is trained, and do"
                            + " not freeze all of it.");
        }
        if (layers.isEmpty()) {
            long size = parameters.stream().mapToLong(p -> p.shape().size()).sum();
            layers.add(new LayerGraph.Layer("network", size, 0));
        }
        return new LayerGraph(layers, parameters, Math.max(depth, 1));
    }
}
