// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParameterList;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.util.Pair;
import io.github.caadam.spi.NotAcceleratedException;
import io.github.caadam.training.ResidualBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a block tree as layers. Blocks are known by their exact class, since a subclass may compute
 * something else.
 */
final class BlockReader {

    private final List<Leaf> leaves = new ArrayList<>();
    private final Layer network;

    /**
     * Reads a network.
     *
     * @param network the block
     * @throws NotAcceleratedException if a block in it is not known; names the first one
     */
    BlockReader(Block network) throws NotAcceleratedException {
        this.network = read(network, "");
    }

    /**
     * A block without known children, and what it was read as.
     *
     * @param path where it stands in the network
     * @param block the block
     * @param layer the layer
     */
    record Leaf(String path, Block block, Layer layer) {}

    /** Returns the layers of the network. */
    Layer network() {
        return network;
    }

    /** Returns the blocks that the network is made of, in order. */
    List<Leaf> leaves() {
        return leaves;
    }

    private Layer read(Block block, String path) throws NotAcceleratedException {
        Class<?> type = block.getClass();
        if (type == SequentialBlock.class) {
            return sequence((SequentialBlock) block, path);
        }
        if (type == ResidualBlock.class) {
            return new Layer.Chain(
                    List.of(new Layer.Sum(children(block, path)), Layer.Activation.RELU));
        }
        Layer leaf = leaf(block, path);
        leaves.add(new Leaf(named(path), block, leaf));
        return leaf;
    }

    private static Layer leaf(Block block, String path) throws NotAcceleratedException {
        Class<?> type = block.getClass();
        if (type == Linear.class) {
            ParameterList parameters = block.getDirectParameters();
            return new Layer.Dense(parameters.get("weight"), parameters.get("bias"));
        }
        Optional<Layer> layer = SettingsReader.read(block);
        if (layer.isPresent()) {
            return layer.get();
        }
        if (type == LambdaBlock.class) {
            return KnownFunctions.find((LambdaBlock) block)
                    .orElseThrow(
                            () ->
                                    unknown(
                                            path,
                                            "the function \""
                                                    + ((LambdaBlock) block).getName()
                                                    + "\" is none that the compiler knows"));
        }
        throw unknown(path, "blocks of " + type + " are not known to the compiler");
    }

    private Layer sequence(SequentialBlock block, String path) throws NotAcceleratedException {
        if (block.isReturnIntermediate()) {
            throw unknown(path, "it returns the outputs of all its children");
        }
        return new Layer.Chain(children(block, path));
    }

    private List<Layer> children(Block block, String path) throws NotAcceleratedException {
        List<Layer> layers = new ArrayList<>();
        for (Pair<String, Block> child : block.getChildren()) {
            layers.add(
                    read(
                            child.getValue(),
                            path.isEmpty() ? child.getKey() : path + "/" + child.getKey()));
        }
        return layers;
    }

    private static NotAcceleratedException unknown(String path, String reason) {
        return new NotAcceleratedException(named(path), reason);
    }

    private static String named(String path) {
        return path.isEmpty() ? "the block" : path;
    }
}
