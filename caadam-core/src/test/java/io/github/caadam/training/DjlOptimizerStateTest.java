// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.optimizer.Sgd;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.internal.PrivateFields;
import io.github.caadam.internal.StateFile;
import io.github.caadam.optimizer.Nadam;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** DJL's own optimizers, saved by reading their private fields. */
class DjlOptimizerStateTest {

    private static final Device CPU = Device.cpu();
    private static final Device OTHER = Device.of("other", 0);
    private static final String ARRAYS =
            "java.util.Map<java.lang.String, java.util.Map<ai.djl.Device, ai.djl.ndarray.NDArray>>";

    @TempDir private Path directory;

    static Stream<Arguments> savable() {
        return Stream.of(
                Arguments.of("momentum", 1, (Make) () -> sgd(0.9f)),
                Arguments.of("plain", 0, (Make) () -> sgd(0)),
                Arguments.of("adam", 2, (Make) () -> Optimizer.adam().build()),
                Arguments.of("adamw", 2, (Make) () -> Optimizer.adamW().build()));
    }

    /** Makes an optimizer. */
    interface Make {
        Optimizer optimizer();
    }

    /** Of which the first layer is frozen, so that nothing is remembered of it. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("savable")
    void loadedOptimizerStepsAsTheSavedOneBitForBit(String name, int arrays, Make make)
            throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (SmallTraining first = training(make.optimizer());
                SmallTraining second = training(make.optimizer())) {
            freezeFirstLayer(first.block());
            freezeFirstLayer(second.block());
            first.steps(3);
            Resumable.ofOptimizer(first.optimizer(), first.block()).save(file);
            second.steps(1);
            second.setWeights(first.weights());

            Resumable.ofOptimizer(second.optimizer(), second.block()).load(file);
            first.steps(4);
            second.steps(4);
            assertThat(digits(second)).isEqualTo(digits(first));
        }
    }

    private static void freezeFirstLayer(Block block) {
        block.getChildren().get(0).getValue().freezeParameters(true);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("savable")
    void fileHasTheArraysOfEachParameter(String name, int arrays, Make make) throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (SmallTraining training = training(make.optimizer())) {
            training.steps(1);
            Resumable.ofOptimizer(training.optimizer(), training.block()).save(file);
            try (ZipFile zip = new ZipFile(file.toFile())) {
                assertThat(zip.size()).isEqualTo(arrays * training.weights().size() + 1);
            }
        }
    }

    /** As where the training runs on another device than the one the parameters lie on. */
    @Test
    void savesWhatStepsChangeAndNotWhatWasLoadedForTheModelsDevice() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (SmallTraining training = training(sgd(0.9f));
                NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            training.steps(1);
            Map<String, Map<Device, NDArray>> momenta =
                    PrivateFields.<String, Map<Device, NDArray>>readMaps(
                                    training.optimizer(), Sgd.class, ARRAYS)
                            .orElseThrow()
                            .values()
                            .iterator()
                            .next();
            momenta.values().forEach(byDevice -> byDevice.put(OTHER, byDevice.get(CPU).add(1)));
            Resumable.ofOptimizer(training.optimizer(), training.block()).save(file);

            Map<String, NDArray> saved =
                    StateFile.read(file, manager, "a saved optimizer of DJL").arrays();
            assertThat(saved).isNotEmpty();
            for (Parameter parameter : training.block().getParameters().values()) {
                float[] live = momenta.get(parameter.getId()).get(OTHER).toFloatArray();
                assertThat(saved.values())
                        .anyMatch(array -> Arrays.equals(array.toFloatArray(), live));
            }
        }
    }

    @Test
    void otherOptimizersAreRefusedAtConstructionWithTheAlternatives() {
        Optimizer rmsProp = Optimizer.rmsprop().build();
        for (Optimizer optimizer : List.of(rmsProp, new Own())) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> EpochListener.builder().optCheckpoints(directory, optimizer))
                    .withMessageContaining(
                            "What " + optimizer.getClass().getSimpleName() + " remembers")
                    .withMessageContaining("Nadam or Adamax, RuleOptimizer")
                    .withMessageContaining("Sgd (with momentum), Adam and AdamW")
                    .withMessageContaining("implement Resumable");
        }
        assertThat(directory).isEmptyDirectory();
    }

    /** An optimizer of the user's. */
    private static class Own extends Optimizer {

        Own() {
            super(new Adapter());
        }

        @Override
        public void update(String parameterId, NDArray weight, NDArray grad) {}
    }

    private static final class Adapter extends Optimizer.OptimizerBuilder<Adapter> {

        @Override
        protected Adapter self() {
            return this;
        }
    }

    /** One that keeps a number. */
    private static final class Keeping extends Own implements Resumable {

        private String kept = "";

        @Override
        public void save(Path file) throws IOException {
            Files.writeString(file, "mine");
        }

        @Override
        public void load(Path file) throws IOException {
            kept = Files.readString(file);
        }
    }

    @Test
    void optimizerOfTheUsersThatIsResumableSavesItself() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        Keeping keeping = new Keeping();
        try (SmallTraining training = training(sgd(0))) {
            Resumable state = Resumable.ofOptimizer(keeping, training.block());
            state.save(file);
            state.load(file);
        }
        assertThat(keeping.kept).isEqualTo("mine");
    }

    @Test
    void stateOfAnotherOptimizerOrNetworkIsRefusedAndNothingChanges() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (SmallTraining training = training(Optimizer.adam().build());
                SmallTraining twin = training(Optimizer.adam().build());
                SmallTraining other =
                        new SmallTraining(
                                SmallTraining.Network.CONVOLUTIONAL,
                                block -> Optimizer.adam().build(),
                                SmallTraining.STOCK)) {
            other.steps(1);
            Resumable.ofOptimizer(other.optimizer(), other.block()).save(file);
            training.steps(2);
            twin.steps(2);
            Resumable state = Resumable.ofOptimizer(training.optimizer(), training.block());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> state.load(file))
                    .withMessageContaining("is of another network; not in this network: [");
            Optimizer adamW = Optimizer.adamW().build();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Resumable.ofOptimizer(adamW, other.block()).load(file))
                    .withMessageContaining("another optimizer: Adam there, AdamW here");
            try (Nadam nadam = Nadam.builder().optBlock(training.block()).build()) {
                nadam.save(file);
            }
            assertThatIOException().isThrownBy(() -> state.load(file));
            training.steps(2);
            twin.steps(2);
            assertThat(digits(training)).isEqualTo(digits(twin));
        }
    }

    private static List<String> digits(SmallTraining training) {
        return training.weights().stream().map(Arrays::toString).toList();
    }

    private static Optimizer sgd(float momentum) {
        return Optimizer.sgd()
                .setLearningRateTracker(Tracker.fixed(0.05f))
                .optMomentum(momentum)
                .build();
    }

    private static SmallTraining training(Optimizer optimizer) {
        return new SmallTraining(
                SmallTraining.Network.MLP, block -> optimizer, SmallTraining.STOCK);
    }
}
