// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.metric.Measures;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.Metric;
import io.github.caadam.plugin.MetricFactory;
import io.github.caadam.plugin.ModelFactory;
import io.github.caadam.plugin.OptimizerFactory;
import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.Schedule;
import io.github.caadam.plugin.ScheduleFactory;
import io.github.caadam.plugin.Task;
import io.github.caadam.plugin.TrainingContext;
import io.github.caadam.spi.NotAcceleratedException;
import io.github.caadam.training.BestWeights;
import io.github.caadam.training.Checkpoint;
import io.github.caadam.training.CompiledEpoch;
import io.github.caadam.training.FusedTrainer;
import io.github.caadam.training.L2PenalizedLoss;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains one network and tests it once. The data lies on the device, and its rows come in a new
 * order in each epoch.
 *
 * <p>A seed fixes the initial weights and the order of the rows; the same seed gives both to every
 * optimizer alike. Where a protocol shares initial weights, the seed fixes only the order. What the
 * engine itself draws is the seed's, too: initial weights that a network leaves to the engine, and
 * what a network drops out.
 */
public final class NetworkTraining {

    private static final Logger logger = LoggerFactory.getLogger(NetworkTraining.class);

    /** The parameters that a protocol's L2 penalty is on. */
    private static final String WEIGHTS = "weight$";

    private final DataSplit data;
    private final Component model;
    private final Component optimizer;
    private final Protocol protocol;
    private final int seed;
    private final Device device;
    private final Execution execution;
    private final Measures measures;

    /**
     * Describes a training.
     *
     * @param data the data set
     * @param model the network
     * @param optimizer the optimizer
     * @param protocol the protocol
     * @param seed the seed
     * @param device where to train
     * @param execution how epochs are executed
     * @param measures what is measured on the test rows, besides the usual metrics of the task
     */
    public NetworkTraining(
            DataSplit data,
            Component model,
            Component optimizer,
            Protocol protocol,
            int seed,
            Device device,
            Execution execution,
            Measures measures) {
        this.data = data;
        this.model = model;
        this.optimizer = optimizer;
        this.protocol = protocol;
        this.seed = seed;
        this.device = device;
        this.execution = execution;
        this.measures = measures;
    }

    /**
     * Checks that data can be trained on under a protocol, before anything is planned.
     *
     * @param data the data
     * @param protocol the protocol
     * @throws IllegalArgumentException if they cannot; the message says what to change
     */
    public static void requireFit(DataSplit data, Protocol protocol) {
        FittedRows.count(data, protocol);
        requireTask(protocol.loss(), data.signature().task());
        protocol.monitor().ifPresent(metric -> requireMeaning(metric, data.signature()));
    }

    private static void requireMeaning(Component monitored, DataSignature data) {
        monitored
                .factory(MetricFactory.class)
                .refuses(data)
                .ifPresent(
                        reason -> {
                            throw new IllegalArgumentException(
                                    "The protocol monitors "
                                            + monitored.reference()
                                            + ", which means nothing here: "
                                            + reason
                                            + ".");
                        });
    }

    private static void requireTask(Optional<Losses> loss, Task task) {
        if (loss.isPresent() && loss.get().task() != task) {
            throw new IllegalArgumentException(
                    "The loss "
                            + Option.word(loss.get())
                            + " is for a "
                            + Option.word(loss.get().task())
                            + ", and the data ask for a "
                            + Option.word(task)
                            + ".");
        }
    }

    /**
     * Trains and tests.
     *
     * @return the result
     */
    public TrainingResult run() {
        return run(TrainingCheckpoints.none());
    }

    /**
     * Trains and tests, going on with what was kept of this training.
     *
     * @param checkpoints where the training is kept
     * @return the result; its wall time is that of all processes that trained
     */
    public TrainingResult run(TrainingCheckpoints checkpoints) {
        return run(checkpoints, () -> {});
    }

