// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.caadam.experiments.dataset.DataDirectories;
import io.github.caadam.experiments.dataset.DjlTestRepository;
import io.github.caadam.plugin.DataSource;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.Options;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the images of DJL's Fashion-MNIST against those that the paper's package reads. */
class DjlPixelsTest {

    private static final String CACHE = "DJL_CACHE_DIR";

    @TempDir private Path folder;

    @BeforeEach
    void keepDjlsCacheApart() {
        Engine.getInstance(); // Its libraries stay where they are.
        System.setProperty(CACHE, folder.resolve("cache").toString());
    }

    @AfterEach
    void giveItBack() {
        System.clearProperty(CACHE);
    }

    @Test
    void fashionMnistHasThePixelsThatOursReads() throws IOException {
        byte[] trainLabels = labels(120);
        byte[] testLabels = labels(30);
        byte[] trainImages = images(120, 1);
        byte[] testImages = images(30, 2);

        DataSplit split =
                load(
                        DjlTestRepository.source(
                                folder,
                                "djl:fashion-mnist",
                                "cv",
                                Map.of(
                                        "train_data", trainImages,
                                        "train_labels", trainLabels,
                                        "test_data", testImages,
                                        "test_labels", testLabels)));

        RawImages ours = IdxFormat.read(trainImages, trainLabels, 10);
        assertThat(split.sampleShape()).isEqualTo(new Shape(1, 28, 28));
        assertThat(split.trainTargets()).isEqualTo(ours.targets());
        float[] values = values(split);
        assertThat(values).hasSameSizeAs(ours.pixels());
        for (int i = 0; i < values.length; i++) {
            assertThat(values[i] * 255)
                    .isCloseTo(Byte.toUnsignedInt(ours.pixels()[i]), within(1e-3f));
        }
    }

    private static float[] values(DataSplit split) {
        try (NDManager manager = NDManager.newBaseManager()) {
            return split.trainSamples().place(manager, 0, split.trainRows()).toFloatArray();
        }
    }

    private static DataSplit load(DataSource source) throws IOException {
        Path here = Path.of("");
        return source.load(
                new DataDirectories(List.of(here), here),
                source.complete(Options.of(source.options(), Map.of())));
    }

    private static byte[] images(int count, int seed) {
        byte[] pixels = new byte[count * 784];
        new Random(seed).nextBytes(pixels);
        return ByteBuffer.allocate(16 + count * 784)
                .putInt(0x803)
                .putInt(count)
                .putInt(28)
                .putInt(28)
                .put(pixels)
                .array();
    }

    private static byte[] labels(int count) {
        ByteBuffer bytes = ByteBuffer.allocate(8 + count).putInt(0x801).putInt(count);
        for (int i = 0; i < count; i++) {
            bytes.put((byte) (i % 10));
        }
        return bytes.array();
    }
}
