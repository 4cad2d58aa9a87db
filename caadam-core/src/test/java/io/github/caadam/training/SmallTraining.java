// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.optimizer.Optimizer;
import io.github.caadam.Networks;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;

/** A training on fixed data from fixed weights, step by step. */
final class SmallTraining implements AutoCloseable {

    /** DJL's own trainer. */
    static final BiFunction<Model, TrainingConfig, Trainer> STOCK = Model::newTrainer;

    private final Model model;
    private final Optimizer optimizer;
    private final TrainingConfig config;
    private final Trainer trainer;
    private final NDList features;
    private final NDList labels;
    private final int rows;

    /** Smooth networks: at a kink, a last bit would decide where the training goes. */
    enum Network {
        MLP(new Shape(64, 8)) {
            @Override
            Block block() {
                return new SequentialBlock()
                        .add(Linear.builder().setUnits(16).build())
                        .add(Activation.tanhBlock())
                        .add(Linear.builder().setUnits(4).build())
                        .add(Activation.tanhBlock())
                        .add(Linear.builder().setUnits(1).build());
            }
        },

        /** No bias before the normalisation: its gradient would be nothing but rounding. */
        CONVOLUTIONAL(new Shape(16, 2, 6, 6)) {
            @Override
            Block block() {
                return new SequentialBlock()
                        .add(
                                Conv2d.builder()
                                        .setKernelShape(new Shape(3, 3))
                                        .setFilters(4)
                                        .optBias(false)
                                        .build())
                        .add(BatchNorm.builder().build())
                        .add(Activation.tanhBlock())
                        .add(Blocks.batchFlattenBlock())
                        .add(Linear.builder().setUnits(8).build())
                        .add(Activation.tanhBlock())
                        .add(Linear.builder().setUnits(1).build());
            }
        };

        @SuppressWarnings("ImmutableEnumChecker") // Nobody changes a shape.
        private final Shape input;

        Network(Shape input) {
            this.input = input;
        }

        abstract Block block();

        Shape input() {
            return input;
        }
    }

    SmallTraining(
            Network network,
            Function<Block, ? extends Optimizer> optimizers,
            BiFunction<Model, TrainingConfig, Trainer> trainers) {
        this(network.block(), network.input, Device.cpu(), optimizers, trainers);
    }

    SmallTraining(
            Block block,
            Shape input,
            Device device,
            Function<Block, ? extends Optimizer> optimizers,
            BiFunction<Model, TrainingConfig, Trainer> trainers) {
        model = Model.newInstance("test", device, "PyTorch");
        model.setBlock(block);
        optimizer = optimizers.apply(block);
        config =
                new DefaultTrainingConfig(new MeanSquaredError())
                        .optOptimizer(optimizer)
                        .optDevices(new Device[] {device});
        trainer = trainers.apply(model, config);
        trainer.initialize(input);
        Random random = new Random(7);
        for (Parameter parameter : block.getParameters().values()) {
            if (parameter.requiresGradient()) {
                parameter
                        .getArray()
                        .set(gaussians(random, (int) parameter.getShape().size(), 0.3f));
            }
        }
        NDManager manager = trainer.getManager();
        rows = (int) input.get(0);
        features = new NDList(manager.create(gaussians(random, (int) input.size(), 1f), input));
        labels = new NDList(manager.create(gaussians(random, rows, 1f), new Shape(rows, 1)));
    }

    private static float[] gaussians(Random random, int count, float scale) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = scale * (float) random.nextGaussian();
        }
        return values;
    }

    Model model() {
        return model;
    }

    Block block() {
        return model.getBlock();
    }

    Optimizer optimizer() {
        return optimizer;
    }

    TrainingConfig config() {
        return config;
    }

    Trainer trainer() {
        return trainer;
    }

    /** Returns the fused trainer. */
    FusedTrainer fused() {
        return (FusedTrainer) trainer;
    }

    /** Returns the data in batches of a quarter, in order. */
    ArrayDataset dataset() {
        return new ArrayDataset.Builder()
                .setData(features.head())
                .optLabels(labels.head())
                .setSampling(rows / 4, false)
                .build();
    }

    /** Makes steps by the trainer. */
    SmallTraining steps(int count) {
        return steps(count, trainer);
    }

    /** Makes steps by another trainer of the same model. */
    SmallTraining steps(int count, Trainer stepping) {
        for (int i = 0; i < count; i++) {
            backward();
            stepping.step();
        }
        return this;
    }

    /** Computes gradients. */
    void backward() {
        try (NDScope scope = new NDScope();
                GradientCollector collector = trainer.newGradientCollector()) {
            scope.suppressNotUsedWarning();
            NDArray loss = trainer.getLoss().evaluate(labels, trainer.forward(features));
            collector.backward(loss);
        }
    }

    /** Returns the values of every parameter, in order. */
    List<float[]> weights() {
        return Networks.values(block());
    }

    /** Sets the values of every parameter. */
    void setWeights(List<float[]> values) {
        Networks.setValues(block(), values);
    }

    @Override
    public void close() {
        trainer.close();
        model.close();
    }
}
