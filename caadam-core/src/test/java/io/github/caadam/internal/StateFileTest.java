// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
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
}
