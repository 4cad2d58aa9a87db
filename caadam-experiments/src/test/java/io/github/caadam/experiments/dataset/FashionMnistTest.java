package io.github.caadam.experiments.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FashionMnistTest {

    private static final Path DEBIAN = Path.of("/usr/share/datasets/fashion-mnist");
    private static final String IMAGES = "train-images-idx3-ubyte";

    @TempDir private Path directory;

    /** With Debian's package dataset-fashion-mnist. */
    @Test
    void debiansPackageIsFoundAndRead() throws IOException {
        assumeTrue(Files.isDirectory(DEBIAN), DEBIAN + " is not there");

        TrainTestData data = new FashionMnist().load(new DataDirectories(List.of(), directory));

        assertThat(data.trainTargets()).hasSize(60_000).startsWith(9, 0, 0, 3, 0);
        assertThat(data.testTargets()).hasSize(10_000).startsWith(9, 2, 1, 1, 6);
        assertThat(data.sampleShape()).isEqualTo(new Shape(3, 56, 56));
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray images = data.trainSamples().place(manager, 0, 3_000);
            assertThat(images.getShape()).isEqualTo(new Shape(3_000, 3, 56, 56));
            assertThat(images.max().getFloat()).isBetween(1f, 1.3f);
            // The published mean of the training pixels is 0.2860; of the first 3,000 about that.
            assertThat(images.mean().getFloat()).isCloseTo(0.286f, within(0.01f));
        }
    }

    @Test
    void filesWithOtherContentsAreRefused() throws IOException {
        for (String name :
                List.of(
                        IMAGES,
                        "train-labels-idx1-ubyte",
                        "t10k-images-idx3-ubyte",
                        "t10k-labels-idx1-ubyte")) {
            Files.write(directory.resolve(name), new byte[] {1, 2, 3});
        }

        assertThatIOException()
                .isThrownBy(() -> load())
                .withMessageStartingWith(
                        directory
                                + " does not hold Fashion-MNIST: "
                                + IMAGES
                                + " holds 3 bytes with MD5 5289df737df57326fcdd22597afb1fac, as"
                                + " published MD5 f4a8712d7a061bf5bd6d2ca38dc4d50a. Delete");
    }

    @Test
    void missingFilesAreNamed() throws IOException {
        Files.write(directory.resolve("t10k-labels-idx1-ubyte"), new byte[] {1});

        assertThatIOException()
                .isThrownBy(() -> load())
                .withMessageContaining("it has no " + IMAGES + " nor its .gz");
    }

    @Test
    void cutCompressedFilesAreRefused() throws IOException {
        assumeTrue(Files.isDirectory(DEBIAN), DEBIAN + " is not there");
        byte[] whole = Files.readAllBytes(DEBIAN.resolve(IMAGES + ".gz"));
        Files.write(directory.resolve(IMAGES + ".gz"), Arrays.copyOf(whole, whole.length / 2));

        assertThatIOException()
                .isThrownBy(() -> load())
                .withMessageContaining(IMAGES + ".gz ends too early");
    }

    private TrainTestData load() throws IOException {
        return new FashionMnist("http://127.0.0.1:9/", directory.resolve("nowhere"))
                .load(new DataDirectories(List.of(directory), directory));
    }
}
