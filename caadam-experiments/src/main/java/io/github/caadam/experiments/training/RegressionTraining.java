package io.github.caadam.experiments.training;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import io.github.caadam.experiments.dataset.TrainTestData;
import io.github.caadam.experiments.model.ModelSpec;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.training.BestWeights;
import io.github.caadam.training.EarlyStopping;
import io.github.caadam.training.MeanSquaredError;
import io.github.caadam.training.PlateauTracker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.random.MersenneTwister;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * Trains one network on a regression problem and tests it once. The data lies on the device.
 *
 * <p>A seed fixes the initial weights and the order of the rows; the same seed gives both to every
 * optimizer alike. Where a protocol shares initial weights, the seed fixes only the order.
 */
public final class RegressionTraining {

    private static final int WEIGHTS_STREAM = 0;
    private static final int ORDER_STREAM = 1;
    private static final int SHARED_WEIGHTS_SEED = 0;

    private final TrainTestData data;
    private final ModelSpec model;
    private final OptimizerSpec optimizer;
    private final Protocol protocol;
    private final int seed;
    private final Device device;

    /**
     * Describes a training.
     *
     * @param data the data set
     * @param model the network
     * @param optimizer the optimizer
     * @param protocol the protocol
     * @param seed the seed
     * @param device where to train
     */
    public RegressionTraining(
            TrainTestData data,
            ModelSpec model,
            OptimizerSpec optimizer,
            Protocol protocol,
            int seed,
            Device device) {
        this.data = data;
        this.model = model;
        this.optimizer = optimizer;
        this.protocol = protocol;
        this.seed = seed;
        this.device = device;
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
        int weightsSeed = protocol.sharedInitialWeights() ? SHARED_WEIGHTS_SEED : seed;
        Block block = model.newBlock(data.sampleShape(), 1, weightsSeed, WEIGHTS_STREAM);
        Loss loss = new MeanSquaredError();
        try (Model djlModel = Model.newInstance(model.name(), device);
                StatefulOptimizer stateful =
                        optimizer.newOptimizer(block, protocol, learningRate)) {
            djlModel.setBlock(block);
            DefaultTrainingConfig config =
                    new DefaultTrainingConfig(loss)
                            .optOptimizer(stateful)
                            .optDevices(new Device[] {device});
            try (Trainer trainer = djlModel.newTrainer(config);
                    BestWeights best = new BestWeights(block)) {
                trainer.initialize(new Shape(protocol.batchSize()).addAll(data.sampleShape()));
                return train(trainer, best, learningRate);
            }
        }
    }

    private TrainingResult train(Trainer trainer, BestWeights best, PlateauTracker learningRate) {
        NDManager manager = trainer.getManager();
        int rows = protocol.fittedRows(data.trainRows());
        int width = Math.toIntExact(data.sampleShape().size());
        NDArray features = matrix(manager, Arrays.copyOf(data.trainFeatures(), rows * width), rows);
        NDArray targets = matrix(manager, Arrays.copyOf(data.trainTargets(), rows), rows);
        NDArray validationFeatures =
                matrix(
                        manager,
                        Arrays.copyOfRange(
                                data.trainFeatures(), rows * width, data.trainFeatures().length),
                        data.trainRows() - rows);
        NDArray validationTargets =
                matrix(
                        manager,
                        Arrays.copyOfRange(data.trainTargets(), rows, data.trainRows()),
                        data.trainRows() - rows);
        EagerEpoch epochs = new EagerEpoch(trainer, features, targets, protocol.batchSize());
        EarlyStopping stopping =
                EarlyStopping.builder()
                        .optPatience(protocol.stopPatience())
                        .optMinDelta(protocol.minDelta())
                        .optStartFromEpoch(protocol.stopFromEpoch())
                        .build();
        RandomGenerator random = new MersenneTwister(new int[] {seed, ORDER_STREAM});
        List<TrainingResult.Epoch> history = new ArrayList<>();
        long start = System.nanoTime();
        boolean stop = false;
        boolean diverged = false;
        for (int epoch = 0; epoch < protocol.maxEpochs() && !stop; epoch++) {
            float rate = learningRate.value();
            double trainingLoss = epochs.run(order(rows, random));
            double validationLoss =
                    meanSquaredError(trainer, validationFeatures, validationTargets);
            history.add(new TrainingResult.Epoch(trainingLoss, validationLoss, rate));
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
        if (diverged) {
            return new TrainingResult(
                    true,
                    Double.NaN,
                    Double.NaN,
                    seconds,
                    history.size(),
                    stopping.bestEpoch(),
                    history);
        }
        int bestEpoch = stopping.bestEpoch() < 0 ? history.size() - 1 : stopping.bestEpoch();
        return test(trainer, seconds, bestEpoch, history);
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

    private static double meanSquaredError(Trainer trainer, NDArray features, NDArray targets) {
        try (NDManager manager = trainer.getManager().newSubManager()) {
            NDArray error = predict(trainer, manager, features).subi(targets);
            return error.square().mean().getFloat();
        }
    }

    private TrainingResult test(
            Trainer trainer, double seconds, int bestEpoch, List<TrainingResult.Epoch> history) {
        float[] predictions;
        try (NDManager manager = trainer.getManager().newSubManager()) {
            predictions =
                    predict(trainer, manager, matrix(manager, data.testFeatures(), data.testRows()))
                            .toFloatArray();
        }
        double squares = 0;
        double absolutes = 0;
        for (int i = 0; i < predictions.length; i++) {
            double error = (double) predictions[i] - data.testTargets()[i];
            squares += error * error;
            absolutes += Math.abs(error);
        }
        return new TrainingResult(
                false,
                Math.sqrt(squares / predictions.length),
                absolutes / predictions.length,
                seconds,
                history.size(),
                bestEpoch,
                history);
    }

    /** Predicts; everything that the forward pass makes belongs to the manager given. */
    private static NDArray predict(Trainer trainer, NDManager manager, NDArray features) {
        NDArray input = features.duplicate();
        input.attach(manager);
        return trainer.evaluate(new NDList(input)).head();
    }

    private static NDArray matrix(NDManager manager, float[] values, int rows) {
        return manager.create(values, new Shape(rows, values.length / rows));
    }
}
