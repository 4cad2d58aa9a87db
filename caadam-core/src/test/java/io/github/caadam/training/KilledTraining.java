// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.Model;
import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.optimizer.Optimizer;
import io.github.caadam.Networks;
import io.github.caadam.Trainers;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.optimizer.Nadam;
import io.github.caadam.scaling.ScalingStrategy;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * A training with validation, random row order, plateau tracker, early stopping and checkpoints,
 * which may be interrupted in the middle of an epoch: by an exception, or as a process that waits
 * to be killed.
 */
final class KilledTraining {

    static final int EPOCHS = 7;

    private static final String GRAPH_OPTIMIZER = "ai.djl.pytorch.graph_optimizer";
    private static final int BATCH = 16;
    private static final int ROWS = 3 * BATCH;

    private KilledTraining() {}

    /** What is trained, and how. */
    enum Kind {
        /** Dropout draws from the engine, so a seed is set for each epoch. */
        EAGER(new Shape(3)) {
            @Override
            Block block() {
                return new SequentialBlock()
                        .add(Linear.builder().setUnits(8).build())
                        .add(BatchNorm.builder().build())
                        .add(Activation.reluBlock())
                        .add(Dropout.builder().optRate(0.3f).build())
                        .add(Linear.builder().setUnits(1).build());
            }

            @Override
            void configure(EpochListener.Builder listener) {
                listener.optSeed(77);
            }
        },

        FUSED(new Shape(3)) {
            @Override
            Optimizer optimizer(Block block, PlateauTracker rate) {
                return Nadam.builder()
                        .optBlock(block)
                        .optGlobalClipNorm(1)
                        .optLearningRateTracker(rate)
                        .build();
            }

            @Override
            Trainer trainer(Model model, TrainingConfig config) {
                return Trainers.FUSED.apply(model, config);
            }
        },

        /** Two steps in a call; a gradient waits at an epoch's end, and averages are validated. */
        COMPILED(new Shape(3)) {
            @Override
            Optimizer optimizer(Block block, PlateauTracker rate) {
                return averaging(block, rate);
            }

            @Override
            Trainer trainer(Model model, TrainingConfig config) {
                return Trainers.compiled(2).apply(model, config);
            }
        },

        /** As the one before, with fused steps. */
        AVERAGED(new Shape(3)) {
            @Override
            Optimizer optimizer(Block block, PlateauTracker rate) {
                return averaging(block, rate);
            }

            @Override
            Trainer trainer(Model model, TrainingConfig config) {
                return Trainers.FUSED.apply(model, config);
            }
        },

        DJL_SGD(new Shape(3)) {
            @Override
            Optimizer optimizer(Block block, PlateauTracker rate) {
                return Optimizer.sgd().optMomentum(0.9f).setLearningRateTracker(rate).build();
            }
        },

        DJL_ADAM(new Shape(3)) {
            @Override
            Optimizer optimizer(Block block, PlateauTracker rate) {
                return Optimizer.adam().optLearningRateTracker(rate).build();
            }
        },

        DJL_ADAMW(new Shape(3)) {
            @Override
            Optimizer optimizer(Block block, PlateauTracker rate) {
                return Optimizer.adamW().optLearningRateTracker(rate).build();
            }
        },

        /** At a rate at which the last epoch is not the best. */
        PLAIN(new Shape(3)) {
            @Override
            float rate() {
                return 2;
            }
        },

        /** As the one before, but DJL trains copies of the model's parameters. */
        MIRRORED(new Shape(3)) {
            @Override
            void initialized(Trainer trainer) {
                Mirrors.make(trainer);
            }

            @Override
            float rate() {
                return 2;
            }
        },

        /** A network of DJL's model zoo, of which only the last layer and one in it are trained. */
        FINE_TUNING(new Shape(1, 8, 8)) {
            @Override
            Block block() {
                Block block =
                        ResNetV1.builder()
                                .setImageShape(new Shape(1, 8, 8))
                                .setNumLayers(20)
                                .setOutSize(1)
                                .build();
                List<String> paths = block.getParameters().keys();
                block.getParameters()
                        .forEach(
                                pair ->
                                        pair.getValue()
                                                .freeze(
                                                        paths.indexOf(pair.getKey())
                                                                        < paths.size() - 14
                                                                || !pair.getValue()
                                                                        .requiresGradient()));
                return block;
            }

            @Override
            Trainer trainer(Model model, TrainingConfig config) {
                return Trainers.FUSED.apply(model, config);
            }
        },

