// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.model;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.random.MersenneTwister;

/**
 * A multilayer perceptron with ReLU after each hidden layer and a linear output; its initial
 * weights are Glorot-uniform. {@code mlp:64-32} has hidden layers of 64 and 32 units.
 *
 * @param name the name
 * @param architecture how the paper's tables name it, such as {@code 64-32}
 * @param hiddenUnits the units of the hidden layers, from the input on
 */
public record Mlp(String name, String architecture, List<Integer> hiddenUnits)
        implements ModelSpec {

    /** The six networks of the paper's California Housing experiments. */
    public static final List<String> PAPER =
            List.of(
                    "mlp:64-32",
                    "mlp:128-64-32",
                    "mlp:128-128-64",
                    "mlp:256-128-64-32",
                    "mlp:128-128-128-128-128",
                    "mlp:1024-256-64-16");

    private static final String PREFIX = "mlp:";
    private static final Shape CALIFORNIA_HOUSING = new Shape(8);

    /** Copies the units. */
    public Mlp {
        hiddenUnits = List.copyOf(hiddenUnits);
    }

    static boolean isName(String name) {
        return name.matches(PREFIX + "[1-9][0-9]{0,5}(-[1-9][0-9]{0,5})*");
    }

    static Mlp parse(String name) {
        String architecture = name.substring(PREFIX.length());
        return new Mlp(
                name,
                architecture,
                Arrays.stream(architecture.split("-", -1)).map(Integer::valueOf).toList());
    }

    /** Returns (8), California Housing's features. */
    @Override
    public Shape defaultInput() {
        return CALIFORNIA_HOUSING;
    }

    /** Returns 1, a regression's. */
    @Override
    public int defaultOutputs() {
        return 1;
    }

    @Override
    public Block newBlock(Shape input, int outputs, int... seed) {
        requireDimensions(input);
        SequentialBlock block = new SequentialBlock();
        List<Integer> units = new ArrayList<>(hiddenUnits);
        units.add(outputs);
        for (int i = 0; i < units.size(); i++) {
            if (i > 0) {
                block.add(Activation.reluBlock());
            }
            block.add(Linear.builder().setUnits(units.get(i)).build());
        }
        block.setInitializer(new GlorotUniform(new MersenneTwister(seed)), Parameter.Type.WEIGHT);
        return block;
    }
}
