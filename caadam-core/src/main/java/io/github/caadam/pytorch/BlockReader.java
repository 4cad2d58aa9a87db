package io.github.caadam.pytorch;

import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParameterList;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.util.Pair;
import io.github.caadam.training.NotCompilableException;
import io.github.caadam.training.ResidualBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a block tree as layers. Blocks are known by their exact class, since a subclass may compute
 * something else.
 */
final class BlockReader {

    private BlockReader() {}

    /**
     * Reads a network.
     *
     * @param network the block
     * @return its layers
     * @throws NotCompilableException if a block in it is not known; names the first one
     */
    static Layer read(Block network) throws NotCompilableException {
        return read(network, "");
    }

    private static Layer read(Block block, String path) throws NotCompilableException {
        Class<?> type = block.getClass();
        if (type == SequentialBlock.class) {
            return sequence((SequentialBlock) block, path);
        }
        if (type == Linear.class) {
            ParameterList parameters = block.getDirectParameters();
            return new Layer.Dense(parameters.get("weight"), parameters.get("bias"));
        }
        if (type == ResidualBlock.class) {
            return new Layer.Chain(
                    List.of(new Layer.Sum(children(block, path)), Layer.Formula.RELU));
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
                                                    + "\" is none that the compiler knows."));
        }
        throw unknown(path, "blocks of " + type + " are not known to the compiler.");
    }

    private static Layer sequence(SequentialBlock block, String path)
            throws NotCompilableException {
        if (block.isReturnIntermediate()) {
            throw unknown(path, "it returns the outputs of all its children.");
        }
        return new Layer.Chain(children(block, path));
    }

    private static List<Layer> children(Block block, String path) throws NotCompilableException {
        List<Layer> layers = new ArrayList<>();
        for (Pair<String, Block> child : block.getChildren()) {
            layers.add(
                    read(
                            child.getValue(),
                            path.isEmpty() ? child.getKey() : path + "/" + child.getKey()));
        }
        return layers;
    }

    private static NotCompilableException unknown(String path, String reason) {
        return new NotCompilableException(path.isEmpty() ? "the block" : path, reason);
    }
}