        /**
         * A file of PyTorch's, whose dropout is on in training mode only. PyTorch's optimizer of
         * graphs is off, as DJL asks it to save inference tensors for a backward pass otherwise; it
         * is switched for a thread.
         */
        TORCHSCRIPT(new Shape(8)) {
            @Override
            <T> T call(Callable<T> training) throws Exception {
                ExecutorService thread = Executors.newSingleThreadExecutor();
                System.setProperty(GRAPH_OPTIMIZER, "false");
                try {
                    return thread.submit(training).get();
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof Exception cause ? cause : e;
                } finally {
                    System.clearProperty(GRAPH_OPTIMIZER);
                    thread.shutdown();
                }
            }

            @Override
            Model model() throws Exception {
                return torchScript("dropout");
            }

            @Override
            void configure(EpochListener.Builder listener) {
                listener.optSeed(77);
            }

            @Override
            int outputs() {
                return 4;
            }
        };

        @SuppressWarnings("ImmutableEnumChecker") // Nobody changes a shape.
        private final Shape row;

        Kind(Shape row) {
            this.row = row;
        }

        int outputs() {
            return 1;
        }

        Block block() {
            return new SequentialBlock()
                    .add(Linear.builder().setUnits(8).build())
                    .add(BatchNorm.builder().build())
                    .add(Activation.reluBlock())
                    .add(Linear.builder().setUnits(1).build());
        }

        Model model() throws Exception {
            Model model = Model.newInstance("killed", "PyTorch");
            model.setBlock(block());
            return model;
        }

        Optimizer optimizer(Block block, PlateauTracker rate) {
            return CaAdam.builder()
                    .setBlock(block)
                    .setScaling(ScalingStrategy.depth())
                    .optLearningRateTracker(rate)
                    .build();
        }

        Trainer trainer(Model model, TrainingConfig config) {
            return model.newTrainer(config);
        }

        <T> T call(Callable<T> training) throws Exception {
            return training.call();
        }

        float rate() {
            return 0.05f;
        }

        void configure(EpochListener.Builder listener) {}

        void initialized(Trainer trainer) {}
    }

    private static Optimizer averaging(Block block, PlateauTracker rate) {
        return CaAdam.builder()
                .setBlock(block)
                .setScaling(ScalingStrategy.multiplicative())
                .optGradientAccumulationSteps(2)
                .optWeightAverage(0.8f)
                .optLearningRateTracker(rate)
                .build();
    }

    /** Loads a file that scripts/golden/torchscript_blocks.py made, to be fine-tuned. */
    static Model torchScript(String name) throws Exception {
        Model model = Model.newInstance(name, "PyTorch");
        model.load(Path.of("src/test/resources/torchscript"), name, Map.of("trainParam", "true"));
        return model;
    }

    /** The validation losses of all epochs, as something of the user's that is kept. */
    private static final class History extends TrainingListenerAdapter implements Resumable {

        private final List<String> losses = new ArrayList<>();

        @Override
        public void onEpoch(Trainer trainer) {
            losses.add(Float.toString(trainer.getTrainingResult().getValidateLoss()));
        }

        @Override
        public void save(Path file) throws IOException {
            Files.write(file, losses);
        }

        @Override
        public void load(Path file) throws IOException {
            losses.clear();
            losses.addAll(Files.readAllLines(file));
        }
    }

    /** Thrown in place of a kill. */
    static final class Interrupted extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Interrupts at the second batch of an epoch. */
    private static final class Interruption extends TrainingListenerAdapter {

        private final int atEpoch;
        private final Runnable action;
        private int epoch;
        private int batch;

        Interruption(int atEpoch, Runnable action) {
            this.atEpoch = atEpoch;
            this.action = action;
        }

        @Override
        public void onTrainingBatch(Trainer trainer, BatchData batchData) {
            batch++;
            if (epoch == atEpoch && batch == 2) {
                action.run();
            }
        }

        @Override
        public void onEpoch(Trainer trainer) {
            epoch++;
            batch = 0;
        }
    }

    /**
     * Trains to the end and says all that is to be the same: losses, decisions, and the values of
     * the parameters, to the digit.
     */
    static List<String> run(Kind kind, Path directory) throws Exception {
        return run(kind, directory, Integer.MAX_VALUE, () -> {});
    }

