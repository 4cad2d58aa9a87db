// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateFileTest {

    private final NDManager manager = NDManager.newBaseManager("PyTorch");

    @TempDir private Path directory;
    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("new/state.npz");
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void arraysAndConfigurationComeBack() throws IOException {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        arrays.put("b/moment", manager.create(new double[] {1, 2}));
        arrays.put("a", manager.create(3L));
        arrays.put("empty", manager.zeros(new Shape(0, 4)));
        arrays.get("a").setName("kept");
        Map<String, Object> configuration = Map.of("beta", 0.9, "paths", List.of("é"), "step", 2);

        StateFile.write(file, arrays, configuration);
        StateFile read = StateFile.read(file, manager, "a test");

        assertThat(read.arrays()).containsOnlyKeys("b/moment", "a", "empty");
        assertThat(read.arrays().get("b/moment").toDoubleArray()).containsExactly(1, 2);
        assertThat(read.arrays().get("a").getLong()).isEqualTo(3);
        assertThat(read.arrays().get("empty").getShape()).isEqualTo(new Shape(0, 4));
        assertThat(read.configuration())
                .isEqualTo(StateFile.asRead(configuration))
                .containsEntry("step", 2.0)
                .containsEntry("paths", List.of("é"));
        assertThat(arrays.get("a").getName()).isEqualTo("kept");
    }

    @Test
    void nothingStaysBesideTheFile() throws IOException {
        StateFile.write(file, Map.of("a", manager.create(1f)));
        StateFile.write(file, Map.of("a", manager.create(2f)));

        assertThat(file.getParent()).isDirectoryContaining("glob:**.npz");
        assertThat(file.getParent().toFile().list()).hasSize(1);
        assertThat(StateFile.read(file, manager, "a test").arrays().get("a").getFloat())
                .isEqualTo(2);
    }

    @Test
    void fileThatCannotBeWrittenWholeLeavesTheOneBefore() throws IOException {
        StateFile.write(file, Map.of("a", manager.create(1f)));
        NDArray released = manager.create(2f);
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        arrays.put("a", manager.create(2f));
        arrays.put("b", released);
        released.close();

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> StateFile.write(file, arrays));

        assertThat(file.getParent().toFile().list()).hasSize(1);
        assertThat(StateFile.read(file, manager, "a test").arrays().get("a").getFloat())
                .isEqualTo(1);
    }

    @Test
    void scopeOfTheUserDoesNotMatter() throws IOException {
        NDArray array = manager.create(1f);
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            StateFile.write(file, Map.of("a", array), Map.of("b", 1));
            assertThat(StateFile.read(file, manager, "a test").configuration()).hasSize(1);
        }
        assertThat(array.getFloat()).isEqualTo(1);
    }

    @Test
    void fileThatIsTruncatedAtAnyPlaceIsRefusedInWords() throws IOException {
        StateFile.write(file, Map.of("a", manager.ones(new Shape(9))), Map.of("b", 1));
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));

            assertThatIOException()
                    .as("%d of %d bytes", length, whole.length)
                    .isThrownBy(() -> StateFile.read(file, manager, "a test"))
                    .withMessage(file + " is not a test: it is truncated, or no .npz file.");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "{'descr': '<f4'", "\u0093NUMPY\u0001\u0000", "PK"})
    void fileOfSomethingElseIsRefusedInWords(String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, content.repeat(40).getBytes(StandardCharsets.ISO_8859_1));
        assertForeign();

        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("a.npy"));
            zip.write(content.getBytes(StandardCharsets.ISO_8859_1));
        }
        assertForeign();
    }

    private void assertForeign() {
        assertThatIOException()
                .isThrownBy(() -> StateFile.read(file, manager, "a test"))
                .withMessage(file + " is not a test: it is truncated, or no .npz file.");
    }

    @Test
    void missingFileIsNamedAsMissing() {
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> StateFile.read(file, manager, "a test"))
                .withMessage(file.toString());
    }

    @Test
    void configurationMustBeThereAndAnObject() throws IOException {
        NDArray array = manager.create(1f);
        StateFile.write(file, Map.of("a", array));
        StateFile without = StateFile.read(file, manager, "a test");
        assertThatIOException()
                .isThrownBy(without::configuration)
                .withMessage(file + " is not a test: it has no configuration.");

        for (String text : List.of("[1]", "\"adam\"", "3", "null", "", "{\"a\":", "\u0000")) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            NDArray configuration =
                    bytes.length == 0
                            ? manager.create(1f)
                            : manager.create(bytes)
                                    .toType(ai.djl.ndarray.types.DataType.UINT8, true);
            StateFile.write(file, Map.of("configuration", configuration));
            StateFile odd = StateFile.read(file, manager, "a test");
            assertThatIOException()
                    .as(text)
                    .isThrownBy(odd::configuration)
                    .withMessage(file + " is not a test: its configuration is no JSON object.");
        }
    }

    @Test
    void bytesThatChangedAreRefused() throws IOException {
        StateFile.write(file, Map.of("a", manager.arange(0, 400, 1.1f)));
        byte[] whole = Files.readAllBytes(file);
        whole[whole.length / 2] ^= 0x10;
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(whole);
        }

        assertForeign();
    }

    @Test
    void namesWithSeparatorsAreKeptApartAndStayBelowWhereTheFileIsUnpacked() throws IOException {
        List<String> names =
                List.of(
                        "a/b", "a\\b", "a%5Cb", "a%2Fb", "/a/b", "//a/b", "a//b", "../a", "a/../b",
                        "..", ".", "...", "a..b", "%", "%%", "arr_0", "a.npy", "a", "a/", "\u0000");
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        for (String name : names) {
            arrays.put(name, manager.create(arrays.size()));
        }

        StateFile.write(file, arrays);

        Map<String, NDArray> read = StateFile.read(file, manager, "a test").arrays();
        assertThat(read.keySet()).containsExactlyElementsOf(names);
        for (int i = 0; i < names.size(); i++) {
            assertThat(read.get(names.get(i)).getInt()).as(names.get(i)).isEqualTo(i);
        }
        Path place = directory.resolve("unpacked");
        Set<Path> unpacked = new HashSet<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                Path path = place.resolve(entry.getName()).normalize();
                assertThat(path.startsWith(place)).as(entry.getName()).isTrue();
                assertThat(entry.getName()).doesNotContain("\\");
                unpacked.add(path);
            }
        }
        assertThat(unpacked).hasSameSizeAs(names);
    }

    @Test
    void arrayWithTheNameOfTheConfigurationIsRefused() {
        Map<String, NDArray> arrays = Map.of("configuration", manager.create(1f));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StateFile.write(file, arrays, Map.of("a", 1)))
                .withMessageContaining("must not be called configuration");
        assertThat(file).doesNotExist();
    }

    /** A view of every second column, and values that go over the buffer's end. */
    @Test
    void arraysThatAreNotOneBlockOfMemoryAndLargeOnesComeBack() throws IOException {
        NDArray large = manager.arange(0, 70_000, 1f).reshape(70, 1000);
        NDArray columns = large.transpose();
        StateFile.write(file, Map.of("large", large, "columns", columns));

        Map<String, NDArray> read = StateFile.read(file, manager, "a test").arrays();
        assertThat(read.get("large").contentEquals(large)).isTrue();
        assertThat(read.get("columns").contentEquals(columns)).isTrue();
    }

    @Test
    void leftoverOfAKilledSaveIsSweptByTheNextSaveOfAnyFileThere() throws IOException {
        String part = "other.npz.01234567-89ab-cdef-0123-456789abcdef.part";
        Files.createDirectories(file.getParent());
        Files.writeString(file.resolveSibling(part), "half");
        Files.createFile(file.resolveSibling(part + ".lock"));

        StateFile.write(file, Map.of("a", manager.create(1f)));

        assertThat(file.getParent().toFile().list()).containsExactly("state.npz");
    }

    /** Whoever else writes parts does not lock them as this library does. */
    @Test
    void partsOfOthersAreLeftAlone() throws IOException {
        Path part = file.resolveSibling("state.npz.01234567-89ab-cdef-0123-456789abcdef.part");
        Files.createDirectories(file.getParent());
        Files.writeString(part, "half");
        Path lock = Files.createFile(file.resolveSibling("state.npz.part.lock"));

        StateFile.write(file, Map.of("a", manager.create(1f)));

        assertThat(part).exists();
        assertThat(lock).exists();
    }

    @Test
    void draftOfThisProcessIsLeftAlone() throws IOException {
        try (Draft draft = Draft.of(file)) {
            Files.createFile(draft.path());
            Draft.sweep(file.getParent());
            StateFile.write(file, Map.of("a", manager.create(1f)));
            assertThat(draft.path()).exists();
        }
        assertThat(file.getParent().toFile().list()).containsExactly("state.npz");
    }
}
