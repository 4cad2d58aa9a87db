// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.loss.Loss;
import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.ModelFactory;
import io.github.caadam.training.MeanSquaredError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.commons.math3.random.MersenneTwister;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * What is trained in a benchmark: a network on generated data, so that nothing is downloaded.
 *
 * <p>Features are standard normal. A network of one output learns {@code x₀·x₁ + sin(2x₂) + x₃/2 +
 * 0.1ε} of its features, which leaves some of its units dead as real data does; one of several
 * outputs gets random classes.
 *
 * @param model the network
 * @param sample the shape of a sample
 * @param rows samples of an epoch
 * @param batchSize samples of a step
 */
record Workload(Component model, Shape sample, int rows, int batchSize) {

    /** Finds a network by its name. */
    static Component model(String name) {
        return Catalog.ofSuite().named(Kind.MODEL, name, Map.of());
    }

    /** What a network was made for. */
    static DataSignature example(Component model) {
        return model.factory(ModelFactory.class)
                .example()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "The model "
                                                + model.reference()
                                                + " was made for no data, so that there is nothing"
                                                + " to time it on."));
    }

    String name() {
        return model.reference();
    }

    int outputs() {
        return example(model).outputs();
    }

    /** Builds the network, always with the same weights. */
    Block newBlock() {
        DataSignature made = example(model);
        DataSignature data = new DataSignature(made.task(), sample, made.outputs(), made.targets());
        try {
            return model.factory(ModelFactory.class).create(data, 0, model.options());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The steps of an epoch, the last of which may be smaller. */
    int steps() {
        return (rows + batchSize - 1) / batchSize;
    }

    boolean isClassification() {
        return outputs() > 1;
    }

    Loss newLoss() {
        return isClassification() ? Loss.softmaxCrossEntropyLoss() : new MeanSquaredError();
    }

    /** The data on the device of a manager; the same every time. */
    Data newData(NDManager manager) {
        RandomGenerator random = new MersenneTwister(0);
        int width = Math.toIntExact(sample.size());
        float[] features = new float[rows * width];
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) random.nextGaussian();
        }
        float[] targets = new float[rows];
        for (int i = 0; i < rows; i++) {
            targets[i] =
                    isClassification()
                            ? random.nextInt(outputs())
                            : target(features, i * width, random);
        }
        return new Data(
                manager.create(features, new Shape(rows).addAll(sample)),
                manager.create(targets, isClassification() ? new Shape(rows) : new Shape(rows, 1)));
    }

    private static float target(float[] features, int start, RandomGenerator random) {
        double product = features[start] * features[start + 1];
        return (float)
                (product
                        + Math.sin(2 * features[start + 2])
                        + features[start + 3] / 2
                        + 0.1 * random.nextGaussian());
    }

    /**
     * Samples and their labels.
     *
     * @param features the samples, one per row
     * @param targets the labels, one per row
     */
    record Data(NDArray features, NDArray targets) {}
}
