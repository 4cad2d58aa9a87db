// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Application.CV;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.MRL;
import ai.djl.repository.RemoteRepository;
import io.github.caadam.experiments.RealData;
import io.github.caadam.experiments.dataset.Checksum;
import io.github.caadam.experiments.dataset.DataDirectories;
import io.github.caadam.experiments.dataset.DjlRepository;
import io.github.caadam.experiments.dataset.LoopbackServer;
import io.github.caadam.experiments.dataset.RemoteFile;
import io.github.caadam.experiments.dataset.RemoteFolder;
import io.github.caadam.experiments.dataset.SmallDisk;
import io.github.caadam.plugin.DataSplit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With a layout of two files of two training images, one test image and three classes. */
class CifarTest {

    private static final int PIXELS = 3 * 32 * 32;
    private static final String ARCHIVE = "tiny.tar.gz";
    private static final CifarFormat FORMAT =
            new CifarFormat("tiny-bin", List.of("one.bin", "two.bin"), "test.bin", 2, 1, 1, 3);

    /** The same with all training images in one file, as DJL's repository has it. */
    private static final CifarFormat DJL_FORMAT =
            new CifarFormat("tiny-djl", List.of("all.bin"), "test.bin", 4, 1, 1, 3);

    @TempDir private Path directory;

    @Test
    void pixelsAreBetweenZeroAndOneMinusTheMeanOfTheTrainingImages() throws IOException {
        writeFolder();

        DataSplit data = dataset(Checksum.md5("")).load(directories());

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

        Cifar known =
                new Cifar(
                        "cifar3",
                        FORMAT,
                        archive(Checksum.md5("")),
                        Optional.of(digest),
                        Optional.empty());

        assertThat(known.load(directories()).reservation()).isEmpty();
    }

    @Test
    void theArchiveHoldsTheSameAsTheFolder() throws IOException {
        writeFolder();
        String digest = dataset(Checksum.md5("")).load(directories()).digest();
        Path archive = writeArchive(FORMAT.files());
        deleteFolder();

        DataSplit data = dataset(Checksum.md5("").of(archive)).load(directories());

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

    /** A long name is kept in memory, whatever its length is. */
    @ParameterizedTest
    @ValueSource(strings = {"junk", "././@LongLink"})
    void archiveThatUnfoldsToMuchMoreIsRefused(String name) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put(name, new byte[8 << 20]);
        for (String file : FORMAT.files()) {
            entries.put("tiny-bin/" + file, contents(file));
        }
        Path archive = writeArchive(entries);

        assertThat(Files.size(archive)).isLessThan(100_000);
        assertThatIOException()
                .isThrownBy(() -> dataset(Checksum.md5("").of(archive)).load(directories()))
                .withMessageMatching(".*it holds more than 1[0-9]{6} bytes.*");
    }

    @ParameterizedTest
    @CsvSource({"../two.bin", "/two.bin", "tiny-bin/../two.bin", "other/two.bin", "two.bin"})
    void aFileAtAnotherPathOfTheArchiveIsNeitherReadNorUnpacked(String path) throws IOException {
        Path archive =
                writeArchive(
                        Map.of(
                                "tiny-bin/one.bin",
                                contents("one.bin"),
                                path,
                                contents("two.bin"),
                                "tiny-bin/test.bin",
                                contents("test.bin")));

        assertThatIOException()
                .isThrownBy(() -> dataset(Checksum.md5("").of(archive)).load(directories()))
                .withMessageContaining("it has no tiny-bin/two.bin. Delete it or replace it");
        assertThat(directory.toFile().list()).containsExactly(ARCHIVE);
        assertThat(directory.resolveSibling("two.bin")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1, 1 << 20})
    void aFileOfAnotherSizeInTheArchiveIsRefused(int more) throws IOException {
        int size = contents("two.bin").length;
        Path archive =
                writeArchive(
                        Map.of(
                                "tiny-bin/two.bin",
                                Arrays.copyOf(contents("two.bin"), size + more)));

        assertThatIOException()
                .isThrownBy(() -> dataset(Checksum.md5("").of(archive)).load(directories()))
                .withMessageContaining(
                        "tiny-bin/two.bin in it has "
                                + (size + more)
                                + " bytes, expected "
                                + size
                                + ". Delete it or replace it");
    }

