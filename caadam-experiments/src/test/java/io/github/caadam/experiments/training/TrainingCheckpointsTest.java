// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import io.github.caadam.experiments.Suite;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.experiments.metric.Measures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A training that is cut short by its protocol leaves what one that is killed leaves. */
class TrainingCheckpointsTest {

    /** At this rate the best epoch is the 24th, and the plateau is noticed more than once. */
    private static final Protocol PROTOCOL = Suite.withEpochs(Suite.PAPER, 60);

    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource({
        "adam, EAGER, 3",
        "adam, COMPILED, 3",
        "adamax, COMPILED, 1",
        "nadam, EAGER, 7",
        "nadam, COMPILED, 7",
        "adamw, COMPILED, 30",
        "caadam:multiplicative, EAGER, 20",
        "caadam:multiplicative, COMPILED, 20"
    })
    void trainingThatGoesOnEndsAsIfItHadNotStopped(
            String optimizer, Execution execution, int epochs) throws IOException {
        NetworkTraining whole = friedman(optimizer, PROTOCOL, execution);
        NetworkTraining first = friedman(optimizer, Suite.withEpochs(PROTOCOL, epochs), execution);

        requireSameEnd(whole, first, epochs);
    }

    @ParameterizedTest
    @EnumSource(Execution.class)
    void trainingThatMonitorsAMetricGoesOn(Execution execution) throws IOException {
        Protocol monitoring =
                Suite.monitoring(PROTOCOL, Suite.CATALOG.named(Kind.METRIC, "r2", Map.of()));

        requireSameEnd(
                friedman("adam", monitoring, execution),
                friedman("adam", Suite.withEpochs(monitoring, 30), execution),
                30);
    }

    /** Whose running statistics are part of the state. */
    @Test
    void convolutionalNetworksGoOn() {
        requireSameEnd(greys(Execution.EAGER, 12), greys(Execution.EAGER, 5), 5);
    }

    /** Programs are executed in another way from the third time on. */
    @Test
    void compiledConvolutionalNetworksGoOnUpToRounding() {
        TrainingResult expected = greys(Execution.COMPILED, 12).run();
        greys(Execution.COMPILED, 5).run(checkpoints("there"));
        TrainingResult result = greys(Execution.COMPILED, 12).run(checkpoints("here"));

        assertThat(result.history()).hasSize(12);
        for (int epoch = 0; epoch < 12; epoch++) {
            TrainingResult.Epoch one = result.history().get(epoch);
            TrainingResult.Epoch same = expected.history().get(epoch);
            assertThat(one.loss()).isCloseTo(same.loss(), within(1e-6));
            assertThat(one.validationLoss()).isCloseTo(same.validationLoss(), within(1e-4));
        }
        assertThat(result.metric("loss")).isCloseTo(expected.metric("loss"), within(1e-4));
    }

    private void requireSameEnd(NetworkTraining whole, NetworkTraining first, int epochs) {
        TrainingResult expected = whole.run();
        TrainingResult part = first.run(checkpoints("there"));
        TrainingCheckpoints goingOn = checkpoints("here");
        TrainingResult result = whole.run(goingOn);

        assertThat(part.epochs()).isEqualTo(epochs);
        assertThat(goingOn.earlierPlaces())
                .containsExactly(new TrainingCheckpoints.Stretch(epochs, "there"));
        assertThat(expected.epochs()).isGreaterThan(epochs);
        assertThat(result.history()).isEqualTo(expected.history());
        assertThat(result.bestEpoch()).isEqualTo(expected.bestEpoch());
        assertThat(result.steps()).isEqualTo(expected.steps());
        assertThat(result.metrics()).isEqualTo(expected.metrics());
        assertThat(result.seconds()).isGreaterThan(part.seconds());
    }

