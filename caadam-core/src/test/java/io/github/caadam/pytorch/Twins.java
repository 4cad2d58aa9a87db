// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.loss.Loss;
import ai.djl.util.Pair;
import io.github.caadam.Networks;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.spi.NotAcceleratedException;
import io.github.caadam.training.CompiledEpoch;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Two networks of the same initial weights with optimizers of the same settings, one to be trained
 * by DJL's loop, the other compiled.
 */
final class Twins implements AutoCloseable {

    private static final double WEIGHT_SCALE = 0.3;

    private final Side eager;
    private final Side compiled;
    private final CompiledEpoch epoch;

    /** Makes both. */
    Twins(
            Device device,
            Supplier<Block> network,
            Function<Block, StatefulOptimizer> optimizer,
            Function<Block, Loss> loss,
            int batchSize,
            Shape sample)
            throws NotAcceleratedException {
        this(device, network, optimizer, loss, batchSize, sample, Model::newTrainer);
    }

    /** Makes both, with trainers other than DJL's. */
    Twins(
            Device device,
            Supplier<Block> network,
            Function<Block, StatefulOptimizer> optimizer,
            Function<Block, Loss> loss,
            int batchSize,
            Shape sample,
            BiFunction<Model, TrainingConfig, Trainer> newTrainer)
            throws NotAcceleratedException {
        this(device, DataType.FLOAT32, network, optimizer, loss, batchSize, sample, newTrainer);
    }

    /** Makes both, of parameters of a type. */
    Twins(
            Device device,
            DataType type,
            Supplier<Block> network,
            Function<Block, StatefulOptimizer> optimizer,
            Function<Block, Loss> loss,
            int batchSize,
            Shape sample,
            BiFunction<Model, TrainingConfig, Trainer> newTrainer)
            throws NotAcceleratedException {
        eager =
                new Side(
                        device,
                        type,
                        network.get(),
                        optimizer,
                        loss,
                        batchSize,
                        sample,
                        newTrainer);
        compiled =
                new Side(
                        device,
                        type,
                        network.get(),
                        optimizer,
                        loss,
                        batchSize,
                        sample,
                        newTrainer);
        epoch =
                CompiledEpoch.compile(
                        compiled.block, compiled.trainer.getLoss(), compiled.optimizer, batchSize);
    }

    Side eager() {
        return eager;
    }

    Side compiled() {
        return compiled;
    }

    CompiledEpoch epoch() {
        return epoch;
    }

    /** The largest difference between two parameters. */
    double largestDifference() {
        double largest = 0;
        for (Pair<String, Parameter> pair : eager.block.getParameters()) {
            double[] expected = doubles(pair.getValue());
            double[] found = doubles(compiled.block.getParameters().get(pair.getKey()));
            for (int i = 0; i < expected.length; i++) {
                largest = Math.max(largest, Math.abs(expected[i] - found[i]));
            }
        }
        return largest;
    }

    private static double[] doubles(Parameter parameter) {
        try (NDArray values = parameter.getArray().toType(DataType.FLOAT64, true)) {
            return values.toDoubleArray();
        }
    }

    @Override
    public void close() {
        epoch.close();
        eager.close();
        compiled.close();
    }

    /** One of the two. */
    static final class Side implements AutoCloseable {

        private final Model model;
        private final Block block;
        private final StatefulOptimizer optimizer;
        private final Trainer trainer;
        private final int batchSize;

        Side(
                Device device,
                Block block,
                Function<Block, StatefulOptimizer> factory,
                Function<Block, Loss> loss,
                int batchSize,
                Shape sample,
                BiFunction<Model, TrainingConfig, Trainer> newTrainer) {
            this(device, DataType.FLOAT32, block, factory, loss, batchSize, sample, newTrainer);
        }

        /** Makes one whose parameters are of a type. */
        Side(
                Device device,
                DataType type,
                Block block,
                Function<Block, StatefulOptimizer> factory,
                Function<Block, Loss> loss,
                int batchSize,
                Shape sample,
                BiFunction<Model, TrainingConfig, Trainer> newTrainer) {
            this.block = block;
            this.batchSize = batchSize;
            model = Model.newInstance("twin", device, "PyTorch");
            model.setBlock(block);
            model.setDataType(type);
            optimizer = factory.apply(block);
            trainer =
                    newTrainer.apply(
                            model,
                            new DefaultTrainingConfig(loss.apply(block))
                                    .optOptimizer(optimizer)
                                    .optDevices(new Device[] {device}));
            trainer.initialize(new Shape(batchSize).addAll(sample));
            Random random = new Random(11);
            for (Parameter parameter : block.getParameters().values()) {
                if (parameter.requiresGradient()) {
                    set(parameter.getArray(), gaussians(random, parameter.getShape().size()));
                }
            }
        }

        private static void set(NDArray array, float[] values) {
            if (array.getDataType() == DataType.FLOAT32) {
                array.set(values);
                return;
            }
            try (NDArray singles = array.getManager().create(values, array.getShape());
                    NDArray converted = singles.toType(array.getDataType(), true)) {
                converted.copyTo(array);
            }
        }

        private static float[] gaussians(Random random, long count) {
            float[] values = new float[Math.toIntExact(count)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (WEIGHT_SCALE * random.nextGaussian());
            }
            return values;
        }

        Block block() {
            return block;
        }

        Model model() {
            return model;
        }

        StatefulOptimizer optimizer() {
            return optimizer;
        }

        NDManager manager() {
            return trainer.getManager();
        }

        Trainer trainer() {
            return trainer;
        }

        NDArray parameter(String path) {
            return block.getParameters().get(path).getArray();
        }

        /** Trains by DJL's loop; returns the mean loss, weighted by rows. */
        double trainEagerly(NDArray features, NDArray labels, int[] order) {
            double sum = 0;
            for (int from = 0; from < order.length; from += batchSize) {
                int[] rows =
                        Arrays.copyOfRange(order, from, Math.min(order.length, from + batchSize));
                try (NDManager manager = trainer.getManager().newSubManager()) {
                    NDArray index = manager.create(rows);
                    NDList x = new NDList(features.get(index));
                    NDList y = new NDList(labels.get(index));
                    x.attach(manager);
                    y.attach(manager);
                    NDArray loss;
                    try (GradientCollector collector = trainer.newGradientCollector()) {
                        loss = trainer.getLoss().evaluate(y, trainer.forward(x));
                        collector.backward(loss);
                    }
                    trainer.step();
                    sum += loss.toType(DataType.FLOAT64, true).getDouble() * rows.length;
                }
            }
            return sum / order.length;
        }

        /** The loss as after training. */
        double evaluateEagerly(NDArray features, NDArray labels) {
            if (!optimizer.isAveraging()) {
                return evaluatePresent(features, labels);
            }
            // DJL's own trainer knows no averages.
            List<float[]> weights = Networks.values(block());
            optimizer.applyAverage();
            try {
                return evaluatePresent(features, labels);
            } finally {
                Networks.setValues(block(), weights);
            }
        }

        private double evaluatePresent(NDArray features, NDArray labels) {
            try (NDManager manager = trainer.getManager().newSubManager()) {
                NDArray x = features.duplicate();
                x.attach(manager);
                return trainer.getLoss()
                        .evaluate(new NDList(labels), trainer.evaluate(new NDList(x)))
                        .toType(DataType.FLOAT64, true)
                        .getDouble();
            }
        }

        @Override
        public void close() {
            optimizer.close();
            trainer.close();
            model.close();
        }
    }
}
