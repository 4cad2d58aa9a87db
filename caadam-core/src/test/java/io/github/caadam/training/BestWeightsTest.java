package io.github.caadam.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.caadam.Networks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
            assertThat(best.save(file)).isTrue();
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
    void nothingCapturedIsNothingSaved() throws IOException {
        Path file = directory.resolve("best.npz");
        try (BestWeights best = new BestWeights(block(4))) {
            assertThat(best.save(file)).isFalse();
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void weightsOfAnotherNetworkAreRefused() throws IOException {
        Path file = saved(block(16));
        Block other = block(8);
        try (BestWeights best = new BestWeights(other)) {
            assertThatIOException()
                    .isThrownBy(() -> best.load(file))
                    .withMessage(file + " does not hold the weights of this network.");
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
                    .withMessage(file + " is not a file of saved weights, or is cut off.");
            assertThat(best.restore()).isFalse();
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
