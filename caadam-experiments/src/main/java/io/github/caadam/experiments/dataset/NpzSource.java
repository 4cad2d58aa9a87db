// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import ai.djl.ndarray.types.Shape;
import io.github.caadam.plugin.DataContext;
import io.github.caadam.plugin.DataSource;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.Options;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Arrays in a file of NumPy, as {@code numpy.savez} writes it: samples of any shape, the first axis
 * counting them, and a target for each. Both byte orders, both orders of axes, and all types of
 * real numbers but half precision are read.
 */
public final class NpzSource implements DataSource {

    /** How samples are laid out in the file; networks take channels first. */
    enum Layout {
        /** As a network takes them. */
        AS_IS,
        /** Images whose last axis is the colour: it becomes the first. */
        CHANNELS_LAST,
        /** Images without an axis for the colour: they get one. */
        NO_CHANNELS
    }

    static final Option<String> FILE =
            Option.file("file", "the arrays, as numpy.savez writes them");
    static final Option<String> SAMPLES =
            Option.text("samples", "the array of training samples").orElse("x_train");
    static final Option<String> TARGETS =
            Option.text("targets", "the array of their targets").orElse("y_train");
    static final Option<String> VALIDATION_SAMPLES =
            Option.text("validation-samples", "an array of samples to validate on").optional();
    static final Option<String> VALIDATION_TARGETS =
            Option.text("validation-targets", "the array of their targets").optional();
    static final Option<String> TEST_SAMPLES =
            Option.text("test-samples", "the array of samples to test on").orElse("x_test");
    static final Option<String> TEST_TARGETS =
            Option.text("test-targets", "the array of their targets").orElse("y_test");
    static final Option<Layout> LAYOUT =
            Option.choice("layout", "where images have their channels", Layout.class)
                    .orElse(Layout.AS_IS);
    static final Option<Double> DIVIDE_BY =
            Option.number("divide-by", "what samples are divided by, such as 255")
                    .above(0)
                    .orElse(1.0);

    private static final List<Option<?>> OPTIONS = options(ArraySplit.OPTIONS);

    /** Creates the source. */
    public NpzSource() {}

    private static List<Option<?>> options(List<Option<?>> split) {
        List<Option<?>> all =
                new ArrayList<>(
                        List.of(
                                FILE,
                                SAMPLES,
                                TARGETS,
                                VALIDATION_SAMPLES,
                                VALIDATION_TARGETS,
                                TEST_SAMPLES,
                                TEST_TARGETS,
                                LAYOUT,
                                DIVIDE_BY));
        all.addAll(split);
        return List.copyOf(all);
    }

    @Override
    public String name() {
        return "npz";
    }

    @Override
    public String description() {
        return "arrays of your own in a file of NumPy's";
    }

    @Override
    public List<Option<?>> options() {
        return OPTIONS;
    }

    @Override
    public Options complete(Options options) {
        if (options.find(VALIDATION_SAMPLES).isPresent()
                != options.find(VALIDATION_TARGETS).isPresent()) {
            throw new IllegalArgumentException(
                    "\"validation-samples\" and \"validation-targets\" are given both or neither.");
        }
        return ArraySplit.complete(options);
    }

    @Override
    public DataSplit load(DataContext context, Options options) throws IOException {
        Path file = context.resolve(options.get(FILE));
        if (!Files.isRegularFile(file)) {
            throw new IOException(
                    "There is no file "
                            + file.toAbsolutePath().normalize()
                            + ". Paths are relative to the study's file.");
        }
        try (ZipFile arrays = new ZipFile(file.toFile())) {
            Optional<ArrayRows> validation =
                    options.find(VALIDATION_SAMPLES).isEmpty()
                            ? Optional.empty()
                            : Optional.of(
                                    rows(
                                            file,
                                            arrays,
                                            options,
                                            options.get(VALIDATION_SAMPLES),
                                            options.get(VALIDATION_TARGETS)));
            Optional<ArrayRows> test =
                    options.find(ArraySplit.TEST).isPresent()
                            ? Optional.empty()
                            : Optional.of(
                                    rows(
                                            file,
                                            arrays,
                                            options,
                                            options.get(TEST_SAMPLES),
                                            options.get(TEST_TARGETS)));
            ArrayRows train =
                    rows(file, arrays, options, options.get(SAMPLES), options.get(TARGETS));
            return ArraySplit.of(
                    String.valueOf(file.getFileName()), train, validation, test, options);
        } catch (ZipException e) {
            throw new IOException(file + " is no file of numpy.savez (" + e.getMessage() + ").", e);
        }
    }

