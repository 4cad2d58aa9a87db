// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import io.github.caadam.experiments.model.RandomStreams;
import io.github.caadam.experiments.training.TrainingResult.Epoch;
import io.github.caadam.plugin.Schedule;
import io.github.caadam.training.BestWeights;
import io.github.caadam.training.EarlyStopping;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The epochs of a training, until it ends by its protocol: the order of the rows, the learning
 * rate, and which weights were best.
 */
final class TrainingLoop {

    private static final Logger logger = LoggerFactory.getLogger(TrainingLoop.class);

    private final String label;
    private final Protocol protocol;
    private final Schedule schedule;
    private final int batchesPerStep;
    private final BestWeights best;
    private final Optional<MonitoredMetric> metric;
    private final Optional<EarlyStopping> stopping;
    private final RandomGenerator random;
    private final List<Epoch> history = new ArrayList<>();
    private double seconds;
    private boolean ended;
    private boolean diverged;

    /** What happens after an epoch. */
    @FunctionalInterface
    interface Listener {
        /**
         * Is told of the epochs so far.
         *
         * @param history the epochs
         * @param seconds their wall time
         */
        void afterEpoch(List<Epoch> history, double seconds);
    }

    TrainingLoop(
            String label,
            Protocol protocol,
            int seed,
            Schedule schedule,
            BestWeights best,
            Optional<MonitoredMetric> metric,
            int batchesPerStep) {
        this.metric = metric;
        this.batchesPerStep = batchesPerStep;
        this.label = label;
        this.protocol = protocol;
        this.schedule = schedule;
        this.best = best;
        stopping =
                protocol.stopping()
                        .map(
                                early ->
                                        EarlyStopping.builder()
                                                .optPatience(early.patience())
                                                .optMinDelta(early.minDelta())
                                                .optStartFromEpoch(early.fromEpoch())
                                                .build());
        random = RandomStreams.ORDER.of(seed);
    }

    /**
     * Starts behind epochs that were trained before; weights, optimizer and best weights are to be
     * those after them.
     *
     * @param past the epochs
     * @param rows how many rows each had
     */
    void startBehind(TrainingCheckpoints.Past past, int rows) {
        for (Epoch epoch : past.epochs()) {
            order(rows, random);
            history.add(epoch);
            decide();
        }
        seconds = past.seconds();
    }

    /**
     * Trains until the protocol says stop.
     *
     * @param epochs what trains
     * @param rows how many rows to train on
     * @param listener what is told of each epoch but the last
     * @param afterEpoch what is run after each epoch
     */
    void run(Epochs epochs, int rows, Listener listener, Runnable afterEpoch) {
        EpochLog log = new EpochLog(label, protocol.epochs(), logger::info);
        double before = seconds;
        long start = System.nanoTime();
        while (!ended && history.size() < protocol.epochs()) {
            long epochStart = System.nanoTime();
            float rate = schedule.getNewValue(stepsSoFar(rows) + 1);
            double loss = epochs.train(order(rows, random));
            double validationLoss = epochs.validate();
            Epoch epoch = new Epoch(loss, validationLoss, rate, measured(loss, validationLoss));
            history.add(epoch);
            afterEpoch.run();
            log.add(history.size(), epoch, (System.nanoTime() - epochStart) / 1e9);
            if (decide() && restoresBest()) {
                best.capture();
            }
            seconds = before + (System.nanoTime() - start) / 1e9;
            if (!ended) {
                listener.afterEpoch(List.copyOf(history), seconds);
            }
        }
        if (restoresBest()) {
            best.restore();
        }
        seconds = before + (System.nanoTime() - start) / 1e9;
    }

    /** Draws the consequences of the latest epoch; returns whether its weights are the best. */
    private boolean decide() {
        int latest = history.size() - 1;
        Epoch epoch = history.get(latest);
        diverged = !Double.isFinite(epoch.loss()) || !Double.isFinite(epoch.validationLoss());
        if (diverged) {
            ended = true;
            return false;
        }
        double monitored = monitored(epoch);
        schedule.afterEpoch(latest, epoch.loss(), monitored);
        if (stopping.isEmpty()) {
            return false;
        }
        EarlyStopping.Decision decision = stopping.get().update(latest, monitored);
        ended = decision.stops();
        return decision.keepsWeights();
    }

    /** Metrics need not bear the outputs of a network that diverged. */
    private Double measured(double loss, double validationLoss) {
        boolean finite = Double.isFinite(loss) && Double.isFinite(validationLoss);
        return metric.map(one -> finite ? one.value() : Double.NaN).orElse(null);
    }

    /** What an epoch is judged by, the lower the better. */
    private double monitored(Epoch epoch) {
        return metric.map(one -> one.cost(epoch.monitored())).orElse(epoch.validationLoss());
    }

    private boolean restoresBest() {
        return protocol.stopping().map(Stopping::restoresBest).orElse(false);
    }

    private int stepsSoFar(int rows) {
        int batches = (rows - 1) / protocol.batchSize() + 1;
        return Math.toIntExact((long) history.size() * batches / batchesPerStep);
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

    List<Epoch> history() {
        return List.copyOf(history);
    }

    /** Returns the wall time of all epochs. */
    double seconds() {
        return seconds;
    }

    /** Returns whether a loss became NaN or infinite. */
    boolean diverged() {
        return diverged;
    }

    /** Returns the epoch, counted from 0, whose weights are tested; negative if there is none. */
    int testedEpoch() {
        int best =
                stopping.filter(early -> restoresBest()).map(EarlyStopping::bestEpoch).orElse(-1);
        return best < 0 && !diverged ? history.size() - 1 : best;
    }
}
