// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.optimizer.Sgd;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.plugin.OptimizerFactory;
import io.github.caadam.plugin.TrainingContext;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.spi.NotAcceleratedException;
import io.github.caadam.training.CompiledEpoch;
import io.github.caadam.training.FusedTrainer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** A network with its trainer and data, ready for steps. Always starts from the same weights. */
final class Training implements AutoCloseable {

    /** The default of DJL's Adam and of CaAdam. */
    private static final float EPSILON = 1e-8f;

    private static final float LEARNING_RATE = 1e-3f;

    /** DJL's optimizers that run on PyTorch, by what the catalog calls them. */
    private static final Map<String, Supplier<Optimizer>> STOCK =
            Map.of(
                    "adam",
                    () -> Optimizer.adam().build(),
                    "adamw",
                    () -> Optimizer.adamW().build(),
                    "sgd",
                    () -> stockSgd().build(),
                    "sgd,momentum=0.9",
                    () -> stockSgd().optMomentum(0.9f).build());

    private final Workload workload;
    private final Model model;
    private final Optimizer optimizer;
    private final Trainer trainer;
    private final Workload.Data data;

    private Training(
            Workload workload,
            Device device,
            Block block,
            Optimizer optimizer,
            BiFunction<Model, TrainingConfig, Trainer> newTrainer) {
        this.workload = workload;
        this.optimizer = optimizer;
        model = Model.newInstance(workload.name(), device);
        model.setBlock(block);
        trainer =
                newTrainer.apply(
                        model,
                        new DefaultTrainingConfig(workload.newLoss())
                                .optOptimizer(optimizer)
                                .optDevices(new Device[] {device}));
        trainer.initialize(new Shape(workload.batchSize()).addAll(workload.sample()));
        data = workload.newData(trainer.getManager());
    }

    /** DJL's trainer with DJL's Adam. */
    static Training stock(Workload workload, Device device) {
        return stock(workload, device, "adam");
    }

    /** DJL's trainer with one of those of DJL's optimizers that run on PyTorch. */
    static Training stock(Workload workload, Device device, String name) {
        return new Training(
                workload, device, newBlock(workload), STOCK.get(name).get(), Model::newTrainer);
    }

    private static Sgd.Builder stockSgd() {
        return Optimizer.sgd().setLearningRateTracker(Tracker.fixed(LEARNING_RATE));
    }

    /** Returns whether DJL has an optimizer of a name that runs on PyTorch. */
    static boolean isStock(String name) {
        return STOCK.containsKey(name);
    }

    /**
     * Our trainer with an optimizer of the catalog.
     *
     * @param optimizer its name, and its options behind commas, such as {@code sgd,momentum=0.9}
     */
    static Training named(Workload workload, Device device, String optimizer) {
        Block block = newBlock(workload);
        return new Training(
                workload,
                device,
                block,
                optimizer.equals(Products.NAME)
                        ? Products.optimizer(block, LEARNING_RATE)
                        : optimizer(workload, device, optimizer, block),
                (model, config) ->
                        FusedTrainer.builder().setModel(model).setConfig(config).build());
    }

    private static Optimizer optimizer(
            Workload workload, Device device, String optimizer, Block block) {
        List<String> words = List.of(optimizer.split(",", -1));
        Map<String, Object> options = new LinkedHashMap<>();
        options.put(OptimizerFactory.LEARNING_RATE, (double) LEARNING_RATE);
        for (String option : words.subList(1, words.size())) {
            int end = option.indexOf('=');
            String value = option.substring(end + 1);
            options.put(
                    option.substring(0, Math.max(0, end)),
                    value.matches("true|false")
                            ? (Object) Boolean.valueOf(value)
                            : Double.valueOf(value));
        }
        Component component = Catalog.ofSuite().named(Kind.OPTIMIZER, words.get(0), options);
        TrainingContext context =
                new TrainingContext(
                        block,
                        Tracker.fixed(LEARNING_RATE),
                        1,
                        workload.steps(),
                        workload.batchSize(),
                        0,
                        device);
        return component.factory(OptimizerFactory.class).create(context, component.options());
    }

    /** Our trainer with CaAdam. */
    static Training ours(Workload workload, Device device, ScalingStrategy scaling) {
        return ours(workload, device, scaling, EPSILON);
    }

    /** Our trainer with CaAdam and another ε. */
    static Training ours(Workload workload, Device device, ScalingStrategy scaling, float epsilon) {
        return ours(workload, device, scaling, epsilon, FusedTrainer.builder());
    }

    /** Our trainer with CaAdam, and compiled epochs inside {@code EasyTrain.fit}. */
    static Training compiling(Workload workload, Device device, ScalingStrategy scaling) {
        return ours(workload, device, scaling, EPSILON, FusedTrainer.builder().optCompiledEpochs());
    }

    private static Training ours(
            Workload workload,
            Device device,
            ScalingStrategy scaling,
            float epsilon,
            FusedTrainer.Builder trainer) {
        Block block = newBlock(workload);
        CaAdam optimizer =
                CaAdam.builder().setBlock(block).setScaling(scaling).optEpsilon(epsilon).build();
        return new Training(
                workload,
                device,
                block,
                optimizer,
                (model, config) -> trainer.setModel(model).setConfig(config).build());
    }

    private static Block newBlock(Workload workload) {
        return workload.newBlock();
    }

    /** Compiles the epoch of a training of ours. */
    CompiledEpoch compile() throws NotAcceleratedException {
        return CompiledEpoch.compile(
                block(), trainer.getLoss(), (CaAdam) optimizer, workload.batchSize());
    }

    Workload workload() {
        return workload;
    }

    Trainer trainer() {
        return trainer;
    }

    Workload.Data data() {
        return data;
    }

    Block block() {
        return model.getBlock();
    }

    /** Computes the gradients of the loss on some rows. */
    void backward(int[] rows) {
        try (NDManager manager = trainer.getManager().newSubManager()) {
            NDIndex index = new NDIndex("{}", manager.create(rows));
            NDList features = new NDList(data.features().get(manager, index));
            NDList targets = new NDList(data.targets().get(manager, index));
            try (GradientCollector collector = trainer.newGradientCollector()) {
                NDList predictions = trainer.forward(features);
                collector.backward(trainer.getLoss().evaluate(targets, predictions));
            }
        }
    }

    /** The trainable parameters' values, in the order of the network. */
    List<NDArray> weights() {
        return model.getBlock().getParameters().values().stream()
                .filter(Parameter::requiresGradient)
                .map(Parameter::getArray)
                .toList();
    }

    /** Waits until the device has done what it was given. */
    void synchronize() {
        if (trainer.getManager().getDevice().isGpu()) {
            try (NDArray one = trainer.getManager().ones(new Shape())) {
                one.getFloat();
            }
        }
    }

    @Override
    public void close() {
        trainer.close();
        if (optimizer instanceof StatefulOptimizer owner) {
            owner.close();
        }
        model.close();
    }
}