    /** Trains until the second batch of an epoch, counted from this start. */
    static void interrupt(Kind kind, Path directory, int epoch) throws Exception {
        try {
            run(
                    kind,
                    directory,
                    epoch,
                    () -> {
                        throw new Interrupted();
                    });
        } catch (Interrupted e) {
            return;
        }
        throw new AssertionError("not interrupted in epoch " + epoch);
    }

    private static List<String> run(Kind kind, Path directory, int epoch, Runnable action)
            throws Exception {
        return kind.call(() -> train(kind, directory, epoch, action));
    }

    private static List<String> train(Kind kind, Path directory, int epoch, Runnable action)
            throws Exception {
        Engine.getEngine("PyTorch").setRandomSeed(5);
        PlateauTracker rate =
                PlateauTracker.builder()
                        .setBaseValue(kind.rate())
                        .optFactor(0.5)
                        .optPatience(1)
                        .optCooldown(1)
                        .build();
        EarlyStopping stopping = EarlyStopping.builder().optPatience(3).build();
        History history = new History();
        try (Model model = kind.model()) {
            Optimizer optimizer = kind.optimizer(model.getBlock(), rate);
            EpochListener.Builder builder =
                    EpochListener.builder()
                            .optEpochs(EPOCHS)
                            .optEarlyStopping(stopping)
                            .optPlateauTracker(rate)
                            .optCheckpoints(directory, optimizer)
                            .optResumable("history.txt", history);
            kind.configure(builder);
            EpochListener listener = builder.build();
            TrainingConfig config =
                    new DefaultTrainingConfig(new MeanSquaredError())
                            .optOptimizer(optimizer)
                            .addTrainingListeners(new EvaluatorTrainingListener())
                            .addTrainingListeners(history)
                            .addTrainingListeners(listener)
                            .addTrainingListeners(new Interruption(epoch, action));
            try (Trainer trainer = kind.trainer(model, config)) {
                trainer.initialize(new Shape(BATCH).addAll(kind.row));
                kind.initialized(trainer);
                int done = listener.resume(trainer);
                fit(trainer, kind, done);
            }
            List<String> result = new ArrayList<>(history.losses);
            result.add(stopping.toString());
            result.add(rate.toString());
            Networks.values(model.getBlock()).forEach(v -> result.add(Arrays.toString(v)));
            if (optimizer instanceof AutoCloseable closeable) {
                closeable.close();
            }
            return result;
        }
    }

    private static void fit(Trainer trainer, Kind kind, int done) throws Exception {
        try {
            EasyTrain.fit(
                    trainer,
                    EPOCHS - done,
                    dataset(trainer.getManager(), kind, 1, true),
                    dataset(trainer.getManager(), kind, 2, false));
        } catch (EarlyStoppedException e) {
            System.err.println(e.getMessage());
        }
    }

    private static ArrayDataset dataset(NDManager manager, Kind kind, int seed, boolean shuffled) {
        Random random = new Random(seed);
        Shape shape = new Shape(ROWS).addAll(kind.row);
        float[] features = gaussians(random, (int) shape.size());
        float[] labels = gaussians(random, ROWS * kind.outputs());
        int size = (int) kind.row.size();
        for (int i = 0; i < labels.length; i++) {
            int row = i / kind.outputs() * size;
            labels[i] = 0.3f * labels[i] + features[row] - features[row + 1];
        }
        return new ArrayDataset.Builder()
                .setData(manager.create(features, shape))
                .optLabels(manager.create(labels, new Shape(ROWS, kind.outputs())))
                .setSampling(BATCH, shuffled)
                .build();
    }

    private static float[] gaussians(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Starts a process that trains until an epoch and waits there, or trains to the end. */
    static Process start(Kind kind, Path directory, int epoch) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        System.getProperties()
                .forEach(
                        (key, value) -> {
                            if (key.toString().startsWith("ai.djl.pytorch")) {
                                command.add("-D" + key + "=" + value);
                            }
                        });
        Stream.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledTraining.class.getName(),
                        kind.name(),
                        directory.toString(),
                        Integer.toString(epoch))
                .forEach(command::add);
        return new ProcessBuilder(command).redirectError(new File("/dev/null")).start();
    }

    /** Trains, and waits to be killed in an epoch. */
    public static void main(String[] args) throws Exception {
        Kind kind = Kind.valueOf(args[0].toUpperCase(Locale.ROOT));
        run(
                kind,
                Path.of(args[1]),
                Integer.parseInt(args[2]),
                () -> {
                    System.out.println("waiting");
                    try {
                        Thread.sleep(Long.MAX_VALUE);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }
}
