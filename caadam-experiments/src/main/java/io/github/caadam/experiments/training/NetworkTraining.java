package io.github.caadam.experiments.training;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import io.github.caadam.experiments.dataset.Task;
import io.github.caadam.experiments.dataset.TrainTestData;
import io.github.caadam.experiments.model.ModelSpec;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.training.BestWeights;
import io.github.caadam.training.CompiledEpoch;
import io.github.caadam.training.EarlyStopping;
import io.github.caadam.training.FusedTrainer;
import io.github.caadam.training.L2PenalizedLoss;
import io.github.caadam.training.MeanSquaredError;
import io.github.caadam.training.NotCompilableException;
import io.github.caadam.training.PlateauTracker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.random.MersenneTwister;
import org.apache.commons.math3.random.RandomGenerator;
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
    private static final int ORDER_STREAM = 1;

    private final Task task;
    private final TrainTestData data;
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
            TrainTestData data,
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
            try (Trainer trainer = new FusedTrainer(djlModel, config);
                    BestWeights best = new BestWeights(block)) {
                trainer.initialize(new Shape(protocol.batchSize()).addAll(data.sampleShape()));
                FittedRows rows = FittedRows.of(data, protocol, trainer.getManager());
                try (Epochs epochs = newEpochs(trainer, stateful, rows)) {
                    return train(trainer, epochs, rows.count(), best, learningRate);
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
            } catch (NotCompilableException e) {
                logger.info("{} is trained eagerly. {}", model.name(), e.getMessage());
            }
        }
        return new EagerEpochs(trainer, rows, protocol.batchSize());
    }

    private TrainingResult train(
            Trainer trainer,
            Epochs epochs,
            int rows,
            BestWeights best,
            PlateauTracker learningRate) {
        EarlyStopping stopping =
                EarlyStopping.builder()
                        .optPatience(protocol.stopPatience())
                        .optMinDelta(protocol.minDelta())
                        .optStartFromEpoch(protocol.stopFromEpoch())
                        .build();
        RandomGenerator random = new MersenneTwister(new int[] {seed, ORDER_STREAM});
        List<TrainingResult.Epoch> history = new ArrayList<>();
        EpochLog log =
                new EpochLog(
                        model.name() + " by " + optimizer.fullName(protocol) + ", seed " + seed,
                        protocol.maxEpochs(),
                        logger::info);
        long start = System.nanoTime();
        boolean stop = false;
        boolean diverged = false;
        for (int epoch = 0; epoch < protocol.maxEpochs() && !stop; epoch++) {
            long epochStart = System.nanoTime();
            float rate = learningRate.value();
            double trainingLoss = epochs.train(order(rows, random));
            double validationLoss = epochs.validate();
            TrainingResult.Epoch result =
                    new TrainingResult.Epoch(trainingLoss, validationLoss, rate);
            history.add(result);
            log.add(epoch + 1, result, (System.nanoTime() - epochStart) / 1e9);
            diverged = !Double.isFinite(trainingLoss) || !Double.isFinite(validationLoss);
            if (diverged) {
                break;
            }
            learningRate.update(validationLoss);
            switch (stopping.update(epoch, validationLoss)) {
                case KEEP_WEIGHTS -> best.capture();
                case STOP -> stop = true;
                case CONTINUE -> {}
            }
        }
        best.restore();
        double seconds = (System.nanoTime() - start) / 1e9;
        long steps = (long) history.size() * stepsPerEpoch(rows);
        if (diverged) {
            return new TrainingResult(
                    true,
                    TestMetrics.of(task).name(),
                    Double.NaN,
                    Double.NaN,
                    seconds,
                    history.size(),
                    steps,
                    stopping.bestEpoch(),
                    history,
                    epochs.execution());
        }
        int bestEpoch = stopping.bestEpoch() < 0 ? history.size() - 1 : stopping.bestEpoch();
        return test(trainer, seconds, steps, bestEpoch, history, epochs.execution());
    }

    private int stepsPerEpoch(int rows) {
        return (rows - 1) / protocol.batchSize() + 1;
    }

    private static int[] order(int rows, RandomGenerator random) {
        int[] order = new int[rows];
        for (int i = 0; i < rows; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
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
