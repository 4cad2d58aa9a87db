// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.caadam.plugin.DataContext;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.Options;
import io.github.caadam.plugin.Task;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpzSourceTest {

    private static final NpzSource NPZ = new NpzSource();

    @TempDir private Path folder;
    private DataContext context;
    private final Map<String, byte[]> arrays = new LinkedHashMap<>();

    @BeforeEach
    void arrays() {
        context = new DataDirectories(List.of(folder), folder).relativeTo(folder);
        arrays.put("x_train", array("<f4", false, "(4, 2)", 1, 10, 2, 20, 3, 30, 4, 60));
        arrays.put("y_train", array("<f8", false, "(4,)", 0.5, 1.5, 2.5, 3.5));
        arrays.put("x_test", array("<f4", false, "(1, 2)", 5, 50));
        arrays.put("y_test", array("<f8", false, "(1,)", 4.5));
    }

    private static byte[] array(String type, boolean fortran, String shape, double... values) {
        String header =
                String.format(
                        "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }",
                        type, fortran ? "True" : "False", shape);
        int size = type.charAt(2) - '0';
        ByteBuffer bytes = ByteBuffer.allocate(10 + header.length() + values.length * size);
        bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
        bytes.put((byte) 1).put((byte) 0).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putShort((short) header.length());
        bytes.put(header.getBytes(StandardCharsets.US_ASCII));
        bytes.order(type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            switch (type.substring(1)) {
                case "f4" -> bytes.putFloat((float) value);
                case "f8" -> bytes.putDouble(value);
                case "i8" -> bytes.putLong((long) value);
                case "i4", "u4" -> bytes.putInt((int) (long) value);
                case "i2", "u2" -> bytes.putShort((short) (int) value);
                default -> bytes.put((byte) (int) value);
            }
        }
        return bytes.array();
    }

    private DataSplit load(Object... options) throws IOException {
        try (ZipOutputStream out =
                new ZipOutputStream(Files.newOutputStream(folder.resolve("a.npz")))) {
            for (Map.Entry<String, byte[]> array : arrays.entrySet()) {
                out.putNextEntry(new ZipEntry(array.getKey() + ".npy"));
                out.write(array.getValue());
                out.closeEntry();
            }
        }
        Map<String, Object> given = new HashMap<>(Map.of("file", "a.npz"));
        for (int i = 0; i < options.length; i += 2) {
            given.put((String) options[i], options[i + 1]);
        }
        return NPZ.load(context, NPZ.complete(Options.of(NPZ.options(), given)));
    }

    private static float[] train(DataSplit split) {
        return ((ArraySamples) split.trainSamples()).values();
    }

    @Test
    void arraysAreSamplesAndTargets() throws IOException {
        DataSplit split = load();

        assertThat(split.signature().task()).isEqualTo(Task.REGRESSION);
        assertThat(split.sampleShape()).isEqualTo(new Shape(2));
        assertThat(train(split)).containsExactly(1, 10, 2, 20, 3, 30, 4, 60);
        assertThat(split.trainTargets()).containsExactly(0.5f, 1.5f, 2.5f, 3.5f);
        assertThat(split.testTargets()).containsExactly(4.5f);
        try (NDManager manager = NDManager.newBaseManager()) {
            assertThat(split.trainSamples().place(manager, 1, 3).toFloatArray())
                    .containsExactly(2, 20, 3, 30);
            assertThat(split.trainSamples().place(manager, 1, 3).getShape())
                    .isEqualTo(new Shape(2, 2));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<f8", ">f4", ">f8", "<i8", ">i4", "<u4", "<i2", ">u2", "|u1", "|i1"})
    void everyTypeAndOrderGivesTheSameValues(String type) throws IOException {
        String digest = load().digest();
        arrays.put("x_train", array(type, false, "(4, 2)", 1, 10, 2, 20, 3, 30, 4, 60));

        assertThat(load().digest()).isEqualTo(digest);
        arrays.put("x_train", array(type, true, "(4, 2)", 1, 2, 3, 4, 10, 20, 30, 60));
        assertThat(load().digest()).isEqualTo(digest);
    }

    @Test
    void axesInFortransOrderAreTurned() throws IOException {
        // numpy.arange(24).reshape(2, 3, 4), written by columns first.
        double[] stored = new double[24];
        for (int i = 0; i < 24; i++) {
            stored[i] = i % 2 * 12 + i / 2 % 3 * 4 + i / 6;
        }
        arrays.put("x_train", array("<i4", true, "(2, 3, 4)", stored));
        arrays.put("y_train", array("|u1", false, "(2, 1)", 0, 1));
        arrays.put("x_test", array("<i4", false, "(1, 3, 4)", new double[12]));
        arrays.put("y_test", array("|u1", false, "(1, 1)", 1));

        DataSplit split = load("layout", "no-channels", "divide-by", 2);

        assertThat(split.sampleShape()).isEqualTo(new Shape(1, 3, 4));
        assertThat(split.signature().task()).isEqualTo(Task.CLASSIFICATION);
        for (int i = 0; i < 24; i++) {
            assertThat(train(split)[i]).isEqualTo(i / 2f);
        }
        // 3 x 4 pixels become 4 channels of 3 x 1 where the last of three axes is the colour.
        arrays.put("x_train", array("<i4", true, "(2, 3, 1, 4)", stored));
        arrays.put("x_test", array("<i4", false, "(1, 3, 1, 4)", new double[12]));
        DataSplit turned = load("layout", "channels-last");
        assertThat(turned.sampleShape()).isEqualTo(new Shape(4, 3, 1));
        assertThat(Arrays.copyOf(train(turned), 12))
                .containsExactly(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11);
    }

    @Test
    void rowsAreDrawnHeldOutAndStandardised() throws IOException {
        arrays.put("x_valid", array("<f4", false, "(1, 2)", 7, 70));
        arrays.put("y_valid", array("<f8", false, "(1,)", 7.5));

        DataSplit split =
                load(
                        "test",
                        0.25,
                        "split-seed",
                        3,
                        "standardise",
                        "all",
                        "validation-samples",
                        "x_valid",
                        "validation-targets",
                        "y_valid");

        assertThat(split.trainRows()).isEqualTo(4);
        assertThat(split.validationRows()).isOne();
        assertThat(split.testRows()).isOne();
        float[] restored = split.signature().targets().restore(split.trainTargets());
        assertThat(restored[3]).isCloseTo(7.5f, within(1e-5f));
        double sum = 0;
        for (int i = 0; i < 3; i++) {
            sum += train(split)[2 * i];
        }
        assertThat(sum).isCloseTo(0, within(1e-6));
    }

    @Test
    void classesAreWholeNumbersFromZero() throws IOException {
        arrays.put("y_train", array("<i8", false, "(4,)", 2, 0, 1, 1));
        arrays.put("y_test", array("<i8", false, "(1,)", 1));

        assertThat(load().outputs()).isEqualTo(3);
        arrays.put("y_test", array("<i8", false, "(1,)", 3));
        assertThatIOException()
                .isThrownBy(this::load)
                .withMessage("a.npz: the class 3.0 is in no training row.");
        arrays.put("y_train", array("<i8", false, "(4,)", 2, 0, 2, 2));
        assertThatIOException().isThrownBy(this::load).withMessageContaining("has the class 1;");
        arrays.put("y_train", array("<f4", false, "(4,)", 2, 0, 1, 1));
        assertThatIOException().isThrownBy(this::load).withMessageContaining("Say task:");
    }

    static List<Object[]> refused() {
        return List.of(
                refused("x_train", array("<f2", false, "(4, 2)"), "of a type that is not read"),
                refused("x_train", array("|O1", false, "(4, 2)"), "of a type that is not read"),
                refused("x_train", array("<f4", false, "(4, 2)", 1, 2), "ends before the 8 values"),
                refused(
                        "x_train",
                        array("<f4", false, "(4, 2)", 1, 2, 3, 4, 5, 6, 7, 8, 9),
                        "goes on after the 8 values"),
                refused(
                        "x_train",
                        array("<f4", false, "(99999999999, 99999999999)"),
                        "a shape that no array can have"),
                refused("x_train", array("<f4", false, "(3, 2)", 1, 2, 3, 4, 5, 6), "one target"),
                refused("y_train", array("<f4", false, "()", 1), "one target for each"),
                refused("y_train", array("<f8", false, "(900000000000,)"), "More than 2,000"),
                refused("x_test", array("<f4", false, "(1, 1)", 1), "but (1) elsewhere"),
                refused("x_train", new byte[] {1, 2, 3}, "is no NumPy array"),
                refused("x_train", new byte[] {}, "is no NumPy array"),
                refused(
                        "x_train",
                        Arrays.copyOf(array("<f4", false, "(4, 2)"), 30),
                        "ends inside its header"),
                refused(
                        "x_train",
                        array("<f4", false, "(4, 2)", 1, 2, 3, 4, 5, 6, 7, Double.NaN),
                        "sample 3 (from 0) has the value NaN"));
    }

    private static Object[] refused(String name, byte[] array, String message) {
        return new Object[] {name, array, message};
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatIsNoArrayIsRefused(String name, byte[] array, String message) {
        arrays.put(name, array);

        assertThatIOException().isThrownBy(this::load).withMessageContaining(message);
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        assertThatIOException()
                .isThrownBy(() -> load("samples", "x"))
                .withMessageContaining(
                        "has no array \"x\"; there are x_train, y_train, x_test, y_test.");
        Files.writeString(folder.resolve("b.npz"), "no zip");
        assertThatIOException()
                .isThrownBy(() -> load("file", "b.npz"))
                .withMessageContaining("is no file of numpy.savez");
        assertThatIOException()
                .isThrownBy(() -> load("file", "c.npz"))
                .withMessageContaining("There is no file");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> load("validation-samples", "x_test"))
                .withMessageContaining("both or neither");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> load("split-seed", 1))
                .withMessageContaining("\"split-seed\" draws");
    }
}
