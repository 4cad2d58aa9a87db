// SPDX-License-Identifier: Apache-2.0
package io.github.caadam;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.util.Pair;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Small networks and trainings that several tests use. */
public final class Networks {

    private Networks() {}

    /** An MLP with ReLU between its layers, not initialized. */
    public static SequentialBlock mlp(int... units) {
        SequentialBlock block = new SequentialBlock();
        for (int i = 0; i < units.length; i++) {
            if (i > 0) {
                block.add(Activation.reluBlock());
            }
            block.add(Linear.builder().setUnits(units[i]).build());
        }
        return block;
    }

    /** Initializes a block on one input shape. */
    public static <B extends Block> B initialized(NDManager manager, B block, Shape input) {
        block.initialize(manager, DataType.FLOAT32, input);
        return block;
    }

    /**
     * Trains an 8-16-4-1 MLP for some steps on fixed data from fixed weights.
     *
     * @return the values of every parameter, in order, after the last step
     */
    public static List<float[]> train(Function<Block, Optimizer> optimizer, int steps) {
        try (Model model = Model.newInstance("test", "PyTorch")) {
            model.setBlock(mlp(16, 4, 1));
            DefaultTrainingConfig config =
                    new DefaultTrainingConfig(Loss.l2Loss())
                            .optOptimizer(optimizer.apply(model.getBlock()));
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(new Shape(32, 8));
                Random random = new Random(7);
                for (Pair<String, Parameter> pair : model.getBlock().getParameters()) {
                    pair.getValue()
                            .getArray()
                            .set(gaussians(random, (int) pair.getValue().getShape().size(), 0.3f));
                }
                NDManager manager = trainer.getManager();
                NDList features =
                        new NDList(manager.create(gaussians(random, 32 * 8, 1f), new Shape(32, 8)));
                NDList labels =
                        new NDList(manager.create(gaussians(random, 32, 1f), new Shape(32, 1)));
                for (int i = 0; i < steps; i++) {
                    try (GradientCollector collector = trainer.newGradientCollector()) {
                        collector.backward(
                                trainer.getLoss().evaluate(labels, trainer.forward(features)));
                    }
                    trainer.step();
                }
                return values(model.getBlock());
            }
        }
    }

    /** Sets the values of every parameter of a block, in order. */
    public static void setValues(Block block, List<float[]> values) {
        List<Parameter> parameters = block.getParameters().values();
        for (int i = 0; i < parameters.size(); i++) {
            parameters.get(i).getArray().set(values.get(i));
        }
    }

    /** The values of every parameter of a block, in order. */
    public static List<float[]> values(Block block) {
        List<float[]> values = new ArrayList<>();
        for (Parameter parameter : block.getParameters().values()) {
            values.add(parameter.getArray().toFloatArray());
        }
        return values;
    }

    private static float[] gaussians(Random random, int count, float scale) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = scale * (float) random.nextGaussian();
        }
        return values;
    }
}
