package io.github.caadam.experiments.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.caadam.experiments.RealData;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a layout of two files of two training images, one test image and three classes. */
class CifarTest {

    private static final int PIXELS = 3 * 32 * 32;
    private static final String ARCHIVE = "tiny.tar.gz";
    private static final CifarFormat FORMAT =
            new CifarFormat("tiny-bin", List.of("one.bin", "two.bin"), "test.bin", 2, 1, 1, 3);

    @TempDir private Path directory;

    @Test
    void pixelsAreBetweenZeroAndOneMinusTheMeanOfTheTrainingImages() throws IOException {
        writeFolder();

        TrainTestData data = dataset(Checksum.md5("")).load(directories());

        assertThat(data.trainTargets()).containsExactly(0, 1, 2, 0);
        assertThat(data.testTargets()).containsExactly(1);
        assertThat(data.sampleShape()).isEqualTo(new Shape(3, 32, 32));
        try (NDManager manager = NDManager.newBaseManager()) {
            // All pixels of an image are alike: 10, 20, 30 and 40, with mean 25; the test image 50.
            NDArray train = data.trainSamples().place(manager, 1, 4);
            assertThat(train.getShape()).isEqualTo(new Shape(3, 3, 32, 32));
            assertThat(train.reshape(3, -1).mean(new int[] {1}).toFloatArray())
                    .containsExactly(new float[] {-5 / 255f, 5 / 255f, 15 / 255f}, within(1e-6f));
            NDArray test = data.testSamples().place(manager, 0, 1);
            assertThat(test.max().getFloat()).isCloseTo(25 / 255f, within(1e-6f));
        }
    }

    @Test
    void aFolderIsNamedAsNotKnownToBeTheOriginal() throws IOException {
        writeFolder();

        assertThat(dataset(Checksum.md5("")).load(directories()).reservation())
                .isEqualTo("CIFAR-3 from files that are not known to be the published ones");
    }

    @Test
    void aFolderWithThePublishedContentsIsTheOriginal() throws IOException {
        writeFolder();
        String digest = dataset(Checksum.md5("")).load(directories()).digest();

        Cifar known = new Cifar("cifar3", FORMAT, archive(Checksum.md5("")), Optional.of(digest));

        assertThat(known.load(directories()).reservation()).isEmpty();
    }

    @Test
    void theArchiveHoldsTheSameAsTheFolder() throws IOException {
        writeFolder();
        String digest = dataset(Checksum.md5("")).load(directories()).digest();
        Path archive = writeArchive(FORMAT.files());
        deleteFolder();

        TrainTestData data = dataset(Checksum.md5("").of(archive)).load(directories());

        assertThat(data.digest()).isEqualTo(digest);
        assertThat(data.reservation()).isEmpty();
        assertThat(data.source()).isEqualTo(ARCHIVE);
    }

    @Test
    void anArchiveWithAnotherChecksumIsRefused() throws IOException {
        Path archive = writeArchive(FORMAT.files());

        assertThatIOException()
                .isThrownBy(() -> dataset(Checksum.md5("0123")).load(directories()))
                .withMessage(
                        archive
                                + " is not CIFAR-3: it has "
                                + Checksum.md5("").of(archive)
                                + ", as published MD5 0123. Delete it or replace it with a good"
                                + " copy.");
    }

    @Test
    void aTruncatedArchiveIsRefusedAndItsReplacementIsRead() throws IOException {
        Path archive = writeArchive(FORMAT.files());
        byte[] whole = Files.readAllBytes(archive);
        Files.write(archive, Arrays.copyOf(whole, whole.length / 2));

        assertThatIOException()
                .isThrownBy(() -> dataset(Checksum.md5("").of(archive)).load(directories()))
                .withMessageStartingWith(archive + " is not CIFAR-3: ")
                .withMessageEndingWith("Delete it or replace it with a good copy.");

        Files.write(archive, whole);
        assertThat(dataset(Checksum.md5("").of(archive)).load(directories()).trainRows())
                .isEqualTo(4);
    }

    @Test
    void anArchiveWithoutAFileIsRefused() throws IOException {
        Path archive = writeArchive(List.of("one.bin", "test.bin"));

        assertThatIOException()
                .isThrownBy(() -> dataset(Checksum.md5("").of(archive)).load(directories()))
                .withMessageContaining("it has no tiny-bin/two.bin");
    }