    /**
     * Trains and tests, going on with what was kept of this training. What cannot be used of it is
     * reported, and the training starts anew.
     *
     * @param checkpoints where the training is kept
     * @param afterEpoch what is run after each epoch, to see that the training goes on
     * @return the result; its wall time is that of all processes that trained
     */
    public TrainingResult run(TrainingCheckpoints checkpoints, Runnable afterEpoch) {
        return model.source() == Component.Source.FILE
                ? UnoptimizedGraphs.with(() -> resumeOrStart(checkpoints, afterEpoch))
                : resumeOrStart(checkpoints, afterEpoch);
    }

    private TrainingResult resumeOrStart(TrainingCheckpoints checkpoints, Runnable afterEpoch) {
        Optional<Checkpoint> checkpoint = checkpoints.find();
        if (checkpoint.isPresent()) {
            try {
                return run(checkpoints, checkpoint, afterEpoch);
            } catch (IOException e) {
                logger.warn(
                        "The training cannot go on from {}; it starts anew: {}",
                        checkpoint.get().directory(),
                        e.toString());
                checkpoints.discard();
            }
        }
        try {
            return run(checkpoints, Optional.empty(), afterEpoch);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("try") // The optimizer is closed, not used by that name.
    private TrainingResult run(
            TrainingCheckpoints checkpoints, Optional<Checkpoint> checkpoint, Runnable afterEpoch)
            throws IOException {
        int weightsSeed = protocol.weightsSeed(seed);
        ModelFactory network = model.factory(ModelFactory.class);
        Block block = network.create(data.signature(), weightsSeed, model.options());
        try (Model djlModel = Model.newInstance(model.reference(), device)) {
            djlModel.setBlock(block);
            int rows = FittedRows.count(data, protocol);
            double base = OwnedOptimizer.baseLearningRate(optimizer);
            TrainingContext planned = context(block, step -> (float) base, rows);
            Schedule schedule =
                    protocol.schedule()
                            .factory(ScheduleFactory.class)
                            .create(base, planned, protocol.schedule().options());
            Optimizer created =
                    optimizer
                            .factory(OptimizerFactory.class)
                            .create(context(block, schedule, rows), optimizer.options());
            try (OwnedOptimizer owned = new OwnedOptimizer(created)) {
                DefaultTrainingConfig config =
                        new DefaultTrainingConfig(newLoss(block))
                                .optOptimizer(created)
                                .optDevices(new Device[] {device});
                try (Trainer trainer =
                                FusedTrainer.builder()
                                        .setModel(djlModel)
                                        .setConfig(config)
                                        .build();
                        BestWeights best = new BestWeights(trainer)) {
                    initialize(trainer, weightsSeed);
                    FittedRows fitted = FittedRows.of(data, protocol, trainer.getManager());
                    TrainingLoop loop =
                            new TrainingLoop(
                                    label(),
                                    protocol,
                                    seed,
                                    schedule,
                                    best,
                                    monitored(trainer, fitted),
                                    batchesPerStep());
                    return train(
                            loop,
                            fitted,
                            trainer,
                            created,
                            best,
                            checkpoints,
                            checkpoint,
                            afterEpoch);
                }
            }
        } finally {
            network.release(block);
        }
    }

    private TrainingContext context(Block block, Tracker learningRate, int rows) {
        return new TrainingContext(
                block,
                learningRate,
                protocol.epochs(),
                (batches(rows) - 1) / batchesPerStep() + 1,
                protocol.batchSize(),
                seed,
                device);
    }

    /** The engine's own draws: first weights, then those of the training. */
    private void initialize(Trainer trainer, int weightsSeed) {
        Engine engine = trainer.getManager().getEngine();
        engine.setRandomSeed(weightsSeed);
        trainer.initialize(new Shape(protocol.batchSize()).addAll(data.sampleShape()));
        engine.setRandomSeed(seed);
        requireOutputs(trainer.getModel().getBlock());
    }

    /** Other outputs would be broadcast against the targets, and something else be learnt. */
    private void requireOutputs(Block block) {
        Shape batch = new Shape(protocol.batchSize());
        Shape[] given = block.getOutputShapes(new Shape[] {batch.addAll(data.sampleShape())});
        Shape wanted = batch.add(data.outputs());
        if (given.length > 0 && (given.length != 1 || !given[0].equals(wanted))) {
            throw new IllegalArgumentException(
                    "The model "
                            + model.reference()
                            + " gives outputs of the shape "
                            + Arrays.toString(given)
                            + " for a batch of "
                            + protocol.batchSize()
                            + " samples; the data ask for "
                            + wanted
                            + ".");
        }
    }

    private TrainingResult train(
            TrainingLoop loop,
            FittedRows rows,
            Trainer trainer,
            Optimizer created,
            BestWeights best,
            TrainingCheckpoints checkpoints,
            Optional<Checkpoint> checkpoint,
            Runnable afterEpoch)
            throws IOException {
        if (checkpoint.isPresent()) {
            loop.startBehind(
                    checkpoints.resume(checkpoint.get(), trainer, created, best), rows.count());
        }
        try (Epochs epochs = newEpochs(trainer, created, rows)) {
            loop.run(
                    epochs,
                    rows.count(),
                    (history, seconds) ->
                            checkpoints.offer(trainer, created, best, history, seconds),
                    afterEpoch);
            return result(loop, trainer, rows.count(), epochs.execution());
        }
    }

    private Optional<MonitoredMetric> monitored(Trainer trainer, FittedRows rows) {
        return protocol.monitor()
                .map(metric -> new MonitoredMetric(metric, data.signature(), trainer, rows));
    }

    private String label() {
        return model.reference() + " by " + optimizer.reference() + ", seed " + seed;
    }

    private Loss newLoss(Block block) {
        Task task = data.signature().task();
        requireTask(protocol.loss(), task);
        Losses named = protocol.loss().orElse(Losses.of(task));
        Loss plain = named.newLoss();
        Loss penalized =
                protocol.l2() == 0
                        ? plain
                        : new L2PenalizedLoss(plain, block, (float) protocol.l2(), WEIGHTS);
        return model.factory(ModelFactory.class).loss(penalized, block, model.options());
    }

    private Epochs newEpochs(Trainer trainer, Optimizer created, FittedRows rows) {
        if (execution == Execution.COMPILED && created instanceof StatefulOptimizer stateful) {
            try {
                CompiledEpoch compiled =
                        CompiledEpoch.compile(
                                trainer.getModel().getBlock(),
                                trainer.getLoss(),
                                stateful,
                                protocol.batchSize());
                return new CompiledEpochs(compiled, rows);
            } catch (NotAcceleratedException e) {
                logger.info("{} is trained eagerly. {}", model.reference(), e.getMessage());
            }
        }
        return new EagerEpochs(trainer, rows, protocol.batchSize());
    }

    private TrainingResult result(
            TrainingLoop loop, Trainer trainer, int rows, Execution executed) {
        List<TrainingResult.Epoch> history = loop.history();
        long steps = (long) history.size() * batches(rows) / batchesPerStep();
        if (loop.diverged()) {
            return new TrainingResult(
                    true,
                    Map.of(),
                    loop.seconds(),
                    history.size(),
                    steps,
                    loop.testedEpoch(),
                    history,
                    executed);
        }
        return test(trainer, loop.seconds(), steps, loop.testedEpoch(), history, executed);
    }

    private int batches(int rows) {
        return (rows - 1) / protocol.batchSize() + 1;
    }

    private int batchesPerStep() {
        return optimizer.factory(OptimizerFactory.class).batchesPerStep(optimizer.options());
    }

    private TrainingResult test(
            Trainer trainer,
            double seconds,
            long steps,
            int bestEpoch,
            List<TrainingResult.Epoch> history,
            Execution executed) {
        Map<String, Metric> metrics = measures.start(data.signature());
        Evaluation.measure(
                trainer,
                data.testSamples()::place,
                data.signature(),
                data.testTargets(),
                metrics.values());
        Map<String, Double> values = new LinkedHashMap<>();
        metrics.forEach((name, metric) -> values.put(name, metric.value()));
        return new TrainingResult(
                false, values, seconds, history.size(), steps, bestEpoch, history, executed);
    }
}
