// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import io.github.caadam.experiments.Suite;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.experiments.dataset.TableSamples;
import io.github.caadam.experiments.metric.Measures;
import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.TargetScale;
import io.github.caadam.plugin.Task;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A TorchScript file with dropout, of eight features and four classes. */
class TorchScriptTrainingTest {

    private static final Path FILE = Path.of("../caadam-core/src/test/resources/torchscript");

    private static final Protocol PROTOCOL =
            new Protocol(
                    "p",
                    32,
                    12,
                    0,
                    Validation.DEFAULT,
                    Optional.of(new Stopping(12, 0, 0, true)),
                    Suite.CATALOG.named(Kind.SCHEDULE, "constant", Map.of()),
                    false,
                    0,
                    Optional.empty(),
                    0,
                    Optional.empty());

    /** The class is the sign of two of the features. */
    private static DataSplit data() {
        Random random = new Random(5);
        float[][] x = {new float[8 * 600], new float[8 * 200]};
        float[][] y = {new float[600], new float[200]};
        for (int part = 0; part < 2; part++) {
            for (int row = 0; row < y[part].length; row++) {
                for (int i = 0; i < 8; i++) {
                    x[part][row * 8 + i] = (float) random.nextGaussian();
                }
                y[part][row] = (x[part][row * 8] > 0 ? 2 : 0) + (x[part][row * 8 + 1] > 0 ? 1 : 0);
            }
        }
        return new DataSplit(
                new DataSignature(Task.CLASSIFICATION, new Shape(8), 4, TargetScale.NONE),
                new TableSamples(x[0], 8),
                y[0],
                0,
                new TableSamples(x[1], 8),
                y[1],
                "d",
                "generated",
                "");
    }

    private static TrainingResult train(String optimizer, int seed) {
        return train(Suite.optimizer(optimizer, PROTOCOL, Map.of("learning-rate", 0.01)), seed);
    }

    private static TrainingResult train(Component optimizer, int seed) {
        Component network =
                Suite.CATALOG.resolve(
                        Kind.MODEL,
                        Component.Source.FILE,
                        FILE.resolve("dropout.pt").toString(),
                        Map.of());
        return new NetworkTraining(
                        data(),
                        network,
                        optimizer,
                        PROTOCOL,
                        seed,
                        Device.cpu(),
                        Execution.COMPILED,
                        Measures.NONE)
                .run();
    }

    /** What the network drops out is drawn by the engine, from the run's seed. */
    @ParameterizedTest
    @ValueSource(strings = {"adam", "caadam:depth"})
    void aFileIsTrainedAndASeedGivesTheSameResult(String optimizer) {
        TrainingResult first = train(optimizer, 1);
        TrainingResult again = train(optimizer, 1);
        TrainingResult other = train(optimizer, 2);

        assertThat(first.execution()).isEqualTo(Execution.EAGER);
        assertThat(first.metric("accuracy")).isGreaterThan(0.7);
        assertThat(again.history()).isEqualTo(first.history());
        assertThat(again.metrics()).isEqualTo(first.metrics());
        assertThat(other.history()).isNotEqualTo(first.history());
    }

    /** PyTorch refuses a step in place on weights that require gradients. */
    @Test
    void anOptimizerThatKnowsDjlOnlyStepsInPlace() {
        Map<String, Object> rate = Map.of("learning-rate", 0.1);
        TrainingResult ours = train(ofClass(Descent.class.getName(), rate), 1);
        TrainingResult djls = train(ofClass("ai.djl.training.optimizer.Sgd", rate), 1);

        assertThat(ours.history()).hasSameSizeAs(djls.history());
        for (int epoch = 0; epoch < 3; epoch++) {
            assertThat(ours.history().get(epoch).loss())
                    .isCloseTo(djls.history().get(epoch).loss(), within(1e-5));
        }
        assertThat(ours.metric("accuracy")).isGreaterThan(0.5);
    }

    private static Component ofClass(String name, Map<String, Object> options) {
        return Suite.CATALOG.resolve(Kind.OPTIMIZER, Component.Source.CLASS, name, options);
    }
}
