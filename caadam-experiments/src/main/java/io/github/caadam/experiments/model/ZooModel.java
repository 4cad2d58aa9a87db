// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.model;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.ModelFactory;
import io.github.caadam.plugin.Options;
import io.github.caadam.plugin.TargetScale;
import io.github.caadam.plugin.Task;
import java.util.Optional;

/**
 * A network of DJL's model zoo. Its initial weights are {@link HeNormal}, as DJL's own default is
 * but for the cut.
 *
 * @param name the name
 * @param input the shape of one sample that it was made for
 * @param classes the number of classes that it was made for
 * @param builder builds it
 */
record ZooModel(String name, Shape input, int classes, Builder builder) implements ModelFactory {

    /** Builds a network. */
    @FunctionalInterface
    interface Builder {
        /**
         * Builds a network.
         *
         * @param input the shape of one sample
         * @param outputs the units of the output layer
         * @return the block, not initialized
         */
        Block newBlock(Shape input, int outputs);
    }

    @Override
    public String description() {
        return "of DJL's model zoo, made for samples " + input + " and " + classes + " classes";
    }

    @Override
    public Optional<String> refuses(DataSignature data, Options options) {
        return data.sampleShape().dimension() == input.dimension()
                ? Optional.empty()
                : Optional.of("it takes samples of a shape such as " + input);
    }

    @Override
    public Optional<DataSignature> example() {
        return Optional.of(
                new DataSignature(Task.CLASSIFICATION, input, classes, TargetScale.NONE));
    }

    @Override
    public Block create(DataSignature data, int seed, Options options) {
        Block block = builder.newBlock(data.sampleShape(), data.outputs());
        block.setInitializer(new HeNormal(RandomStreams.WEIGHTS.of(seed)), Parameter.Type.WEIGHT);
        return block;
    }
}
