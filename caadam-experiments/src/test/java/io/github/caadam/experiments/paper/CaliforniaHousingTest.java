// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.caadam.experiments.RealData;
import io.github.caadam.experiments.dataset.Checksum;
import io.github.caadam.experiments.dataset.DataDirectories;
import io.github.caadam.experiments.dataset.LoopbackServer;
import io.github.caadam.experiments.dataset.NumPyShuffle;
import io.github.caadam.experiments.dataset.RemoteFile;
import io.github.caadam.experiments.dataset.SmallDisk;
import io.github.caadam.experiments.dataset.Table;
import io.github.caadam.experiments.dataset.TableSamples;
import io.github.caadam.plugin.DataSplit;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaliforniaHousingTest {

    @TempDir private Path directory;

    @Test
    void heldOutRowsAreThoseOfKeras() throws IOException {
        Table table = CaliforniaHousing.readVerified(realFile());
        int[] order = NumPyShuffle.permutation(CaliforniaHousing.ROWS, 113);

        assertThat(table.row(order[CaliforniaHousing.TRAIN_ROWS]))
                .containsExactly(-118.36f, 34.08f, 45, 2195, 483, 1265, 455, 3.3864f, 397900);
        assertThat(table.row(order[0]))
                .containsExactly(-118.27f, 34.09f, 52, 2327, 555, 1048, 491, 3.7847f, 252300);
        double sum = 0;
        for (int row = 0; row < table.rows(); row++) {
            sum += table.row(row)[8];
        }
        assertThat(sum / table.rows()).isCloseTo(206855.8169, within(1e-4));
    }

    @Test
    void trainingRowsAreStandardised() throws IOException {
        DataSplit data = new CaliforniaHousing().load(RealData.directories());

        assertThat(data.trainRows()).isEqualTo(16_512);
        assertThat(data.testRows()).isEqualTo(4_128);
        float[] features = ((TableSamples) data.trainSamples()).values();
        for (int column = 0; column < 8; column++) {
            double sum = 0;
            double squares = 0;
            for (int row = 0; row < data.trainRows(); row++) {
                double value = features[row * 8 + column];
                sum += value;
                squares += value * value;
            }
            // Sums of 16,512 values rounded to 24 bits.
            assertThat(sum / data.trainRows()).isCloseTo(0, within(1e-6));
            assertThat(squares / data.trainRows()).isCloseTo(1, within(1e-6));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"header", "tgz", "npz"})
    void allPublicFormsHoldTheSameData(String form) throws IOException {
        DataSplit expected = new CaliforniaHousing().load(RealData.directories());
        byte[] text = Files.readAllBytes(realFile());
        switch (form) {
            case "header" ->
                    Files.writeString(
                            directory.resolve(HousingFiles.TEXT),
                            "longitude,latitude,housingMedianAge,a,b,c,d,e,medianHouseValue\n"
                                    + new String(text, StandardCharsets.US_ASCII));
            case "tgz" -> writeArchive(text);
            default -> writeArrays(HousingFiles.read(realFile()));
        }

        DataSplit data = new CaliforniaHousing().load(here());

        assertThat(data.digest()).isEqualTo(expected.digest());
        assertThat(((TableSamples) data.testSamples()).values())
                .containsExactly(((TableSamples) expected.testSamples()).values());
        assertThat(data.trainTargets()).containsExactly(expected.trainTargets());
    }

    @Test
    void alteredFileIsRefusedWithBothDigests() throws IOException {
        String text = Files.readString(realFile());
        Files.writeString(
                directory.resolve(HousingFiles.TEXT), text.replaceFirst("-122\\.23", "-122.24"));

        assertThatIOException()
                .isThrownBy(() -> new CaliforniaHousing().load(here()))
                .withMessageContaining("20640 rows, expected 20640")
                .withMessageContaining(HousingFiles.read(realFile()).digest())
                .withMessageContaining("Delete it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cal_housing.data | 1,2,3,4,5,6,7,8,9 | it has 1 rows, expected 20640",
                "cal_housing.data | 1,2,3 | line 1 has 3 columns, expected 9",
                "cal_housing.data | 1,2,x,4,5,6,7,8,9 | line 1, column 3 is not a number: \"x\"",
                "cal_housing.data | longitude,latitude~1,2,x,4,5,6,7,8,9~ | line 2, column 3",
                "cal_housing.data | ~longitude,latitude~ ~1,2,3,4,5,6,7,8,9~~1 | line 6 has 1"
                        + " column,",
                "cal_housing.tgz | nonsense | is not California Housing",
                "california_housing.npz | nonsense | is not California Housing"
            })
    void brokenFileIsRefusedWithTheReason(String name, String content, String reason)
            throws IOException {
        Files.writeString(directory.resolve(name), content.replace('~', '\n'));

        assertThatIOException()
                .isThrownBy(() -> new CaliforniaHousing().load(here()))
                .withMessageContaining(name)
                .withMessageContaining(reason);
    }

    @Test
    void truncatedFileIsRefusedWithBothDigests() throws IOException {
        byte[] text = Files.readAllBytes(realFile());
        byte[] half = Arrays.copyOf(text, text.length / 2);
        Files.write(directory.resolve(HousingFiles.TEXT), half);

        assertThatIOException()
                .isThrownBy(() -> new CaliforniaHousing().load(here()))
                .withMessageContaining("expected 9")
                .withMessageContaining("the file has SHA-256 " + sha256(half))
                .withMessageContaining("as published it has " + sha256(text))
                .withMessageContaining("Delete it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<f4 | False | (2, 8)  | >f8 | False | (2,)   | y.npy has type >f8, expected <f4 or"
                        + " <f8",
                "<i8 | False | (2, 8)  | <f8 | False | (2,)   | x.npy has type <i8",
                "<f4 | True  | (2, 8)  | <f8 | False | (2,)   | x.npy is in Fortran order",
                "<f4 | False | (8, 2)  | <f8 | False | (2,)   | x.npy has shape (8, 2), expected"
                        + " (n, 8)",
                "<f4 | False | (16,)   | <f8 | False | (2,)   | x.npy has shape (16,), expected (n,"
                        + " 8)",
                "<f4 | False | (2, 8)  | <f8 | False | (1, 2) | y.npy has shape (1, 2), expected"
                        + " (n,)",
                "<f4 | False | (2, 8)  | <f8 | False | (3,)   | y.npy has 2 values, its shape says"
                        + " 3",
                "<f4 | False | (2, 8)  | <f4 | False | (4, 1) | x.npy has 2 rows, but y.npy has 4",
                "<f4 | False | (2, 8)  | <f8 | False | (2, 1) | it has 2 rows, expected 20640"
            })
    void arraysOfAnotherFormAreRefusedWithTheReason(
            String xType,
            String xOrder,
            String xShape,
            String yType,
            String yOrder,
            String yShape,
            String reason)
            throws IOException {
        try (OutputStream out = Files.newOutputStream(directory.resolve(HousingFiles.ARRAYS));
                ZipOutputStream zip = new ZipOutputStream(out)) {
            writeNpy(zip, "x.npy", xType, xOrder, xShape, new byte[16 * Float.BYTES]);
            writeNpy(zip, "y.npy", yType, yOrder, yShape, new byte[2 * Double.BYTES]);
        }

        assertThatIOException()
                .isThrownBy(() -> new CaliforniaHousing().load(here()))
                .withMessageContaining(reason)
                .withMessageContaining("SHA-256");
    }

    @Test
    void arraysOfAnotherVersionAreRefused() throws IOException {
        try (OutputStream out = Files.newOutputStream(directory.resolve(HousingFiles.ARRAYS));
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("x.npy"));
            zip.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0, 0, 0, 0, 0});
        }

        assertThatIOException()
                .isThrownBy(() -> new CaliforniaHousing().load(here()))
                .withMessageContaining("x.npy is not a .npy array of version 1");
    }

    @Test
    void directoriesAreSearchedInOrder() throws IOException {
        Path first = Files.createDirectory(directory.resolve("first"));
        Path second = Files.createDirectory(directory.resolve("second"));
        Files.writeString(second.resolve(HousingFiles.TEXT), "");
        DataDirectories both = new DataDirectories(List.of(first, second), second);

        assertThat(new CaliforniaHousing().locate(both))
                .contains(second.resolve(HousingFiles.TEXT));
        Files.writeString(first.resolve(HousingFiles.ARRAYS), "");
        assertThat(new CaliforniaHousing().locate(both))
                .contains(first.resolve(HousingFiles.ARRAYS));
    }

    @Test
    void missingDataIsDownloadedFromTheFirstSourceThatIsGood() throws IOException {
        byte[] content = {1, 2, 3};
        try (LoopbackServer server = new LoopbackServer().with("/file", content)) {
            String digest = sha256(content);
            CaliforniaHousing dataset =
                    new CaliforniaHousing(
                            List.of(
                                    remote(server, "/missing", digest),
                                    remote(server, "/file", "00"),
                                    remote(server, "/file", digest)));

            Path file = dataset.fetch(here());

            assertThat(file)
                    .isEqualTo(directory.resolve(HousingFiles.TEXT))
                    .hasBinaryContent(content);
            assertThat(directory).isDirectoryNotContaining("glob:**.part");
        }
    }

    @Test
    void failedDownloadSaysWhatWasTriedAndWhatToDo() throws IOException {
        try (LoopbackServer server = new LoopbackServer().with("/file", new byte[] {1})) {
            CaliforniaHousing dataset =
                    new CaliforniaHousing(
                            List.of(
                                    remote(server, "/missing", "00"),
                                    remote(server, "/file", "00")));

            assertThatIOException()
                    .isThrownBy(() -> dataset.load(here()))
                    .withMessageContaining("the server answered 404")
                    .withMessageContaining("expected 00")
                    .withMessageContaining("california_housing.npz")
                    .withMessageContaining("--data-dir");
            assertThat(directory).isEmptyDirectory();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/silent   | 200   | 60000 | the server sent nothing for 0.2 s",
                "/stalling | 200   | 60000 | the server sent nothing for 0.2 s",
                "/dripping | 60000 | 200   | the download was not complete after 0.2 s"
            })
    @Timeout(30)
    void downloadThatHangsIsGivenUpAndTheNextSourceTried(
            String path, int silenceMillis, int totalMillis, String reason) throws IOException {
        byte[] content = {1, 2, 3};
        RemoteFile.Limits limits =
                new RemoteFile.Limits(
                        1000, Duration.ofMillis(silenceMillis), Duration.ofMillis(totalMillis));
        try (LoopbackServer server =
                new LoopbackServer().with("/file", content).withHangingPaths()) {
            RemoteFile hanging = remote(server, path, "00", limits);
            RemoteFile good = remote(server, "/file", sha256(content));

            assertThatIOException()
                    .isThrownBy(() -> new CaliforniaHousing(List.of(hanging)).fetch(here()))
                    .withMessageContaining(reason)
                    .withMessageContaining("Put one of");
            assertThat(directory).isEmptyDirectory();
            assertThat(new CaliforniaHousing(List.of(hanging, good)).fetch(here()))
                    .hasBinaryContent(content);
        }
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstNumber() throws IOException {
        Path file =
                Files.writeString(
                        directory.resolve(HousingFiles.TEXT), "\uFEFF-122.23,2,3,4,5,6,7,8,9\n");

        assertThat(HousingFiles.read(file).row(0))
                .containsExactly(-122.23f, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void downloadThatIsLargerThanItMayBeIsGivenUp() throws IOException {
        byte[] content = new byte[1_001];
        RemoteFile.Limits limits =
                new RemoteFile.Limits(1_000, Duration.ofSeconds(20), Duration.ofSeconds(20));
        try (LoopbackServer server = new LoopbackServer().with("/file", content)) {
            RemoteFile large = remote(server, "/file", sha256(content), limits);

            assertThatIOException()
                    .isThrownBy(() -> new CaliforniaHousing(List.of(large)).fetch(here()))
                    .withMessageContaining("(the download has more than 1000 bytes)");
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void onlyThisMachineIsBelievedWithoutTls() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new RemoteFile(
                                        URI.create("http://example.org/localhost"),
                                        "file",
                                        Checksum.sha256(""),
                                        RemoteFile.Limits.DEFAULT))
                .withMessageContaining("by https, or from this machine, found http://example.org");
    }

    @Test
    void cacheThatCannotBeWrittenIsNamedWithTheReason() throws IOException {
        Path cache = Files.writeString(directory.resolve("cache"), "a file");
        try (LoopbackServer server = new LoopbackServer().with("/file", new byte[] {1})) {
            CaliforniaHousing dataset =
                    new CaliforniaHousing(List.of(remote(server, "/file", "00")));

            assertThatIOException()
                    .isThrownBy(() -> dataset.fetch(new DataDirectories(List.of(cache), cache)))
                    .withMessageContaining(
                            "a download cannot be kept in "
                                    + cache
                                    + " (a file of that name is in the way)")
                    .withMessageContaining("--data-dir");
        }
    }

    @Test
    void fullDiskIsNamedAndTheRetryWithRoomSucceeds() throws IOException {
        byte[] content = new byte[SmallDisk.BYTES / 2];
        byte[] tooLarge = new byte[2 * SmallDisk.BYTES];
        try (LoopbackServer server =
                        new LoopbackServer().with("/file", content).with("/large", tooLarge);
                SmallDisk disk = new SmallDisk(directory)) {
            RemoteFile large = remote(server, "/large", sha256(tooLarge));
            RemoteFile small = remote(server, "/file", sha256(content));

            assertThatIOException()
                    .isThrownBy(() -> new CaliforniaHousing(List.of(large)).fetch(disk.cache()))
                    .withMessageContaining(
                            "a download cannot be kept in "
                                    + directory
                                    + " (No space left on device)")
                    .withMessageContaining("--data-dir");
            assertThat(directory).isEmptyDirectory();

            assertThat(new CaliforniaHousing(List.of(small)).fetch(disk.cache()))
                    .hasBinaryContent(content);
        }
    }

    private DataDirectories here() {
        return new DataDirectories(List.of(directory), directory);
    }

    private static Path realFile() {
        return RealData.directory().resolve(HousingFiles.TEXT);
    }

    private static RemoteFile remote(LoopbackServer server, String path, String digest) {
        return remote(server, path, digest, RemoteFile.Limits.DEFAULT);
    }

    private static RemoteFile remote(
            LoopbackServer server, String path, String digest, RemoteFile.Limits limits) {
        return new RemoteFile(server.uri(path), HousingFiles.TEXT, Checksum.sha256(digest), limits);
    }

    private static String sha256(byte[] content) {
        return HexFormat.of().formatHex(Table.sha256().digest(content));
    }

    private void writeArchive(byte[] text) throws IOException {
        try (OutputStream out = Files.newOutputStream(directory.resolve(HousingFiles.ARCHIVE));
                TarArchiveOutputStream tar =
                        new TarArchiveOutputStream(new GzipCompressorOutputStream(out))) {
            TarArchiveEntry entry = new TarArchiveEntry("CaliforniaHousing/cal_housing.data");
            entry.setSize(text.length);
            tar.putArchiveEntry(entry);
            tar.write(text);
            tar.closeArchiveEntry();
        }
    }

    private void writeArrays(Table table) throws IOException {
        ByteBuffer x = ByteBuffer.allocate(table.rows() * 8 * Float.BYTES);
        ByteBuffer y = ByteBuffer.allocate(table.rows() * Double.BYTES);
        x.order(ByteOrder.LITTLE_ENDIAN);
        y.order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < table.rows(); i++) {
            float[] row = table.row(i);
            for (int c = 0; c < 8; c++) {
                x.putFloat(row[c]);
            }
            y.putDouble(row[8]);
        }
        try (OutputStream out = Files.newOutputStream(directory.resolve(HousingFiles.ARRAYS));
                ZipOutputStream zip = new ZipOutputStream(out)) {
            writeNpy(zip, "x.npy", "<f4", "False", "(20640, 8)", x.array());
            writeNpy(zip, "y.npy", "<f8", "False", "(20640,)", y.array());
        }
    }

    private static void writeNpy(
            ZipOutputStream zip,
            String name,
            String type,
            String fortranOrder,
            String shape,
            byte[] values)
            throws IOException {
        String header =
                "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }%n"
                        .formatted(type, fortranOrder, shape);
        ByteBuffer start = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
        start.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
        start.put((byte) 1).put((byte) 0).putShort((short) header.length());
        zip.putNextEntry(new ZipEntry(name));
        zip.write(start.array());
        zip.write(header.getBytes(StandardCharsets.US_ASCII));
        zip.write(values);
        zip.closeEntry();
    }
}
