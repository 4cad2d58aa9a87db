// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.structure;

import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SymbolBlock;
import ai.djl.nn.recurrent.RecurrentBlock;
import ai.djl.nn.transformer.BertBlock;
import ai.djl.nn.transformer.BertPretrainingBlock;
import ai.djl.util.Pair;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads a {@link NetworkStructure} off an initialized {@link Block} tree.
 *
 * <p>A <em>layer</em> is a block that holds, by itself, a trainable weight (rank 2 or more, such as
 * the weight of {@link ai.djl.nn.core.Linear} or of a convolution); its connections are the
 * elements of its weights, and a weight without elements makes no layer. A recurrent block is one
 * layer, however many cells are stacked in it.
 *
 * <p><b>Order and depth.</b> Children follow one another in the order in which they were declared.
 * The branches of a {@link ParallelBlock} start at the same depth, and the longest decides where
 * the next layer stands; so do the key, query and value projections of an attention block, the
 * three embeddings of a {@link BertBlock} and the two heads of a {@link BertPretrainingBlock}.
 *
 * <p><b>Other parameters.</b> A block that holds only other parameters, such as a normalisation,
 * belongs to the layer before it (after parallel branches, to the last one of the longest branch),
 * or to the first layer where none is before it; where it has layers inside, to the first of those.
 * Where there is no layer at all, all parameters together count as one.
 *
 * <p><b>TorchScript.</b> All parameters of a {@link SymbolBlock} are direct ones. They are split
 * into layers by their dotted names: {@code layer1.0.conv1.weight} and {@code layer1.0.conv1.bias}
 * belong to the layer {@code layer1.0.conv1}. The names say neither what runs in parallel nor what
 * kind a layer is: layers stand one after another in the order in which the script declares them,
 * and every weight is read as (units, inputs …). A tensor that the script holds under two names
 * counts twice, as DJL makes two parameters of it, which are also updated twice.
 *
 * <p>Parameters that are frozen are left out, and a parameter that several blocks share counts
 * once, where it stands first. For a network with a {@link RecurrentBlock} a warning is logged,
 * once per JVM, because the paper advises against its method there.
 *
 * @since 0.1.0
 */
public final class StructureInspector {

    private static final RecurrentWarning RECURRENT_WARNING = new RecurrentWarning();
    private static final int NO_LAYER = -1;

    private final List<LayerGraph.Layer> layers = new ArrayList<>();
    private final List<LayerGraph.TrainableParameter> parameters = new ArrayList<>();
    private final Map<String, String> paths = new HashMap<>();
    private final Map<String, Integer> kerasIndices = new HashMap<>();
    private final Set<String> seen = new HashSet<>();

    private final Predicate<Parameter> counted;

