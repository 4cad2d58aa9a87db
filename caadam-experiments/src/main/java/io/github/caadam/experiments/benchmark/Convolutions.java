// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Convolution;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import io.github.caadam.experiments.training.ImageLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A network's convolutions alone, forward and backward, each with inputs of the shape that it has
 * in the network, one full batch: what no way of running the epoch can save.
 */
final class Convolutions implements Contender {

    private record Placed(Block convolution, NDArray input) {}

    private final Training training;
    private final NDManager manager;
    private final boolean channelsLast;
    private final List<Placed> placed = new ArrayList<>();

    private Convolutions(Training training, boolean channelsLast) {
        this.training = training;
        this.channelsLast = channelsLast;
        manager = training.trainer().getManager().newSubManager();
        Workload workload = training.workload();
        find(training.block(), new Shape(workload.batchSize()).addAll(workload.sample()));
    }

    /**
     * Returns the convolutions of a network, if it has any.
     *
     * @param training the network
     * @param channelsLast whether images lie in memory as in our ways, rather than as in stock
     */
    static Optional<Convolutions> of(Training training, boolean channelsLast) {
        Convolutions convolutions = new Convolutions(training, channelsLast);
        return convolutions.placed.isEmpty() ? Optional.empty() : Optional.of(convolutions);
    }

    private void find(Block block, Shape input) {
        if (block instanceof Convolution) {
            NDArray images = manager.randomNormal(input);
            images = channelsLast ? ImageLayout.channelsLast(images) : images;
            // The first convolution of a network needs no gradient of its input.
            images.setRequiresGradient(!placed.isEmpty());
            placed.add(new Placed(block, images));
        } else if (block instanceof SequentialBlock) {
            Shape shape = input;
            for (Block child : block.getChildren().values()) {
                find(child, shape);
                shape = child.getOutputShapes(new Shape[] {shape})[0];
            }
        } else if (block instanceof ParallelBlock) {
            block.getChildren().values().forEach(child -> find(child, input));
        }
    }

    @Override
    public void run() {
        placed.forEach(this::run);
        training.synchronize();
    }

    private void run(Placed here) {
        try (NDManager scratch = manager.newSubManager()) {
            ParameterStore parameters = new ParameterStore(scratch, false);
            NDArray input = here.input();
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                NDArray output =
                        here.convolution().forward(parameters, new NDList(input), true).head();
                output.attach(scratch);
                // The gradient of squares lies in memory as the output does, that of a sum anyhow.
                NDArray squares = output.square();
                squares.attach(scratch);
                NDArray sum = squares.sum();
                sum.attach(scratch);
                collector.backward(sum);
            }
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