    @Test
    void weightsOfAnEpochBeforeTheInterruptionAreRestored() throws IOException {
        // Patience runs out ten epochs after the interruption.
        int interrupted = best() + 5;
        friedman("adam", Suite.withEpochs(PROTOCOL, interrupted), Execution.COMPILED)
                .run(checkpoints("there"));
        TrainingResult result =
                friedman("adam", PROTOCOL, Execution.COMPILED).run(checkpoints("here"));

        assertThat(result.bestEpoch()).isLessThan(interrupted);
        assertThat(result.metrics())
                .isEqualTo(friedman("adam", PROTOCOL, Execution.COMPILED).run().metrics());
    }

    private static int best() throws IOException {
        return friedman("adam", PROTOCOL, Execution.COMPILED).run().bestEpoch();
    }

    @Test
    void onlyTheLatestStateIsKept() throws IOException {
        friedman("adam", Suite.withEpochs(PROTOCOL, 4), Execution.EAGER).run(checkpoints("there"));

        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactly("epoch-0004");
        }
    }

    @Test
    void shortTrainingsKeepNothing() throws IOException {
        friedman("adam", Suite.withEpochs(PROTOCOL, 2), Execution.EAGER)
                .run(TrainingCheckpoints.in(directory.resolve("none"), "there"));

        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "epoch-0004/checkpoint.json",
                "epoch-0004/epochs.json",
                "epoch-0004/best-weights.npz",
                "epoch-0004/optimizer.npz",
                "epoch-0004/weights.npz"
            })
    void trainingStartsAnewWhereItsStateIsCutOff(String file) throws IOException {
        friedman("adam", Suite.withEpochs(PROTOCOL, 4), Execution.EAGER).run(checkpoints("there"));
        byte[] bytes = Files.readAllBytes(directory.resolve(file));
        Files.write(directory.resolve(file), Arrays.copyOf(bytes, bytes.length / 2));
        Protocol longer = Suite.withEpochs(PROTOCOL, 6);

        TrainingCheckpoints goingOn = checkpoints("here");
        TrainingResult result = friedman("adam", longer, Execution.EAGER).run(goingOn);

        assertThat(goingOn.earlierPlaces()).isEmpty();
        assertThat(result.history())
                .isEqualTo(friedman("adam", longer, Execution.EAGER).run().history());
        assertThat(directory.resolve("epoch-0006")).isDirectory();
    }

    @Test
    void stateOfAnotherNetworkIsNotUsed() throws IOException {
        greys(Execution.EAGER, 1).run(checkpoints("there"));

        TrainingCheckpoints goingOn = checkpoints("here");
        friedman("adam", Suite.withEpochs(PROTOCOL, 2), Execution.EAGER).run(goingOn);

        assertThat(goingOn.earlierPlaces()).isEmpty();
    }

    @Test
    void trainingGoesOnWhereNothingCanBeKept() throws IOException {
        Path occupied = Files.createFile(directory.resolve("file"));

        TrainingResult result =
                friedman("adam", Suite.withEpochs(PROTOCOL, 2), Execution.EAGER)
                        .run(TrainingCheckpoints.in(occupied, "here", Duration.ZERO));

        assertThat(result.epochs()).isEqualTo(2);
    }

    private TrainingCheckpoints checkpoints(String here) {
        return TrainingCheckpoints.in(directory, here, Duration.ZERO);
    }

    private static NetworkTraining friedman(
            String optimizer, Protocol protocol, Execution execution) throws IOException {
        return new NetworkTraining(
                Suite.friedman(),
                Suite.model("mlp:16-8"),
                Suite.optimizer(optimizer, protocol, Map.of("learning-rate", 0.02)),
                protocol,
                1,
                Device.cpu(),
                execution,
                Measures.NONE);
    }

    private static NetworkTraining greys(Execution execution, int epochs) {
        Protocol protocol = Suite.withEpochs(Suite.NOTEBOOK_IMAGES, epochs);
        return new NetworkTraining(
                Greys.data(128, 20),
                Suite.model("resnet20"),
                Suite.optimizer("caadam:depth", protocol),
                protocol,
                0,
                Device.cpu(),
                execution,
                Measures.NONE);
    }
}
