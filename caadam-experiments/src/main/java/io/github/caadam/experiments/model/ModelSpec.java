package io.github.caadam.experiments.model;

import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A network that a study can name: {@code mlp:64-32} is a multilayer perceptron with ReLU after
 * hidden layers of 64 and 32 units and a linear output.
 *
 * @param name the name
 * @param architecture how the paper's tables name it, such as {@code 64-32}
 * @param hiddenUnits the units of the hidden layers, from the input on
 */
public record ModelSpec(String name, String architecture, List<Integer> hiddenUnits) {

    /** The six networks of the paper's California Housing experiments. */
    public static final List<String> PAPER_MLPS =
            List.of(
                    "mlp:64-32",
                    "mlp:128-64-32",
                    "mlp:128-128-64",
                    "mlp:256-128-64-32",
                    "mlp:128-128-128-128-128",
                    "mlp:1024-256-64-16");

    private static final String MLP_PREFIX = "mlp:";

    /** Copies the units. */
    public ModelSpec {
        hiddenUnits = List.copyOf(hiddenUnits);
    }

    /**
     * Reads a model's name.
     *
     * @param name the name, such as {@code mlp:128-64-32}
     * @return the model
     * @throws IllegalArgumentException if it names no model; the message says what does
     */
    public static ModelSpec parse(String name) {
        if (!name.matches("mlp:[1-9][0-9]{0,5}(-[1-9][0-9]{0,5})*")) {
            throw new IllegalArgumentException(
                    "Unknown model \""
                            + name
                            + "\"; valid are mlp: followed by the units of the hidden layers, such"
                            + " as "
                            + String.join(", ", PAPER_MLPS)
                            + ".");
        }
        String architecture = name.substring(MLP_PREFIX.length());
        return new ModelSpec(
                name,
                architecture,
                Arrays.stream(architecture.split("-", -1)).map(Integer::valueOf).toList());
    }

    /**
     * Builds the network, not initialized, with zero biases.
     *
     * @param outputs the units of the output layer
     * @param weights the initial weights
     * @return the block
     */
    public Block newBlock(int outputs, GlorotUniform weights) {
        SequentialBlock block = new SequentialBlock();
        List<Integer> units = new ArrayList<>(hiddenUnits);
        units.add(outputs);
        for (int i = 0; i < units.size(); i++) {
            if (i > 0) {
                block.add(Activation.reluBlock());
            }
            block.add(Linear.builder().setUnits(units.get(i)).build());
        }
        block.setInitializer(weights, Parameter.Type.WEIGHT);
        return block;
    }
}