    private StructureInspector(Block block, Predicate<Parameter> counted) {
        this.counted = counted;
        for (Pair<String, Parameter> pair : block.getParameters()) {
            paths.putIfAbsent(pair.getValue().getId(), pair.getKey());
        }
        for (String id : KerasOrder.of(block, counted)) {
            kerasIndices.put(id, kerasIndices.size());
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
        return inspect(block, convention, Parameter::requiresGradient);
    }

    /**
     * Reads the structure of a network as if nothing were frozen. Running statistics do not count.
     *
     * @param block the network, as for {@link #inspect}
     * @param convention how connections and depth are counted
     * @return the structure, with parameters that are frozen
     * @throws IllegalStateException if the block was not initialized yet
     * @throws IllegalArgumentException if the block has no parameter
     */
    public static NetworkStructure inspectWhole(Block block, StructureConvention convention) {
        return inspect(
                block,
                convention,
                parameter ->
                        parameter.getType() != Parameter.Type.RUNNING_MEAN
                                && parameter.getType() != Parameter.Type.RUNNING_VAR);
    }

    private static NetworkStructure inspect(
            Block block, StructureConvention convention, Predicate<Parameter> counted) {
        Objects.requireNonNull(block, "block");
        Objects.requireNonNull(convention, "convention");
        StructureInspector inspector = new StructureInspector(block, counted);
        Position end = inspector.walk("", block, new Position(0, NO_LAYER));
        return convention.structure(inspector.graph(end.depth()));
    }

    /**
     * A place between layers.
     *
     * @param depth the depth of the layer that comes next
     * @param layer the index of the layer before, on the longest path
     */
    private record Position(int depth, int layer) {}

    /** Walks a subtree; returns the place behind it. */
    private Position walk(String path, Block block, Position start) {
        int firstLayer = layers.size();
        int firstParameter = parameters.size();
        Position end = visitOwnParameters(path, block, start);
        boolean isLayer = layers.size() > firstLayer;
        int ownParameters = parameters.size();
        Position childStart = block instanceof BertBlock ? start : end;
        for (List<Pair<String, Block>> stage : Stages.of(block)) {
            for (Pair<String, Block> child : stage) {
                Position childEnd = walk(join(path, child.getKey()), child.getValue(), childStart);
                if (childEnd.depth() > end.depth()) {
                    end = childEnd;
                }
            }
            childStart = end;
        }
        if (!isLayer && layers.size() > firstLayer) {
            parameters.subList(firstParameter, ownParameters).replaceAll(p -> p.in(firstLayer));
        }
        return end;
    }

    private Position visitOwnParameters(String path, Block block, Position start) {
        String name = path.isEmpty() ? block.getClass().getSimpleName() : path;
        if (block instanceof RecurrentBlock) {
            RECURRENT_WARNING.warn(name);
        }
        if (!(block instanceof SymbolBlock)) {
            return visit(name, block, block.getDirectParameters().values(), start);
        }
        Map<String, List<Parameter>> byModule = new LinkedHashMap<>();
        for (Parameter parameter : block.getDirectParameters().values()) {
            int dot = parameter.getName().lastIndexOf('.');
            String module = dot < 0 ? name : join(path, parameter.getName().substring(0, dot));
            byModule.computeIfAbsent(module, key -> new ArrayList<>()).add(parameter);
        }
        Position end = start;
        for (Map.Entry<String, List<Parameter>> module : byModule.entrySet()) {
            if (module.getValue().stream().anyMatch(LayerWeights::isStateWeight)) {
                RECURRENT_WARNING.warn(module.getKey());
            }
            end = visit(module.getKey(), block, module.getValue(), end);
        }
        return end;
    }

    /** Adds parameters that stand together, and their layer if there are weights among them. */
    private Position visit(String name, Block block, List<Parameter> together, Position start) {
        List<Parameter> trainable = new ArrayList<>();
        for (Parameter parameter : together) {
            if (counted.test(parameter) && seen.add(parameter.getId())) {
                requireShape(parameter);
                trainable.add(parameter);
            }
        }
        LayerWeights weights = LayerWeights.of(block, trainable);
        Position end = start;
        if (weights.connections() > 0) {
            end = new Position(start.depth() + 1, layers.size());
            layers.add(
                    new LayerGraph.Layer(
                            name, weights.connections(), weights.fanIn(), start.depth()));
        }
        for (Parameter parameter : trainable) {
            parameters.add(
                    new LayerGraph.TrainableParameter(
                            paths.get(parameter.getId()),
                            parameter.getId(),
                            LayerWeights.shape(parameter),
                            LayerWeights.variable(parameter),
                            LayerWeights.isWeight(parameter),
                            end.layer(),
                            kerasIndices.get(parameter.getId())));
        }
        return end;
    }

    private static String join(String path, String child) {
        return path.isEmpty() ? child : path + "_" + child;
    }

    private void requireShape(Parameter parameter) {
        if (LayerWeights.shape(parameter) == null) {
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
                    "The block has no trainable parameter; give the block that is trained, do not"
                            + " freeze all of it, and load a TorchScript file with the option"
                            + " trainParam=true.");
        }
        if (layers.isEmpty()) {
            long size = parameters.stream().mapToLong(p -> p.shape().size()).sum();
            layers.add(new LayerGraph.Layer("network", size, 1, 0));
        }
        parameters.replaceAll(p -> p.in(Math.max(p.layer(), 0)));
        return new LayerGraph(layers, parameters, Math.max(depth, 1));
    }
}