    @Test
    void missingCutAndMislabelledFilesAreNamed() throws IOException {
        writeFolder();
        Path two = directory.resolve("tiny-bin/two.bin");
        byte[] whole = Files.readAllBytes(two);

        Files.write(two, Arrays.copyOf(whole, 100));
        assertRefused("two.bin has 100 bytes, expected " + 2 * (PIXELS + 1));

        byte[] mislabelled = whole.clone();
        mislabelled[PIXELS + 1] = 3;
        Files.write(two, mislabelled);
        assertRefused(
                "two.bin has the label 3 at byte "
                        + (PIXELS + 1)
                        + ", but classes are numbered from 0 to 2");

        Files.delete(two);
        assertRefused("it has no two.bin");

        Files.write(two, whole);
        assertThat(dataset(Checksum.md5("")).load(directories()).trainRows()).isEqualTo(4);
    }

    private void assertRefused(String reason) {
        assertThatIOException()
                .isThrownBy(() -> dataset(Checksum.md5("")).load(directories()))
                .withMessage(
                        directory.resolve("tiny-bin")
                                + " is not CIFAR-3: "
                                + reason
                                + ". Delete it or replace it with a good copy.");
    }

    @Test
    void realCifar10StartsWithAFrogAndEndsWithAHorse() throws IOException {
        TrainTestData data = Cifar.ten().load(RealData.directories());

        assertThat(data.trainTargets()).hasSize(50_000).startsWith(6, 9, 9, 4, 1);
        assertThat(data.testTargets()).hasSize(10_000).startsWith(3, 8, 8, 0, 6).endsWith(7);
    }

    @Test
    void realCifar100HasFineLabels() throws IOException {
        TrainTestData data = Cifar.hundred().load(RealData.directories());

        assertThat(data.trainTargets()).hasSize(50_000).startsWith(19, 29, 0, 11, 1);
        assertThat(data.testTargets()).hasSize(10_000).startsWith(49, 33, 72, 51, 71);
        assertThat(data.reservation()).isEmpty();
    }

    private Cifar dataset(Checksum checksum) {
        return new Cifar("cifar3", FORMAT, archive(checksum), Optional.empty());
    }

    private static RemoteFile archive(Checksum checksum) {
        return new RemoteFile(
                URI.create("http://127.0.0.1:9/" + ARCHIVE),
                ARCHIVE,
                checksum,
                RemoteFile.Limits.DEFAULT);
    }

    private DataDirectories directories() {
        return new DataDirectories(List.of(directory), directory);
    }

    private static byte[] images(int... labelsAndGreys) {
        byte[] bytes = new byte[labelsAndGreys.length / 2 * (PIXELS + 1)];
        for (int i = 0; i < labelsAndGreys.length; i += 2) {
            int start = i / 2 * (PIXELS + 1);
            bytes[start] = (byte) labelsAndGreys[i];
            Arrays.fill(bytes, start + 1, start + 1 + PIXELS, (byte) labelsAndGreys[i + 1]);
        }
        return bytes;
    }

    private static byte[] contents(String file) {
        return switch (file) {
            case "one.bin" -> images(0, 10, 1, 20);
            case "two.bin" -> images(2, 30, 0, 40);
            default -> images(1, 50);
        };
    }

    private void writeFolder() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("tiny-bin"));
        for (String file : FORMAT.files()) {
            Files.write(folder.resolve(file), contents(file));
        }
    }

    private void deleteFolder() throws IOException {
        for (String file : FORMAT.files()) {
            Files.delete(directory.resolve("tiny-bin").resolve(file));
        }
        Files.delete(directory.resolve("tiny-bin"));
    }

    private Path writeArchive(List<String> files) throws IOException {
        Path archive = directory.resolve(ARCHIVE);
        try (OutputStream out = Files.newOutputStream(archive);
                TarArchiveOutputStream tar =
                        new TarArchiveOutputStream(new GzipCompressorOutputStream(out))) {
            for (String file : files) {
                TarArchiveEntry entry = new TarArchiveEntry("tiny-bin/" + file);
                entry.setSize(contents(file).length);
                tar.putArchiveEntry(entry);
                tar.write(contents(file));
                tar.closeArchiveEntry();
            }
        }
        return archive;
    }
}