    /** The announced size is right, but what follows is not there: cut before it was compressed. */
    @Test
    void anArchiveThatWasCutInsideIsRefused() throws IOException {
        byte[] whole;
        try (InputStream in =
                new GZIPInputStream(Files.newInputStream(writeArchive(FORMAT.files())))) {
            whole = in.readAllBytes();
        }
        Path archive = directory.resolve(ARCHIVE);
        Files.write(archive, gzip(Arrays.copyOf(whole, whole.length / 2)));

        assertThatIOException()
                .isThrownBy(() -> dataset(Checksum.md5("").of(archive)).load(directories()))
                .withMessageStartingWith(archive + " is not CIFAR-3: ")
                .withMessageContaining("Delete it or replace it");
    }

    @Test
    void missingDataIsDownloadedFromDjlsRepositoryFirst() throws IOException {
        writeFolder();
        DataSplit original = dataset(Checksum.md5("")).load(directories());
        deleteFolder();
        try (LoopbackServer server = new LoopbackServer()) {
            Cifar dataset = served(server);
            serveDjl(server);

            Path folder = dataset.fetch(directories());

            assertThat(folder).isEqualTo(directory.resolve("tiny-djl"));
            assertThat(directory.toFile().list()).containsExactly("tiny-djl");
            assertThat(dataset.files(directories()))
                    .containsExactly(folder.resolve("all.bin.gz"), folder.resolve("test.bin.gz"));
            DataSplit data = dataset.load(directories());
            assertThat(data.digest()).isEqualTo(original.digest());
            assertThat(data.trainTargets()).containsExactly(original.trainTargets());
            assertThat(data.source()).isEqualTo("tiny-djl");
            assertThat(data.reservation()).contains("not known to be the published ones");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", "cut", "other"})
    void theArchiveIsDownloadedWhereDjlsRepositoryFails(String what) throws IOException {
        try (LoopbackServer server = new LoopbackServer()) {
            serveDjl(server);
            byte[] archive = Files.readAllBytes(writeArchive(FORMAT.files()));
            Files.delete(directory.resolve(ARCHIVE));
            Cifar dataset = served(server, Checksum.md5("").of(archive));
            String path = "/djl/test.bin.gz";
            switch (what) {
                case "cut" -> server.without(path).withCut(path, gzip(contents("test.bin")));
                case "other" -> server.with(path, gzip(contents("one.bin")));
                default -> server.without(path);
            }

            assertThatIOException()
                    .isThrownBy(() -> dataset.fetch(directories()))
                    .withMessageContaining(server.uri("/djl/") + " (test.bin.gz: ")
                    .withMessageContaining(
                            server.uri("/" + ARCHIVE)
                                    + " (the server answered 404). Put "
                                    + ARCHIVE);
            assertThat(directory).isEmptyDirectory();

            server.with("/" + ARCHIVE, archive);
            assertThat(dataset.fetch(directories())).isEqualTo(directory.resolve(ARCHIVE));
            assertThat(dataset.load(directories()).reservation()).isEmpty();
        }
    }

    @Test
    void aCutDownloadLeavesNothingBehindAndTheRetrySucceeds() throws IOException {
        byte[] archive = Files.readAllBytes(writeArchive(FORMAT.files()));
        Files.delete(directory.resolve(ARCHIVE));
        try (LoopbackServer server = new LoopbackServer().withCut("/" + ARCHIVE, archive)) {
            Cifar dataset = served(server, Checksum.md5("").of(archive));

            assertThatIOException()
                    .isThrownBy(() -> dataset.load(directories()))
                    .withMessageContaining("could not be downloaded from")
                    .withMessageContaining(server.uri("/" + ARCHIVE) + " (")
                    .withMessageContaining("--data-dir or CAADAM_DATA_DIR.");
            assertThat(directory).isEmptyDirectory();
        }
        try (LoopbackServer server = new LoopbackServer().with("/" + ARCHIVE, archive)) {
            assertThat(served(server, Checksum.md5("").of(archive)).load(directories()).trainRows())
                    .isEqualTo(4);
        }
    }

    @Test
    void aFullDiskLeavesNothingBehindAndTheRetryWithRoomSucceeds() throws IOException {
        byte[] archive = Files.readAllBytes(writeArchive(FORMAT.files()));
        Files.delete(directory.resolve(ARCHIVE));
        Path blocker = directory.resolve("blocker");
        try (LoopbackServer server = new LoopbackServer().with("/" + ARCHIVE, archive);
                SmallDisk disk = new SmallDisk(directory)) {
            Cifar dataset = served(server, Checksum.md5("").of(archive));
            Files.write(blocker, new byte[SmallDisk.BYTES]);

            assertThatIOException()
                    .isThrownBy(() -> dataset.fetch(disk.cache()))
                    .withMessageContaining("cannot be kept in " + directory + " (No space left");
            assertThat(directory.toFile().list()).containsExactly("blocker");

            Files.delete(blocker);
            assertThat(dataset.load(disk.cache()).trainRows()).isEqualTo(4);
        }
    }

    @Test
    void nothingIsDownloadedWhenDjlIsToldToStayOffline() {
        System.setProperty("ai.djl.offline", "true");
        try {
            assertThatIOException()
                    .isThrownBy(() -> dataset(Checksum.md5("")).fetch(directories()))
                    .withMessageContaining("DJL_OFFLINE or ai.djl.offline is set. Put " + ARCHIVE);
        } finally {
            System.clearProperty("ai.djl.offline");
        }
    }

    /** DJL itself makes the copy, from a repository of this machine. */
    @Test
    void whatDjlHasDownloadedIsFoundWhereDjlKeepsIt() throws IOException {
        System.setProperty("DJL_CACHE_DIR", directory.resolve("djl").toString());
        try (LoopbackServer server = new LoopbackServer()) {
            serveDjl(server);
            String artifact = "/mlrepo/dataset/cv/ai/djl/basicdataset/cifar10/";
            server.with(artifact + "metadata.json", metadata(server));
            MRL cifar10 =
                    new RemoteRepository("loopback", server.uri("/mlrepo/"))
                            .dataset(CV.ANY, "ai.djl.basicdataset", "cifar10", "1.0");
            cifar10.prepare(cifar10.getDefaultArtifact());

            Path copy = DjlRepository.localCopy("cifar10");
            Cifar dataset = served(server, Checksum.md5(""), copy);

            assertThat(dataset.locate(directories())).contains(copy);
            assertThat(dataset.load(directories()).trainTargets()).containsExactly(0, 1, 2, 0);
            assertThat(dataset.load(directories()).source()).isEqualTo("tiny-djl");
        } finally {
            System.clearProperty("DJL_CACHE_DIR");
        }
    }

    /** In the form of DJL's metadata of CIFAR-10, with the tiny files. */
    private static byte[] metadata(LoopbackServer server) throws IOException {
        return """
        {"metadataVersion": "0.2", "resourceType": "dataset", "application": "cv",
         "groupId": "ai.djl.basicdataset", "artifactId": "cifar10", "name": "CIFAR10",
         "artifacts": [{"version": "1.0", "snapshot": false, "files": {
           "data": {"uri": "%1$sall.bin.gz", "sha1Hash": "%2$s", "size": 1},
           "test": {"uri": "%1$stest.bin.gz", "sha1Hash": "%3$s", "size": 1}}}]}
        """
                .formatted(
                        server.uri("/djl/"),
                        sha1(gzip(allTrainingImages())).hex(),
                        sha1(gzip(contents("test.bin"))).hex())
                .getBytes(StandardCharsets.UTF_8);
    }

    private static Checksum sha1(byte[] bytes) {
        return Checksum.sha1("").of(bytes);
    }

    private static byte[] allTrainingImages() {
        return images(0, 10, 1, 20, 2, 30, 0, 40);
    }

    private static void serveDjl(LoopbackServer server) throws IOException {
        server.with("/djl/all.bin.gz", gzip(allTrainingImages()))
                .with("/djl/test.bin.gz", gzip(contents("test.bin")));
    }

    private Cifar served(LoopbackServer server) throws IOException {
        return served(server, Checksum.md5(""));
    }

    private Cifar served(LoopbackServer server, Checksum checksum) throws IOException {
        return served(server, checksum, directory.resolve("nowhere"));
    }

    /** The data set with everything on a server of this machine. */
    private static Cifar served(LoopbackServer server, Checksum checksum, Path local)
            throws IOException {
        RemoteFolder remote =
                new RemoteFolder(
                        server.uri("/djl/"),
                        DJL_FORMAT.folder(),
                        List.of(
                                file(server, "/djl/all.bin.gz", sha1(gzip(allTrainingImages()))),
                                file(
                                        server,
                                        "/djl/test.bin.gz",
                                        sha1(gzip(contents("test.bin"))))));
        return new Cifar(
                "cifar3",
                FORMAT,
                file(server, "/" + ARCHIVE, checksum),
                Optional.empty(),
                Optional.of(new Cifar.DjlCopy(DJL_FORMAT, remote, local)));
    }

    private static RemoteFile file(LoopbackServer server, String path, Checksum checksum) {
        return new RemoteFile(
                server.uri(path),
                path.substring(path.lastIndexOf('/') + 1),
                checksum,
                RemoteFile.Limits.DEFAULT);
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
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
        DataSplit data = Cifar.ten().load(RealData.directories());

        assertThat(data.trainTargets()).hasSize(50_000).startsWith(6, 9, 9, 4, 1);
        assertThat(data.testTargets()).hasSize(10_000).startsWith(3, 8, 8, 0, 6).endsWith(7);
    }

    @Test
    void realCifar100HasFineLabels() throws IOException {
        DataSplit data = Cifar.hundred().load(RealData.directories());

        assertThat(data.trainTargets()).hasSize(50_000).startsWith(19, 29, 0, 11, 1);
        assertThat(data.testTargets()).hasSize(10_000).startsWith(49, 33, 72, 51, 71);
        assertThat(data.reservation()).isEmpty();
    }

    private Cifar dataset(Checksum checksum) {
        return new Cifar("cifar3", FORMAT, archive(checksum), Optional.empty(), Optional.empty());
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
        Map<String, byte[]> entries = new LinkedHashMap<>();
        files.forEach(file -> entries.put("tiny-bin/" + file, contents(file)));
        return writeArchive(entries);
    }

    private Path writeArchive(Map<String, byte[]> entries) throws IOException {
        Path archive = directory.resolve(ARCHIVE);
        try (OutputStream out = Files.newOutputStream(archive);
                TarArchiveOutputStream tar =
                        new TarArchiveOutputStream(new GzipCompressorOutputStream(out))) {
            for (Map.Entry<String, byte[]> file : entries.entrySet()) {
                TarArchiveEntry entry =
                        file.getKey().endsWith("LongLink")
                                ? new TarArchiveEntry(
                                        file.getKey(), TarConstants.LF_GNUTYPE_LONGNAME)
                                : new TarArchiveEntry(file.getKey(), true);
                entry.setSize(file.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(file.getValue());
                tar.closeArchiveEntry();
            }
        }
        return archive;
    }
}
