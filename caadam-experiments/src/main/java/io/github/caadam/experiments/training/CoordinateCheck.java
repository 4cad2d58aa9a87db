// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.ModelFactory;
import io.github.caadam.plugin.OptimizerFactory;
import io.github.caadam.plugin.TargetScale;
import io.github.caadam.plugin.Task;
import io.github.caadam.plugin.TrainingContext;
import io.github.caadam.training.FusedTrainer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The coordinate check of Yang et al. (2022, "Tensor Programs V", appendix D.1; microsoft/mup): by
 * how much the output of each layer of an MLP changes in the first steps of a training, for wider
 * and for deeper networks. Where the change stays alike as networks grow, a learning rate that fits
 * a small network fits a large one.
 *
 * <p>Networks are MLPs with ReLU and Glorot-uniform weights, for 64 rows of 16 features and one
 * target, all standard normal. The change is the root mean square, over rows and units, of a linear
 * layer's output after {@value #STEPS} steps on these rows less that before them, on average over
 * {@value #SEEDS} seeds.
 */
public final class CoordinateCheck {

    /** How many steps are made. */
    public static final int STEPS = 5;

    /** How many draws of weights and rows are averaged. */
    public static final int SEEDS = 3;

    private static final int ROWS = 64;
    private static final DataSignature DATA =
            new DataSignature(Task.REGRESSION, new Shape(16), 1, TargetScale.NONE);

    private final Catalog catalog;

    /**
     * Creates the check.
     *
     * @param catalog what networks are taken from
     */
    public CoordinateCheck(Catalog catalog) {
        this.catalog = catalog;
    }

    /** In which direction networks grow. */
    public enum Growth {
        /** Three hidden layers, of more and more units. */
        WIDTH(List.of(16, 32, 64, 128, 256, 512)) {
            @Override
            int width(int size) {
                return size;
            }

            @Override
            int depth(int size) {
                return 3;
            }
        },
        /** More and more hidden layers, of 64 units. */
        DEPTH(List.of(2, 4, 8, 16, 32)) {
            @Override
            int width(int size) {
                return 64;
            }

            @Override
            int depth(int size) {
                return size;
            }
        };

        @SuppressWarnings("ImmutableEnumChecker") // Made by List.of.
        private final List<Integer> sizes;

        Growth(List<Integer> sizes) {
            this.sizes = sizes;
        }

        /**
         * Returns how large the networks are.
         *
         * @return units of each hidden layer, or hidden layers
         */
        public List<Integer> sizes() {
            return sizes;
        }

        abstract int width(int size);

        abstract int depth(int size);
    }

    /**
     * By how much layers' outputs change in a network.
     *
     * @param layers the change of each linear layer, from the input on
     */
    public record Changes(List<Double> layers) {

        /** Copies the list. */
        public Changes {
            layers = List.copyOf(layers);
        }

        /**
         * Returns the change of the first layer.
         *
         * @return the change, 0 or more; not finite if the training diverged
         */
        public double first() {
            return layers.get(0);
        }

        /**
         * Returns the change of the layers between the first and the last.
         *
         * @return their mean
         */
        public double middle() {
            return layers.subList(1, layers.size() - 1).stream()
                    .mapToDouble(Double::doubleValue)
                    .average()
                    .orElseThrow();
        }

        /**
         * Returns the change of the network's output.
         *
         * @return the change
         */
        public double last() {
            return layers.get(layers.size() - 1);
        }
    }

    /**
     * Makes the check for one network.
     *
     * @param optimizer the optimizer
     * @param growth in which direction networks grow
     * @param size how large the network is in that direction, 1 or more
     * @return the changes
     * @throws IOException if the network cannot be made
     */
    public Changes of(Component optimizer, Growth growth, int size) throws IOException {
        String units =
                String.join(
                        "-",
                        Collections.nCopies(
                                growth.depth(size), String.valueOf(growth.width(size))));
        Component network = catalog.named(Kind.MODEL, "mlp:" + units, Map.of());
        List<Double> sums = new ArrayList<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            List<Double> changes = changes(network, optimizer, seed);
            for (int i = 0; i < changes.size(); i++) {
                if (seed == 0) {
                    sums.add(0.0);
                }
                sums.set(i, sums.get(i) + changes.get(i) / SEEDS);
            }
        }
        return new Changes(sums);
    }

    @SuppressWarnings("try") // The optimizer is closed, not used by that name.
    private static List<Double> changes(Component network, Component optimizer, int seed)
            throws IOException {
        ModelFactory factory = network.factory(ModelFactory.class);
        Block block = factory.create(DATA, seed, network.options());
        try (Model model = Model.newInstance(network.reference())) {
            model.setBlock(block);
            double rate = OwnedOptimizer.baseLearningRate(optimizer);
            TrainingContext context =
                    new TrainingContext(
                            block,
                            step -> (float) rate,
                            STEPS,
                            1,
                            ROWS,
                            seed,
                            model.getNDManager().getDevice());
            Optimizer created =
                    optimizer.factory(OptimizerFactory.class).create(context, optimizer.options());
            try (OwnedOptimizer owned = new OwnedOptimizer(created);
                    Trainer trainer =
                            FusedTrainer.builder()
                                    .setModel(model)
                                    .setConfig(
                                            new DefaultTrainingConfig(Loss.l2Loss())
                                                    .optOptimizer(created))
                                    .build()) {
                Shape shape = new Shape(ROWS).addAll(DATA.sampleShape());
                trainer.initialize(shape);
                NDManager manager = trainer.getManager();
                Random random = new Random(seed);
                NDArray features = gaussians(manager, random, shape);
                NDArray targets = gaussians(manager, random, new Shape(ROWS, 1));
                NDList before = outputs(block, features);
                for (int step = 0; step < STEPS; step++) {
                    try (GradientCollector collector = trainer.newGradientCollector()) {
                        collector.backward(
                                trainer.getLoss()
                                        .evaluate(
                                                new NDList(targets),
                                                trainer.forward(new NDList(features))));
                    }
                    trainer.step();
                }
                NDList after = outputs(block, features);
                List<Double> changes = new ArrayList<>();
                for (int i = 0; i < before.size(); i++) {
                    NDArray change = after.get(i).sub(before.get(i));
                    changes.add(Math.sqrt(change.square().mean().getFloat()));
                }
                return changes;
            }
        } finally {
            factory.release(block);
        }
    }

    /** The outputs of the layers that have weights, in their order. */
    private static NDList outputs(Block block, NDArray features) {
        ParameterStore store = new ParameterStore(features.getManager(), false);
        NDList outputs = new NDList();
        NDList current = new NDList(features);
        for (Block child : block.getChildren().values()) {
            current = child.forward(store, current, false);
            if (!child.getParameters().isEmpty()) {
                outputs.add(current.get(0).stopGradient().duplicate());
            }
        }
        return outputs;
    }

    private static NDArray gaussians(NDManager manager, Random random, Shape shape) {
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return manager.create(values, shape);
    }
}
