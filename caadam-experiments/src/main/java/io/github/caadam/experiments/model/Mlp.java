// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.model;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.ModelFactory;
import io.github.caadam.plugin.Options;
import io.github.caadam.plugin.TargetScale;
import io.github.caadam.plugin.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A multilayer perceptron with ReLU after each hidden layer and a linear output; its initial
 * weights are Glorot-uniform. {@code mlp:64-32} has hidden layers of 64 and 32 units.
 *
 * @param units the units of the hidden layers as the name has them, such as {@code 64-32}
 * @param hiddenUnits the units of the hidden layers, from the input on
 */
record Mlp(String units, List<Integer> hiddenUnits) implements ModelFactory {

    /** Eight features, and one output. */
    private static final DataSignature EXAMPLE =
            new DataSignature(Task.REGRESSION, new Shape(8), 1, TargetScale.NONE);

    /** Copies the units. */
    Mlp {
        hiddenUnits = List.copyOf(hiddenUnits);
    }

    @Override
    public String name() {
        return MlpFamily.NAME + ":" + units;
    }

    @Override
    public String description() {
        return "a multilayer perceptron with ReLU and hidden layers of " + units + " units";
    }

    @Override
    public String title() {
        return units;
    }

    @Override
    public Optional<String> refuses(DataSignature data, Options options) {
        return data.sampleShape().dimension() == 1
                ? Optional.empty()
                : Optional.of("it takes rows of features, of a shape such as (8)");
    }

    @Override
    public Optional<DataSignature> example() {
        return Optional.of(EXAMPLE);
    }

    @Override
    public Block create(DataSignature data, int seed, Options options) {
        SequentialBlock block = new SequentialBlock();
        List<Integer> all = new ArrayList<>(hiddenUnits);
        all.add(data.outputs());
        for (int i = 0; i < all.size(); i++) {
            if (i > 0) {
                block.add(Activation.reluBlock());
            }
            block.add(Linear.builder().setUnits(all.get(i)).build());
        }
        block.setInitializer(
                new GlorotUniform(RandomStreams.WEIGHTS.of(seed)), Parameter.Type.WEIGHT);
        return block;
    }
}
