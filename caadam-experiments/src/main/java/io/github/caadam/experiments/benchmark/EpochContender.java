// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

import ai.djl.Device;
import ai.djl.training.EasyTrain;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.translate.TranslateException;
import io.github.caadam.experiments.training.EagerEpoch;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.spi.NotAcceleratedException;
import io.github.caadam.training.CompiledEpoch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.commons.math3.random.MersenneTwister;
import org.apache.commons.math3.random.RandomGenerator;

/** A whole training epoch, in one of the ways that there are. */
final class EpochContender implements Contender {

    private final Training training;
    private final Runnable epoch;
    private final Runnable close;

    private EpochContender(Training training, Runnable epoch) {
        this(training, epoch, training::close);
    }

    private EpochContender(Training training, Runnable epoch, Runnable close) {
        this.training = training;
        this.epoch = epoch;
        this.close = close;
    }

    /** A training as DJL's documentation shows it: {@code ArrayDataset} and {@code EasyTrain}. */
    static EpochContender stock(Workload workload, Device device) {
        return fitting(Training.stock(workload, device));
    }

    /** The same with our trainer in place of DJL's; empty for a network that it cannot compile. */
    static Optional<EpochContender> compiledInFit(
            Workload workload, Device device, ScalingStrategy scaling) {
        try (Training trial = Training.ours(workload, device, scaling)) {
            trial.compile().close();
        } catch (NotAcceleratedException e) {
            return Optional.empty();
        }
        return Optional.of(fitting(Training.compiling(workload, device, scaling)));
    }

    private static EpochContender fitting(Training training) {
        ArrayDataset dataset =
                new ArrayDataset.Builder()
                        .setData(training.data().features())
                        .optLabels(training.data().targets())
                        .setSampling(training.workload().batchSize(), true)
                        .build();
        return new EpochContender(training, () -> fit(training, dataset));
    }

    private static void fit(Training training, ArrayDataset dataset) {
        try {
            EasyTrain.fit(training.trainer(), 1, dataset, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (TranslateException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The suite's eager loop. */
    static EpochContender eager(Workload workload, Device device, ScalingStrategy scaling) {
        Training training = Training.ours(workload, device, scaling);
        EagerEpoch epoch =
                new EagerEpoch(
                        training.trainer(),
                        training.data().features(),
                        training.data().targets(),
                        workload.batchSize());
        RandomGenerator random = new MersenneTwister(1);
        return new EpochContender(
                training, () -> epoch.run(Batches.shuffledRows(workload.rows(), random)));
    }

    /** The whole epoch as one call of the engine; empty for a network that cannot be compiled. */
    static Optional<EpochContender> compiled(
            Workload workload, Device device, ScalingStrategy scaling) {
        Training training = Training.ours(workload, device, scaling);
        try {
            CompiledEpoch epoch = training.compile();
            Workload.Data data = training.data();
            RandomGenerator random = new MersenneTwister(1);
            Runnable run =
                    () ->
                            epoch.run(
                                    data.features(),
                                    data.targets(),
                                    Batches.shuffledRows(workload.rows(), random));
            return Optional.of(
                    new EpochContender(
                            training,
                            run,
                            () -> {
                                epoch.close();
                                training.close();
                            }));
        } catch (NotAcceleratedException e) {
            training.close();
            return Optional.empty();
        }
    }

    Training training() {
        return training;
    }

    @Override
    public void run() {
        epoch.run();
        training.synchronize();
    }

    @Override
    public void close() {
        close.run();
    }
}