    private static ArrayRows rows(
            Path file, ZipFile arrays, Options options, String samples, String targets)
            throws IOException {
        double[] y;
        Shape targetShape;
        boolean whole;
        try (InputStream in = open(file, arrays, targets)) {
            NpyArray array = new NpyArray(file.getFileName() + ": " + targets, in);
            targetShape = array.shape();
            whole = array.isWhole();
            y = array.doubles();
        }
        try (InputStream in = open(file, arrays, samples)) {
            NpyArray array = new NpyArray(file.getFileName() + ": " + samples, in);
            Shape shape = array.shape();
            boolean oneEach =
                    shape.dimension() >= 1
                            && shape.size() > 0
                            && y.length == shape.get(0)
                            && targetShape.dimension() >= 1
                            && targetShape.get(0) == y.length;
            if (!oneEach) {
                throw new IOException(
                        file.getFileName()
                                + ": "
                                + targets
                                + " of shape "
                                + targetShape
                                + " does not have one target for each of the samples of "
                                + samples
                                + ", of shape "
                                + shape
                                + ".");
            }
            Shape sample = shape.dimension() == 1 ? new Shape(1) : shape.slice(1);
            float[] x = array.values();
            divide(x, options.get(DIVIDE_BY));
            return laidOut(file, x, sample, options.get(LAYOUT), y, whole);
        }
    }

    private static InputStream open(Path file, ZipFile arrays, String name) throws IOException {
        ZipEntry entry = arrays.getEntry(name + ".npy");
        if (entry == null) {
            throw new IOException(
                    file
                            + " has no array \""
                            + name
                            + "\"; there are "
                            + String.join(
                                    ", ",
                                    arrays.stream()
                                            .map(one -> one.getName().replaceFirst("\\.npy$", ""))
                                            .toList())
                            + ". Name it by samples, targets, test-samples or test-targets; test:"
                            + " 0.2 draws rows to test on.");
        }
        return new BufferedInputStream(arrays.getInputStream(entry), 1 << 16);
    }

    private static void divide(float[] values, double divisor) {
        for (int i = 0; divisor != 1 && i < values.length; i++) {
            values[i] = (float) (values[i] / divisor);
        }
    }

    private static ArrayRows laidOut(
            Path file, float[] x, Shape sample, Layout layout, double[] y, boolean whole)
            throws IOException {
        if (layout == Layout.AS_IS) {
            return new ArrayRows(x, sample, y, whole);
        }
        int axes = layout == Layout.CHANNELS_LAST ? 3 : 2;
        if (sample.dimension() != axes) {
            throw new IOException(
                    file.getFileName()
                            + ": layout "
                            + Option.word(layout)
                            + " is for samples of "
                            + axes
                            + " axes, found the shape "
                            + sample
                            + ".");
        }
        if (layout == Layout.NO_CHANNELS) {
            return new ArrayRows(x, new Shape(1).addAll(sample), y, whole);
        }
        int pixels = Math.toIntExact(sample.get(0) * sample.get(1));
        int channels = Math.toIntExact(sample.get(2));
        float[] image = new float[pixels * channels];
        for (int start = 0; start < x.length; start += image.length) {
            System.arraycopy(x, start, image, 0, image.length);
            for (int i = 0; i < image.length; i++) {
                x[start + i % channels * pixels + i / channels] = image[i];
            }
        }
        return new ArrayRows(x, new Shape(channels, sample.get(0), sample.get(1)), y, whole);
    }
}
