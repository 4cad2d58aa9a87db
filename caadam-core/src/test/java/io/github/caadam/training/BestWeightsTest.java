// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.Trainer;
import io.github.caadam.HeldParameters;
import io.github.caadam.Networks;
import io.github.caadam.internal.StateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BestWeightsTest {

    private static final String WEIGHT = "01Linear_weight";

    private final NDManager manager = NDManager.newBaseManager("PyTorch");

    @TempDir private Path directory;

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void savedWeightsAreRestoredInAnotherProcess() throws IOException {
        Path file = directory.resolve("best.npz");
        Block first = block(16);
        float[] captured = weight(first).toFloatArray();
        try (BestWeights best = new BestWeights(first)) {
            best.capture();
            weight(first).set(new float[captured.length]);
            best.save(file);
        }

        Block second = block(16);
        float[] own = weight(second).toFloatArray();
        try (BestWeights best = new BestWeights(second)) {
            best.load(file);
            assertThat(weight(second).toFloatArray()).containsExactly(own);
            assertThat(best.restore()).isTrue();
            assertThat(weight(second).toFloatArray()).containsExactly(captured);
        }
    }

    @Test
    void nothingCapturedIsSavedAndLoadedAsNothing() throws IOException {
        Path file = directory.resolve("best.npz");
        Block block = block(4);
        try (BestWeights best = new BestWeights(block)) {
            best.save(file);
            best.capture();
            best.load(file);
            assertThat(best.restore()).isFalse();
        }
    }

    @Test
    void fileOfAnotherFormatIsRefusedInWordsAndNothingChanges() throws IOException {
        Path file = directory.resolve("best.npz");
        Block block = block(4);
        StateFile.write(file, Map.of(), Map.of("format", 7, "kind", "a file of saved weights"));
        try (BestWeights best = new BestWeights(block)) {
            best.capture();
            assertThatIOException()
                    .isThrownBy(() -> best.load(file))
                    .withMessageContaining("has the format 7, but this version of the library")
                    .withMessageContaining("knows format 1 only");
            assertThat(best.restore()).isTrue();
        }
    }

    @Test
    void weightsOfAnotherNetworkAreRefused() throws IOException {
        Path file = saved(block(16));
        Block other = block(8);
        try (BestWeights best = new BestWeights(other)) {
            assertThatIOException()
                    .isThrownBy(() -> best.load(file))
                    .withMessageStartingWith(
                            file
                                    + " does not hold the weights of this network:"
                                    + " [01Linear_weight (float32 (16, 8) there,"
                                    + " float32 (8, 8) in the block), ");
            assertThat(best.restore()).isFalse();
        }
    }

    @Test
    void fileThatIsCutOffIsRefused() throws IOException {
        Path file = saved(block(16));
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 40));
        try (BestWeights best = new BestWeights(block(16))) {
            assertThatIOException()
                    .isThrownBy(() -> best.load(file))
                    .withMessage(
                            file
                                    + " is not a file of saved weights: it is truncated, or no"
                                    + " .npz file.");
            assertThat(best.restore()).isFalse();
        }
    }

    @Test
    void scopeOfTheUserLeavesTheCopiesAlone() throws IOException {
        Block block = block(4);
        float[] captured = weight(block).toFloatArray();
        Path file = saved(block);
        try (BestWeights byCapture = new BestWeights(block);
                BestWeights byLoading = new BestWeights(block)) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                byCapture.capture();
                byLoading.load(file);
            }

            for (BestWeights best : List.of(byCapture, byLoading)) {
                weight(block).set(new float[captured.length]);
                assertThat(best.restore()).isTrue();
                assertThat(weight(block).toFloatArray()).containsExactly(captured);
            }
        }
    }

    /** One entry in the file, and a value that is restored once. */
    @Test
    void layerThatStandsTwiceIsKeptOnce() throws IOException {
        Block block = HeldParameters.layerTwice();
        Networks.initialized(manager, block, new Shape(1, 8));
        float[] captured = weight(block).toFloatArray();
        Path file = saved(block);
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(Collections.list(zip.entries()))
                    .extracting(ZipEntry::getName)
                    .containsExactly(
                            "01Linear_weight.npy",
                            "01Linear_bias.npy",
                            "03Linear_weight.npy",
                            "03Linear_bias.npy",
                            "configuration.npy");
        }

        weight(block).set(new float[captured.length]);
        try (BestWeights best = new BestWeights(block)) {
            best.load(file);
            assertThat(best.restore()).isTrue();
        }
        assertThat(weight(block).toFloatArray()).containsExactly(captured);
    }

    /** A file that were written in place would be half a file where the process is killed. */
    @Test
    void savingReplacesTheFileAndDoesNotWriteIntoIt() throws IOException {
        Block block = block(4);
        Path file = saved(block);
        Path sameFile = Files.createLink(directory.resolve("link.npz"), file);
        byte[] before = Files.readAllBytes(file);
        weight(block).set(new float[4 * 8]);

        saved(block);

        assertThat(Files.readAllBytes(file)).isNotEqualTo(before);
        assertThat(Files.readAllBytes(sameFile)).isEqualTo(before);
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("best.npz", "link.npz");
    }

    @Test
    void weightsOfAnotherTypeAreRefusedWithBothTypes() throws IOException {
        Path file = saved(block(4));
        Block doubles = Networks.mlp(4, 1);
        doubles.initialize(manager, DataType.FLOAT64, new Shape(2, 8));
        try (BestWeights best = new BestWeights(doubles)) {
            assertThatIOException()
                    .isThrownBy(() -> best.load(file))
                    .withMessageContaining(
                            "01Linear_weight (float32 (4, 8) there, float64 (4, 8) in the block)");

            best.capture();
            assertThat(best.restore()).isTrue();
        }
    }

    @Test
    void blockThatChangedIsRefusedBeforeAnythingIsRestored() {
        Block block = block(4);
        try (BestWeights best = new BestWeights(block)) {
            best.capture();
            block.clear();
            block.initialize(manager, DataType.FLOAT32, new Shape(2, 6));
            float[] present = weight(block).toFloatArray();

            assertThatIllegalStateException()
                    .isThrownBy(best::restore)
                    .withMessageContaining(
                            "01Linear_weight (float32 (4, 8) there, float32 (4, 6) in the block)");
            assertThatIllegalStateException().isThrownBy(best::capture);
            assertThat(weight(block).toFloatArray()).containsExactly(present);
        }
    }

    /** One value would be restored into both. */
    @Test
    void twoParametersOfOnePathAreRefused() {
        Shape shape = new Shape(2);
        Block block =
                new HeldParameters(
                        new HeldParameters(HeldParameters.weight("w", shape)),
                        HeldParameters.weight("01Child_w", shape));
        Networks.initialized(manager, block, shape);
        try (BestWeights best = new BestWeights(block)) {
            assertThatIllegalStateException()
                    .isThrownBy(best::capture)
                    .withMessageContaining("Two parameters of the block have the path 01Child_w");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"arr_1", "a/b", "a\\b", "../w", "/w", "w/", "a//b", "%2F", "w.npy"})
    void parameterOfAnyNameIsRestoredFromAFile(String name) throws IOException {
        Shape shape = new Shape(2);
        Block block =
                new HeldParameters(
                        HeldParameters.weight(name, shape), HeldParameters.weight("b", shape));
        Networks.initialized(manager, block, shape);
        Path file = saved(block);
        NDArray array = block.getParameters().get(name).getArray();
        array.set(new float[] {2, 3});
        try (BestWeights best = new BestWeights(block)) {
            best.load(file);
            assertThat(best.restore()).isTrue();
        }
        assertThat(array.toFloatArray()).containsExactly(1, 1);
    }

    @Test
    void parameterWithTheNameOfTheConfigurationIsRefused() {
        Shape shape = new Shape(2);
        Block block = new HeldParameters(HeldParameters.weight("configuration", shape));
        Networks.initialized(manager, block, shape);
        Path file = directory.resolve("best.npz");
        try (BestWeights best = new BestWeights(block)) {
            best.capture();
            assertThatIllegalStateException()
                    .isThrownBy(() -> best.save(file))
                    .withMessageContaining("A parameter called configuration cannot be saved");
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void weightsWithoutElementsAreKept() throws IOException {
        Block block = new HeldParameters(HeldParameters.weight("empty", new Shape(0, 3)));
        Networks.initialized(manager, block, new Shape(1));
        Path file = saved(block);
        try (BestWeights best = new BestWeights(block)) {
            best.load(file);
            assertThat(best.restore()).isTrue();
        }
    }

    /** Copies made in passing would otherwise stay until the end of the training. */
    @Test
    void capturingAgainAndRestoringMakesNoNewArrays() {
        Block block = block(4);
        try (BestWeights best = new BestWeights(block)) {
            best.capture();
            int before = manager.getManagedArrays().size();
            best.capture();
            best.restore();
            assertThat(manager.getManagedArrays()).hasSize(before);
        }
    }

    @Test
    void blockMustBeThereAndInitialized() {
        assertThatNullPointerException()
                .isThrownBy(() -> new BestWeights((Block) null))
                .withMessage("block");
        assertThatNullPointerException()
                .isThrownBy(() -> new BestWeights((Trainer) null))
                .withMessage("trainer");
        try (BestWeights best = new BestWeights(Networks.mlp(1))) {
            assertThatIllegalStateException()
                    .isThrownBy(best::capture)
                    .withMessageContaining("initialize the block first");
            assertThatNullPointerException().isThrownBy(() -> best.save(null)).withMessage("file");
            assertThatNullPointerException().isThrownBy(() -> best.load(null)).withMessage("file");
        }
    }

    private Path saved(Block block) throws IOException {
        Path file = directory.resolve("best.npz");
        try (BestWeights best = new BestWeights(block)) {
            best.capture();
            best.save(file);
        }
        return file;
    }

    private Block block(int width) {
        Block block = Networks.mlp(width, 1);
        block.initialize(manager, DataType.FLOAT32, new Shape(2, 8));
        return block;
    }

    private static NDArray weight(Block block) {
        return block.getParameters().get(WEIGHT).getArray();
    }
}
