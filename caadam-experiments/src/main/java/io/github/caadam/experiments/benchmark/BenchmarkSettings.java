// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

import ai.djl.ndarray.types.Shape;
import io.github.caadam.experiments.component.Component;
import java.time.Duration;
import java.util.List;

/**
 * How much is measured.
 *
 * @param networks the networks
 * @param rows rows of an epoch of a network that takes rows
 * @param imageBatches batches of an epoch of a network that takes images, which takes a quarter of
 *     a second for each
 * @param stepsBefore steps of training before optimizer steps are timed
 * @param stepsTimed optimizer steps that are timed
 * @param epochsBefore epochs of each contender before epochs are timed, for networks that take rows
 * @param leastRounds rounds of epochs that are timed in any case
 * @param mostRounds rounds of epochs that are not exceeded
 * @param budget the time after which no further round of a network's epochs starts
 */
public record BenchmarkSettings(
        List<String> networks,
        int rows,
        int imageBatches,
        int stepsBefore,
        int stepsTimed,
        int epochsBefore,
        int leastRounds,
        int mostRounds,
        Duration budget) {

    /** What is measured by default, under five minutes on two cores. */
    public static final BenchmarkSettings DEFAULT =
            new BenchmarkSettings(
                    List.of("mlp:64-32", "mlp:128-128-64", "mlp:1024-256-64-16", "resnet20"),
                    13_209,
                    8,
                    2_000,
                    300,
                    10,
                    5,
                    41,
                    Duration.ofSeconds(25));

    /** A first impression in about a minute: few rounds, and too few steps for units to die. */
    public static final BenchmarkSettings QUICK =
            new BenchmarkSettings(
                    DEFAULT.networks, DEFAULT.rows, 2, 300, 100, 2, 3, 9, Duration.ofSeconds(5));

    /** Samples of the optimizer's step come in such a size where they are images. */
    private static final int SMALL_IMAGE = 8;

    private static final int BATCH = 64;
    private static final int SMALL_BATCH = 8;
    private static final int IMAGE_EPOCHS_BEFORE = 1;

    /** Copies the networks. */
    public BenchmarkSettings {
        networks = List.copyOf(networks);
    }

    /**
     * Returns these settings for other networks.
     *
     * @param newNetworks the networks' names
     * @return the settings
     */
    public BenchmarkSettings withNetworks(List<String> newNetworks) {
        return new BenchmarkSettings(
                newNetworks,
                rows,
                imageBatches,
                stepsBefore,
                stepsTimed,
                epochsBefore,
                leastRounds,
                mostRounds,
                budget);
    }

    /**
     * Returns these settings with other epochs of images.
     *
     * @param batches the batches of an epoch
     * @return the settings
     */
    public BenchmarkSettings withImageBatches(int batches) {
        return new BenchmarkSettings(
                networks,
                rows,
                batches,
                stepsBefore,
                stepsTimed,
                epochsBefore,
                leastRounds,
                mostRounds,
                budget);
    }

    Workload epochs(String network) {
        Component model = Workload.model(network);
        int samples = takesImages(model) ? imageBatches * BATCH : rows;
        return new Workload(model, Workload.example(model).sampleShape(), samples, BATCH);
    }

    /**
     * The training whose optimizer steps are timed. A convolutional network is trained on a few
     * small images: the optimizer sees the same parameters, and the steps before take seconds
     * rather than ten minutes.
     */
    Workload steps(String network) {
        Component model = Workload.model(network);
        if (!takesImages(model)) {
            return epochs(network);
        }
        Shape sample =
                new Shape(Workload.example(model).sampleShape().get(0), SMALL_IMAGE, SMALL_IMAGE);
        return new Workload(model, sample, BATCH * SMALL_BATCH, SMALL_BATCH);
    }

    int epochsBefore(Workload workload) {
        return takesImages(workload.model()) ? IMAGE_EPOCHS_BEFORE : epochsBefore;
    }

    private static boolean takesImages(Component model) {
        return Workload.example(model).sampleShape().dimension() > 1;
    }
}
