package io.github.caadam.optimizer;

import ai.djl.nn.Block;
import io.github.caadam.internal.NetworkParameters;
import io.github.caadam.structure.ParameterStructure;
import io.github.caadam.structure.StructureConvention;
import io.github.caadam.structure.StructureInspector;
import java.util.List;

/** The block that is trained, where one was set. */
final class OptimizedNetwork {

    private final Block block;

    OptimizedNetwork(Block block) {
        this.block = block;
    }

    /**
     * Returns all parameters, those that several blocks share once, under their first path.
     *
     * @throws IllegalStateException if no block was set, it was not initialized, or two of its
     *     parameters have one path
     */
    List<NetworkParameters.Named> parameters() {
        if (block == null) {
            throw new IllegalStateException(
                    "State is kept by the paths of parameters: tell the optimizer its network by"
                            + " optBlock(model.getBlock()).");
        }
        return List.copyOf(NetworkParameters.of(block).byPath().values());
    }

    /**
     * Returns where a trainable parameter sits in the network.
     *
     * @throws IllegalStateException if the block has none of this id
     */
    ParameterStructure structure(String id) {
        return StructureInspector.inspect(block, StructureConvention.PAPER)
                .parameter(id)
                .orElseThrow(() -> unknown(id));
    }

    static IllegalStateException unknown(String id) {
        return new IllegalStateException(
                "The parameter with id "
                        + id
                        + " is not a trainable parameter of the block that was set; set the block"
                        + " that is trained.");
    }
}
