package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.caadam.Networks;
import io.github.caadam.scaling.ScalingStrategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OptimizerStateTest {

    private static final int BEFORE = 7;
    private static final int AFTER = 10;

    @TempDir private Path directory;

    @ParameterizedTest
    @EnumSource(OptimizerKind.class)
    void trainingGoesOnBitForBitInARebuiltNetwork(OptimizerKind kind) throws IOException {
        Path file = directory.resolve("optimizer.npz");
        List<float[]> whole;
        List<float[]> before;
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = kind.create(replay.block())) {
            replay.step(optimizer, 0, BEFORE);
            optimizer.save(file);
            before = replay.weights();
            replay.step(optimizer, BEFORE, BEFORE + AFTER);
            whole = replay.weights();
        }

        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = kind.create(replay.block())) {
            replay.setWeights(before);
            optimizer.load(file);
            replay.step(optimizer, BEFORE, BEFORE + AFTER);

            assertThat(replay.weights()).usingRecursiveComparison().isEqualTo(whole);
        }
        assertThat(whole.get(0)).isNotEqualTo(before.get(0));
    }

    @ParameterizedTest
    @EnumSource(OptimizerKind.class)
    void savingWhatWasLoadedGivesTheSameBytes(OptimizerKind kind) throws IOException {
        Path first = directory.resolve("first.npz");
        Path second = directory.resolve("second.npz");
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = kind.create(replay.block())) {
            replay.step(optimizer, 0, BEFORE);
            optimizer.save(first);
            optimizer.load(first);
            optimizer.save(second);
        }

        assertThat(entries(second)).usingRecursiveComparison().isEqualTo(entries(first));
    }

    @ParameterizedTest
    @EnumSource(OptimizerKind.class)
    void descriptionInTheFileRebuildsTheOptimizer(OptimizerKind kind) throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = kind.create(replay.block())) {
            optimizer.save(file);
            var description = StatefulOptimizer.readDescription(file);
            try (StatefulOptimizer rebuilt =
                    switch (optimizer.settings().algorithm()) {
                        case ADAM ->
                                CaAdam.builder()
                                        .setBlock(replay.block())
                                        .optDescription(description)
                                        .build();
                        case ADAMAX ->
                                Adamax.builder()
                                        .optBlock(replay.block())
                                        .optDescription(description)
                                        .build();
                        case NADAM ->
                                Nadam.builder()
                                        .optBlock(replay.block())
                                        .optDescription(description)
                                        .build();
                    }) {
                assertThat(rebuilt.describe()).isEqualTo(optimizer.describe());
                assertThat(rebuilt.settings()).isEqualTo(optimizer.settings());
            }
        }
    }

    @Test
    void namesTheArraysByParameterPath() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = OptimizerKind.CAADAM.create(replay.block())) {
            replay.step(optimizer, 0, 1);
            optimizer.save(file);
        }

        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(Collections.list(zip.entries()))
                    .extracting(ZipEntry::getName)
                    .contains(
                            "01Linear_weight/first_moment.npy",
                            "01Linear_weight/second_moment.npy",
                            "01Linear_weight/step.npy",
                            "03Linear_bias/step.npy",
                            "configuration.npy")
                    .hasSize(4 * 3 + 1);
        }
        assertThat(directory).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void stateOfAnotherNetworkIsRefusedByParameterName() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = OptimizerKind.ADAMAX.create(replay.block())) {
            replay.step(optimizer, 0, 1);
            optimizer.save(file);
        }

        assertRefused(
                file,
                Networks.mlp(4, 2, 1),
                "missing there: [05Linear_weight, 05Linear_bias]",
                "03Linear_weight ((1, 4) there, (2, 4) here)");
        assertRefused(
                file, Networks.mlp(4), "not in this network: [03Linear_bias, 03Linear_weight]");
    }

    private static void assertRefused(Path file, Block other, String... messages) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Networks.initialized(manager, other, new Shape(1, GradientReplay.INPUTS));
            try (StatefulOptimizer optimizer = OptimizerKind.ADAMAX.create(other)) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> optimizer.load(file))
                        .withMessageContainingAll(messages);
            }
        }
    }

    @Test
    void stateOfAnotherAlgorithmIsRefused() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer saved = OptimizerKind.ADAMAX.create(replay.block());
                StatefulOptimizer nadam = OptimizerKind.NADAM.create(replay.block());
                StatefulOptimizer plain = OptimizerKind.CAADAM.create(replay.block());
                StatefulOptimizer amsgrad = OptimizerKind.CAADAM_AMSGRAD.create(replay.block())) {
            saved.save(file);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> nadam.load(file))
                    .withMessageContaining("algorithm=adamax there, nadam here");

            plain.save(file);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> amsgrad.load(file))
                    .withMessageContaining("amsgrad=false there, true here");
        }
    }

    @Test
    void fileThatIsTruncatedOrNoStateIsRefused() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = OptimizerKind.CAADAM.create(replay.block())) {
            replay.step(optimizer, 0, 1);
            optimizer.save(file);
            byte[] whole = Files.readAllBytes(file);
            for (int length : new int[] {0, 5, 60, whole.length / 2, whole.length - 400}) {
                Files.write(file, Arrays.copyOf(whole, length));

                assertThatExceptionOfType(IOException.class)
                        .as("%d of %d bytes", length, whole.length)
                        .isThrownBy(() -> optimizer.load(file))
                        .withMessageContaining("is not a saved optimizer");
            }
        }
    }

    @Test
    void savingNeedsTheNetworkInitialized() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (Adamax optimizer = Adamax.builder().build()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> optimizer.save(file))
                    .withMessageContaining("optBlock");
        }
        try (Adamax optimizer = Adamax.builder().optBlock(Networks.mlp(1)).build()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> optimizer.load(file))
                    .withMessageContaining("initialize the block first");
        }
    }

    @Test
    void customStrategyIsSavedButNotRebuilt() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (GradientReplay replay = new GradientReplay();
                CaAdam optimizer =
                        CaAdam.builder()
                                .setBlock(replay.block())
                                .setScaling((parameter, network) -> 2)
                                .build()) {
            replay.step(optimizer, 0, 1);
            optimizer.save(file);
            optimizer.load(file);
            var description = StatefulOptimizer.readDescription(file);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CaAdam.builder().optDescription(description))
                    .withMessageContaining("cannot be rebuilt")
                    .withMessageContaining("setScaling");
        }
        assertThat(ScalingStrategy.none().describe()).containsEntry("strategy", "none");
    }

    private static List<byte[]> entries(Path file) throws IOException {
        List<byte[]> entries = new ArrayList<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                entries.add(zip.getInputStream(entry).readAllBytes());
            }
        }
        return entries;
    }
}
