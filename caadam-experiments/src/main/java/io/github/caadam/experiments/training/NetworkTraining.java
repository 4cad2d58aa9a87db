// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import io.github.caadam.experiments.model.ModelSpec;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.Task;
import io.github.caadam.spi.NotAcceleratedException;
import io.github.caadam.training.BestWeights;
import io.github.caadam.training.Checkpoint;
import io.github.caadam.training.CompiledEpoch;
import io.github.caadam.training.FusedTrainer;
import io.github.caadam.training.L2PenalizedLoss;
import io.github.caadam.training.MeanSquaredError;
import io.github.caadam.training.PlateauTracker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains one network and tests it once. The data lies on the device, and its rows come in a new
 * order in each epoch.
 *
 * <p>A seed fixes the initial weights and the order of the rows; the same seed gives both to every
 * optimizer alike. Where a protocol shares initial weights, the seed fixes only the order. Factors
 * that are drawn are the seed's, too ({@link OptimizerSpec#strategy}).
 */
public final class NetworkTraining {

    private static final Logger logger = LoggerFactory.getLogger(NetworkTraining.class);

    private static final int WEIGHTS_STREAM = 0;

    private final Task task;
    private final DataSplit data;
    private final ModelSpec model;
    private final OptimizerSpec optimizer;
    private final Protocol protocol;
    private final int seed;
    private final Device device;
    private final Execution execution;

    /**
     * Describes a training.
     *
     * @param task what the data set asks for
     * @param data the data set
     * @param model the network
     * @param optimizer the optimizer
     * @param protocol the protocol
     * @param seed the seed
     * @param device where to train
     * @param execution how epochs are executed
     */
    public NetworkTraining(
            Task task,
            DataSplit data,
            ModelSpec model,
            OptimizerSpec optimizer,
            Protocol protocol,
            int seed,
            Device device,
            Execution execution) {
        this.task = task;
        this.data = data;
        this.model = model;
        this.optimizer = optimizer;
        this.protocol = protocol;
        this.seed = seed;
        this.device = device;
        this.execution = execution;
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

    private TrainingResult run(
            TrainingCheckpoints checkpoints, Optional<Checkpoint> checkpoint, Runnable afterEpoch)
            throws IOException {
        PlateauTracker learningRate =
                PlateauTracker.builder()
                        .setBaseValue((float) optimizer.learningRate())
                        .optFactor(protocol.plateauFactor())
                        .optPatience(protocol.plateauPatience())
                        .optMinDelta(protocol.minDelta())
                        .optMinValue(protocol.minLearningRate())
                        .build();
        int weightsSeed = protocol.sharedInitialWeights() ? protocol.weightsSeed() : seed;
        Block block =
                model.newBlock(data.sampleShape(), data.outputs(), weightsSeed, WEIGHTS_STREAM);
        Loss loss = newLoss(block);
        try (Model djlModel = Model.newInstance(model.name(), device);
                StatefulOptimizer stateful =
                        optimizer.newOptimizer(block, protocol, seed, learningRate)) {
            djlModel.setBlock(block);
            DefaultTrainingConfig config =
                    new DefaultTrainingConfig(loss)
                            .optOptimizer(stateful)
                            .optDevices(new Device[] {device});
            try (Trainer trainer =
                            FusedTrainer.builder().setModel(djlModel).setConfig(config).build();
                    BestWeights best = new BestWeights(trainer)) {
                trainer.initialize(new Shape(protocol.batchSize()).addAll(data.sampleShape()));
                FittedRows rows = FittedRows.of(data, protocol, trainer.getManager());
                String label = model.name() + " by " + optimizer.fullName(protocol);
                TrainingLoop loop =
                        new TrainingLoop(
                                label + ", seed " + seed, protocol, seed, learningRate, best);
                if (checkpoint.isPresent()) {
                    loop.startBehind(
                            checkpoints.resume(checkpoint.get(), trainer, stateful, best),
                            rows.count());
                }
                try (Epochs epochs = newEpochs(trainer, stateful, rows)) {
                    loop.run(
                            epochs,
                            rows.count(),
                            (history, seconds) ->
                                    checkpoints.offer(trainer, stateful, best, history, seconds),
                            afterEpoch);
                    return result(loop, trainer, rows.count(), epochs.execution());
                }
            }
        }
    }

    private Loss newLoss(Block block) {
        Loss loss =
                switch (task) {
                    case REGRESSION -> new MeanSquaredError();
                    case CLASSIFICATION -> Loss.softmaxCrossEntropyLoss();
                };
        return model.penalty()
                .<Loss>map(
                        penalty ->
                                new L2PenalizedLoss(
                                        loss, block, penalty.lambda(), penalty.pathPattern()))
                .orElse(loss);
    }

    private Epochs newEpochs(Trainer trainer, StatefulOptimizer stateful, FittedRows rows) {
        if (execution == Execution.COMPILED) {
            try {
                CompiledEpoch compiled =
                        CompiledEpoch.compile(
                                trainer.getModel().getBlock(),
                                trainer.getLoss(),
                                stateful,
                                protocol.batchSize());
                return new CompiledEpochs(compiled, rows);
            } catch (NotAcceleratedException e) {
                logger.info("{} is trained eagerly. {}", model.name(), e.getMessage());
            }
        }
        return new EagerEpochs(trainer, rows, protocol.batchSize());
    }

    private TrainingResult result(
            TrainingLoop loop, Trainer trainer, int rows, Execution executed) {
        List<TrainingResult.Epoch> history = loop.history();
        long steps = (long) history.size() * stepsPerEpoch(rows);
        if (loop.diverged()) {
            return new TrainingResult(
                    true,
                    TestMetrics.of(task).name(),
                    Double.NaN,
                    Double.NaN,
                    loop.seconds(),
                    history.size(),
                    steps,
                    loop.bestEpoch(),
                    history,
                    executed);
        }
        int bestEpoch = loop.bestEpoch() < 0 ? history.size() - 1 : loop.bestEpoch();
        return test(trainer, loop.seconds(), steps, bestEpoch, history, executed);
    }

    private int stepsPerEpoch(int rows) {
        return (rows - 1) / protocol.batchSize() + 1;
    }

    private TrainingResult test(
            Trainer trainer,
            double seconds,
            long steps,
            int bestEpoch,
            List<TrainingResult.Epoch> history,
            Execution executed) {
        TestMetrics metrics = TestMetrics.of(task);
        float[] targets = data.testTargets();
        try (NDManager manager = trainer.getManager().newSubManager()) {
            Evaluation.run(
                    trainer,
                    data.testSamples()::place,
                    data.sampleShape().size(),
                    FittedRows.column(manager, targets),
                    (from, to, predictions, loss) ->
                            metrics.add(
                                    predictions.toFloatArray(),
                                    Arrays.copyOfRange(targets, from, to),
                                    loss));
        }
        return new TrainingResult(
                false,
                metrics.name(),
                metrics.value(),
                metrics.secondary(),
                seconds,
                history.size(),
                steps,
                bestEpoch,
                history,
                executed);
    }
}
