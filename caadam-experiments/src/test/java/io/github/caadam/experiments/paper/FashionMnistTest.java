// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.caadam.experiments.dataset.Checksum;
import io.github.caadam.experiments.dataset.DataDirectories;
import io.github.caadam.experiments.dataset.LoopbackServer;
import io.github.caadam.experiments.dataset.SmallDisk;
import io.github.caadam.plugin.DataSplit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FashionMnistTest {

    private static final Path DEBIAN = Path.of("/usr/share/datasets/fashion-mnist");
    private static final String IMAGES = "train-images-idx3-ubyte";

    /** Two training images and a test image of two pixels. */
    private static final Map<String, byte[]> CONTENTS =
            Map.of(
                    "train-images", idx(new int[] {2, 1, 2}, 10, 20, 30, 40),
                    "train-labels", idx(new int[] {2}, 3, 9),
                    "t10k-images", idx(new int[] {1, 1, 2}, 50, 60),
                    "t10k-labels", idx(new int[] {1}, 0));

    private static final FashionMnist.Parts TINY =
            new FashionMnist.Parts(
                    part("train-images"),
                    part("train-labels"),
                    part("t10k-images"),
                    part("t10k-labels"));

    @TempDir private Path directory;

    /** With Debian's package dataset-fashion-mnist. */
    @Test
    void debiansPackageIsFoundAndRead() throws IOException {
        assumeTrue(Files.isDirectory(DEBIAN), DEBIAN + " is not there");

        DataSplit data = new FashionMnist().load(new DataDirectories(List.of(), directory));

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

    @Test
    void missingLabelsAreNamed() throws IOException {
        writeFiles(directory);
        Files.delete(directory.resolve("t10k-labels"));

        assertThatIOException()
                .isThrownBy(() -> tiny().load(here()))
                .withMessageContaining("it has no t10k-labels nor its .gz. Delete its files or");
    }

    @Test
    void filesOfAnotherKindAreRefused() throws IOException {
        writeFiles(directory);
        Files.delete(directory.resolve("train-labels"));
        Files.writeString(directory.resolve("train-labels.gz"), "<html>");

        assertThatIOException()
                .isThrownBy(() -> tiny().load(here()))
                .withMessageContaining("train-labels.gz is not compressed by gzip. Delete");
    }

    @Test
    void missingDataIsDownloadedFromTheFirstPlaceThatHasAllOfIt() throws IOException {
        try (LoopbackServer server = new LoopbackServer()) {
            serve(server, "/first/");
            serve(server, "/second/");
            FashionMnist dataset = tiny(server.uri("/first/"), server.uri("/second/"));

            Path folder = dataset.fetch(here());

            assertThat(folder).isEqualTo(directory.resolve("fashion-mnist"));
            assertThat(directory).isDirectoryNotContaining("glob:**.part*");
            DataSplit data = dataset.load(here());
            assertThat(data.trainTargets()).containsExactly(3, 9);
            assertThat(data.testTargets()).containsExactly(0);
            assertThat(data.reservation()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", "page", "cut", "other"})
    void aPlaceWithoutOneGoodFileIsLeftForTheNext(String what) throws IOException {
        byte[] labels = gzip(CONTENTS.get("t10k-labels"));
        try (LoopbackServer server = new LoopbackServer()) {
            serve(server, "/second/");
            for (String name : List.of("train-images", "train-labels", "t10k-images")) {
                server.with("/first/" + name + ".gz", gzip(CONTENTS.get(name)));
            }
            String path = "/first/t10k-labels.gz";
            String reason =
                    switch (what) {
                        case "page" -> {
                            server.with(path, new byte[] {'<'});
                            yield "t10k-labels.gz: Input is not in the .gz format";
                        }
                        case "cut" -> {
                            server.with(path, Arrays.copyOf(labels, labels.length - 9));
                            yield "t10k-labels.gz: it ends too early";
                        }
                        case "other" -> {
                            server.with(path, gzip(CONTENTS.get("train-labels")));
                            yield "t10k-labels.gz: the download has MD5";
                        }
                        default -> "t10k-labels.gz: the server answered 404";
                    };

            assertThatIOException()
                    .isThrownBy(() -> tiny(server.uri("/first/")).fetch(here()))
                    .withMessageContaining(server.uri("/first/") + " (" + reason)
                    .withMessageContaining("Put all of [train-images.gz, train-labels.gz, t10k-");
            assertThat(directory).isEmptyDirectory();

            tiny(server.uri("/first/"), server.uri("/second/")).fetch(here());
            assertThat(tiny().load(here()).trainRows()).isEqualTo(2);
        }
    }

    /** There is room for three of the four small files: a page of 4 KiB each. */
    @Test
    void aFullDiskLeavesNothingBehindAndTheRetryWithRoomSucceeds() throws IOException {
        Path blocker = directory.resolve("blocker");
        try (LoopbackServer server = new LoopbackServer();
                SmallDisk disk = new SmallDisk(directory)) {
            serve(server, "/");
            FashionMnist dataset = tiny(server.uri("/"));
            Files.write(blocker, new byte[SmallDisk.BYTES - 3 * 4096]);

            assertThatIOException()
                    .isThrownBy(() -> dataset.fetch(disk.cache()))
                    .withMessageContaining("cannot be kept in " + directory + " (No space left")
                    .withMessageContaining("--data-dir");
            assertThat(directory.toFile().list()).containsExactly("blocker");

            Files.delete(blocker);
            assertThat(dataset.load(disk.cache()).trainRows()).isEqualTo(2);
        }
    }

    @Test
    void theCopyOfTheSystemIsReadIfNothingElseIsThere() throws IOException {
        Path system = Files.createDirectory(directory.resolve("system"));
        writeFiles(system);
        FashionMnist dataset = new FashionMnist(TINY, List.of(), List.of(system));

        assertThat(dataset.locate(here())).contains(system);
        Path own = Files.createDirectory(directory.resolve("fashion-mnist"));
        writeFiles(own);
        assertThat(dataset.locate(here())).contains(own);
        assertThat(dataset.files(here())).hasSize(4).allMatch(file -> file.startsWith(own));
    }

    private static FashionMnist.Part part(String name) {
        return new FashionMnist.Part(name, Checksum.md5("").of(CONTENTS.get(name)));
    }

    private static byte[] idx(int[] dimensions, int... values) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Integer.BYTES * (1 + dimensions.length) + values.length);
        bytes.putInt(8 << 8 | dimensions.length);
        IntStream.of(dimensions).forEach(bytes::putInt);
        IntStream.of(values).forEach(value -> bytes.put((byte) value));
        return bytes.array();
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    private static void writeFiles(Path folder) throws IOException {
        for (Map.Entry<String, byte[]> file : CONTENTS.entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
    }

    private static void serve(LoopbackServer server, String place) throws IOException {
        for (Map.Entry<String, byte[]> file : CONTENTS.entrySet()) {
            server.with(place + file.getKey() + ".gz", gzip(file.getValue()));
        }
    }

    private static FashionMnist tiny(URI... places) {
        return new FashionMnist(TINY, List.of(places), List.of());
    }

    private DataDirectories here() {
        return new DataDirectories(List.of(directory), directory);
    }

    private DataSplit load() throws IOException {
        return new FashionMnist(FashionMnist.Parts.PUBLISHED, List.of(), List.of()).load(here());
    }
}
