// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.Networks;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.training.CompiledEpoch;
import io.github.caadam.training.MeanSquaredError;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Times a whole epoch of 13,209 rows in batches of 64, compiled and stock, alternating. A main, not
 * a test: {@code EpochBenchmark [repetitions [units-units...]]}.
 */
public final class EpochBenchmark {

    private static final int ROWS = 13_209;
    private static final int FEATURES = 8;
    private static final int BATCH = 64;

    private EpochBenchmark() {}

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        int repetitions = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        String[] networks =
                arguments.length > 1
                        ? Arrays.copyOfRange(arguments, 1, arguments.length)
                        : new String[] {"64-32", "128-128-64", "1024-256-64-16"};
        for (String network : networks) {
            int[] units =
                    IntStream.concat(
                                    Arrays.stream(network.split("-")).mapToInt(Integer::parseInt),
                                    IntStream.of(1))
                            .toArray();
            time(network, units, repetitions);
        }
    }

    private static void time(String network, int[] units, int repetitions) throws Exception {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                Model model = Model.newInstance("stock", "PyTorch")) {
            Random random = new Random(1);
            float[] x = new float[ROWS * FEATURES];
            float[] y = new float[ROWS];
            for (int i = 0; i < ROWS; i++) {
                for (int j = 0; j < FEATURES; j++) {
                    x[i * FEATURES + j] = (float) random.nextGaussian();
                    y[i] += (float) Math.sin(x[i * FEATURES + j]);
                }
            }
            NDArray features = manager.create(x, new Shape(ROWS, FEATURES));
            NDArray labels = manager.create(y, new Shape(ROWS, 1));
            SequentialBlock stockBlock = Networks.mlp(units);
            model.setBlock(stockBlock);
            DefaultTrainingConfig config =
                    new DefaultTrainingConfig(Loss.l2Loss())
                            .optOptimizer(
                                    Optimizer.adam()
                                            .optLearningRateTracker(Tracker.fixed(1e-3f))
                                            .build());
            SequentialBlock plainBlock = Networks.mlp(units);
            SequentialBlock scaledBlock = Networks.mlp(units);
            for (SequentialBlock block : new SequentialBlock[] {plainBlock, scaledBlock}) {
                block.setInitializer(
                        new ai.djl.training.initializer.XavierInitializer(),
                        ai.djl.nn.Parameter.Type.WEIGHT);
                block.initialize(manager, DataType.FLOAT32, new Shape(BATCH, FEATURES));
                block.getParameters().values().forEach(p -> p.getArray().setRequiresGradient(true));
            }
            ArrayDataset data =
                    new ArrayDataset.Builder()
                            .setData(features)
                            .optLabels(labels)
                            .setSampling(BATCH, true)
                            .build();
            try (Trainer trainer = model.newTrainer(config);
                    CaAdam plain = optimizer(plainBlock, ScalingStrategy.none());
                    CaAdam scaled = optimizer(scaledBlock, ScalingStrategy.additive());
                    CompiledEpoch plainEpoch =
                            CompiledEpoch.compile(
                                    plainBlock, new MeanSquaredError(), plain, BATCH);
                    CompiledEpoch scaledEpoch =
                            CompiledEpoch.compile(
                                    scaledBlock, new MeanSquaredError(), scaled, BATCH)) {
                trainer.initialize(new Shape(BATCH, FEATURES));
                int[] order = IntStream.range(0, ROWS).toArray();
                double[][] times = new double[3][repetitions];
                for (int i = -3; i < repetitions; i++) {
                    long t0 = System.nanoTime();
                    EasyTrain.fit(trainer, 1, data, null);
                    long t1 = System.nanoTime();
                    double loss = plainEpoch.run(features, labels, order);
                    long t2 = System.nanoTime();
                    scaledEpoch.run(features, labels, order);
                    long t3 = System.nanoTime();
                    if (i >= 0) {
                        times[0][i] = (t1 - t0) / 1e6;
                        times[1][i] = (t2 - t1) / 1e6;
                        times[2][i] = (t3 - t2) / 1e6;
                    } else if (i == -1) {
                        System.out.println("loss " + loss);
                    }
                }
                for (double[] series : times) {
                    Arrays.sort(series);
                }
                System.out.printf(
                        "%s on %s: stock %.1f ms (%.1f to %.1f), compiled Adam %.1f ms (%.1f to"
                                + " %.1f), compiled CaAdam %.1f ms (%.1f to %.1f), ratio %.2f%n",
                        network,
                        Engine.getInstance().defaultDevice(),
                        times[0][repetitions / 2],
                        times[0][0],
                        times[0][repetitions - 1],
                        times[1][repetitions / 2],
                        times[1][0],
                        times[1][repetitions - 1],
                        times[2][repetitions / 2],
                        times[2][0],
                        times[2][repetitions - 1],
                        times[0][repetitions / 2] / times[2][repetitions / 2]);
            }
        }
    }

    private static CaAdam optimizer(SequentialBlock block, ScalingStrategy scaling) {
        return CaAdam.builder().setBlock(block).setScaling(scaling).build();
    }
}
