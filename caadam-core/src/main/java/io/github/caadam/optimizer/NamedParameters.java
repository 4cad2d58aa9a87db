package io.github.caadam.optimizer;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import io.github.caadam.structure.ParameterStructure;
import io.github.caadam.structure.StructureConvention;
import io.github.caadam.structure.StructureInspector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The parameters of the block that is trained, by path; empty where no block was set. */
final class NamedParameters {

    private final Block block;

    NamedParameters(Block block) {
        this.block = block;
    }

    /**
     * Returns all parameters, those that several blocks share once, under their first path.
     *
     * @throws IllegalStateException if no block was set, or it was not initialized
     */
    List<Named> all() {
        if (block == null) {
            throw new IllegalStateException(
                    "State is kept by the paths of parameters: tell the optimizer its network by"
                            + " optBlock(model.getBlock()).");
        }
        List<Named> all = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Pair<String, Parameter> pair : block.getParameters()) {
            if (!pair.getValue().isInitialized()) {
                throw new IllegalStateException(
                        "The parameter "
                                + pair.getKey()
                                + " has no values yet: initialize the block first, for instance by"
                                + " trainer.initialize(shape).");
            }
            if (seen.add(pair.getValue().getId())) {
                all.add(new Named(pair.getKey(), pair.getValue()));
            }
        }
        return all;
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

    /**
     * A parameter and its path.
     *
     * @param path its name in {@code block.getParameters()}
     * @param parameter the parameter, initialized
     */
    record Named(String path, Parameter parameter) {

        /** Returns its shape; DJL leaves that of a TorchScript parameter itself unset. */
        Shape shape() {
            return parameter.getArray().getShape();
        }
    }
}
