// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.loss.Loss;
import io.github.caadam.experiments.model.RandomStreams;
import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.ModelFactory;
import io.github.caadam.plugin.Options;
import io.github.caadam.plugin.TargetScale;
import io.github.caadam.plugin.Task;
import java.util.Optional;

/** The paper's {@link ResNet20}. */
public final class ResNet20Factory implements ModelFactory {

    private static final DataSignature CIFAR10 =
            new DataSignature(Task.CLASSIFICATION, new Shape(3, 32, 32), 10, TargetScale.NONE);

    /** Creates the factory. */
    public ResNet20Factory() {}

    @Override
    public String name() {
        return "resnet20";
    }

    @Override
    public String title() {
        return "ResNet20";
    }

    @Override
    public String description() {
        return "the paper's ResNet-20, made for images such as CIFAR-10's";
    }

    @Override
    public Optional<String> refuses(DataSignature data, Options options) {
        return data.sampleShape().dimension() == CIFAR10.sampleShape().dimension()
                ? Optional.empty()
                : Optional.of("it takes images, of a shape such as " + CIFAR10.sampleShape());
    }

    @Override
    public Optional<DataSignature> example() {
        return Optional.of(CIFAR10);
    }

    @Override
    public Block create(DataSignature data, int seed, Options options) {
        return ResNet20.newBlock(data.outputs(), RandomStreams.WEIGHTS.of(seed));
    }

    @Override
    public Loss loss(Loss plain, Block block, Options options) {
        return ResNet20.penalized(plain, block);
    }
}
