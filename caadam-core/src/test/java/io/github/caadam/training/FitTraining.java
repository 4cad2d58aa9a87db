// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.translate.TranslateException;
import io.github.caadam.Networks;
import io.github.caadam.optimizer.StatefulOptimizer;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;

/** A training by {@code EasyTrain.fit} from fixed weights on generated rows. */
final class FitTraining implements AutoCloseable {

    static final int ROWS = 150;
    static final int BATCH = 16;
    static final int WIDTH = 6;

    /**
     * How far weights and predictions around 1 come apart by the order of sums within 50 steps. A
     * batch that is left out, or in another place, moves a weight by a step of 2e-3; that steps
     * have the right numbers is held to twelve digits by the tests of compiled epochs.
     */
    static final float ROUNDING = 5e-6f;

    private final Model model = Model.newInstance("test", Device.cpu(), "PyTorch");
    private final Optimizer optimizer;
    private final Trainer trainer;
    private final NDArray features;
    private final NDArray labels;

    FitTraining(
            Block block,
            Function<Block, ? extends Optimizer> optimizers,
            BiFunction<Model, TrainingConfig, Trainer> trainers,
            TrainingListener... listeners) {
        this(
                block,
                new Shape(WIDTH),
                optimizers,
                new MeanSquaredError(),
                List.of(),
                trainers,
                listeners);
    }

    FitTraining(
            Block block,
            Shape sample,
            Function<Block, ? extends Optimizer> optimizers,
            Loss loss,
            List<Evaluator> evaluators,
            BiFunction<Model, TrainingConfig, Trainer> trainers,
            TrainingListener... listeners) {
        model.setBlock(block);
        optimizer = optimizers.apply(block);
        DefaultTrainingConfig config =
                new DefaultTrainingConfig(loss)
                        .optOptimizer(optimizer)
                        .optDevices(new Device[] {Device.cpu()})
                        .addTrainingListeners(listeners);
        evaluators.forEach(config::addEvaluator);
        trainer = trainers.apply(model, config);
        trainer.initialize(new Shape(BATCH).addAll(sample));
        Random random = new Random(7);
        for (Parameter parameter : block.getParameters().values()) {
            if (parameter.requiresGradient()) {
                parameter.getArray().set(gaussians(random, parameter.getShape().size(), 0.3f));
            }
        }
        NDManager manager = trainer.getManager();
        features =
                manager.create(
                        gaussians(random, ROWS * sample.size(), 1), new Shape(ROWS).addAll(sample));
        labels = manager.create(gaussians(random, ROWS, 1), new Shape(ROWS, 1));
    }

    private static float[] gaussians(Random random, long count, float scale) {
        float[] values = new float[Math.toIntExact(count)];
        for (int i = 0; i < values.length; i++) {
            values[i] = scale * (float) random.nextGaussian();
        }
        return values;
    }

    Trainer trainer() {
        return trainer;
    }

    FusedTrainer fused() {
        return (FusedTrainer) trainer;
    }

    Block block() {
        return model.getBlock();
    }

    Optimizer optimizer() {
        return optimizer;
    }

    NDArray features() {
        return features;
    }

    NDArray labels() {
        return labels;
    }

    /** The rows, shuffled anew in each epoch, in batches of 16, the last of 6. */
    ArrayDataset shuffled() {
        return dataset(true);
    }

    /** The rows in order. */
    ArrayDataset inOrder() {
        return dataset(false);
    }

    private ArrayDataset dataset(boolean random) {
        return builder().setSampling(BATCH, random).build();
    }

    ArrayDataset.Builder builder() {
        return new ArrayDataset.Builder().setData(features).optLabels(labels);
    }

    /** Trains from a fixed state of DJL's random numbers. */
    FitTraining fit(int epochs, Dataset training, Dataset validation) {
        Engine.getEngine("PyTorch").setRandomSeed(3);
        try {
            EasyTrain.fit(trainer, epochs, training, validation);
        } catch (IOException | TranslateException e) {
            throw new AssertionError(e);
        }
        return this;
    }

    List<float[]> weights() {
        return Networks.values(block());
    }

    /** Checks that weights are the same but for {@link #ROUNDING}. */
    static void requireSame(List<float[]> actual, List<float[]> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
            assertThat(actual.get(i)).containsExactly(expected.get(i), within(ROUNDING));
        }
    }

    @Override
    public void close() {
        trainer.close();
        model.close();
        if (optimizer instanceof StatefulOptimizer owner) {
            owner.close();
        }
    }
}
