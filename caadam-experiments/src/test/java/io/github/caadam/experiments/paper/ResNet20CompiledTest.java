// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.loss.SoftmaxCrossEntropyLoss;
import io.github.caadam.experiments.Suite;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.training.CompiledEpoch;
import io.github.caadam.training.FusedTrainer;
import io.github.caadam.training.L2PenalizedLoss;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The paper's ResNet-20 as a compiled epoch, beside the eager loop. */
class ResNet20CompiledTest {

    private static final Shape IMAGE = new Shape(3, 32, 32);
    private static final int CLASSES = 10;
    private static final int BATCH = 32;
    private static final int ROWS = 2 * BATCH;
    private static final int EPOCHS = 3;

    /** The 3×3 kernels: not those of the shortcuts, which are second branches. */
    private static final String KERNELS = "^01Conv2d_weight$|_01SequentialBlock_\\d+Conv2d_weight$";

    @Test
    void hasTheLossesOfTheEagerLoop() throws Exception {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            manager.getEngine().setRandomSeed(3);
            NDArray images = manager.randomNormal(new Shape(ROWS).addAll(IMAGE));
            NDArray labels = manager.randomInteger(0, CLASSES, new Shape(ROWS), DataType.INT32);
            double[] eager = new double[EPOCHS];
            double[] compiled = new double[EPOCHS];
            long[] nanos = new long[2];
            try (Side side = new Side()) {
                for (int epoch = 0; epoch < EPOCHS; epoch++) {
                    long start = System.nanoTime();
                    eager[epoch] = side.trainEagerly(images, labels);
                    nanos[0] += System.nanoTime() - start;
                }
            }
            try (Side side = new Side();
                    CompiledEpoch program =
                            CompiledEpoch.compile(side.block, side.loss, side.optimizer, BATCH)) {
                for (int epoch = 0; epoch < EPOCHS; epoch++) {
                    long start = System.nanoTime();
                    compiled[epoch] =
                            program.run(images, labels, IntStream.range(0, ROWS).toArray());
                    nanos[1] += System.nanoTime() - start;
                }
                assertThat(program.evaluate(images, labels)).isPositive();
            }
            System.out.printf(
                    Locale.ROOT,
                    "ResNet-20, %d images: eager %.0f ms, compiled %.0f ms%n",
                    EPOCHS * ROWS,
                    nanos[0] / 1e6,
                    nanos[1] / 1e6);

            // Biases before a batch norm have gradients of rounding only, of which Adam makes whole
            // steps; they hardly matter for the loss.
            assertThat(compiled).containsExactly(eager, within(1e-3));
            assertThat(compiled[EPOCHS - 1]).isLessThan(compiled[0]);
        }
    }

    /** One network with what trains it. */
    private static final class Side implements AutoCloseable {

        private final Model model = Model.newInstance("resnet20", "PyTorch");
        private final Block block = Suite.block("resnet20", IMAGE, CLASSES, 1);
        private final CaAdam optimizer =
                CaAdam.builder()
                        .setBlock(block)
                        .setScaling(ScalingStrategy.multiplicative())
                        .build();
        private final Loss loss =
                new L2PenalizedLoss(new SoftmaxCrossEntropyLoss(), block, 1e-4f, KERNELS);
        private final Trainer trainer;

        Side() {
            model.setBlock(block);
            trainer =
                    FusedTrainer.builder()
                            .setModel(model)
                            .setConfig(new DefaultTrainingConfig(loss).optOptimizer(optimizer))
                            .build();
            trainer.initialize(new Shape(BATCH).addAll(IMAGE));
        }

        double trainEagerly(NDArray images, NDArray labels) {
            double sum = 0;
            for (int from = 0; from < ROWS; from += BATCH) {
                try (NDManager manager = trainer.getManager().newSubManager()) {
                    NDList x = new NDList(images.get(from + ":" + (from + BATCH)));
                    NDList y = new NDList(labels.get(from + ":" + (from + BATCH)));
                    x.attach(manager);
                    y.attach(manager);
                    NDArray value;
                    try (GradientCollector collector = trainer.newGradientCollector()) {
                        value = loss.evaluate(y, trainer.forward(x));
                        collector.backward(value);
                    }
                    trainer.step();
                    sum += (double) value.getFloat() * BATCH;
                }
            }
            return sum / ROWS;
        }

        @Override
        public void close() {
            optimizer.close();
            trainer.close();
            model.close();
        }
    }
}
