// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.Samples;
import io.github.caadam.plugin.Task;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes rows of features as CSV: a header {@code x1} to {@code xN} and {@code y}, then all rows.
 */
public final class TableExport {

    private TableExport() {}

    /**
     * Writes the training rows, then the test rows, preprocessed as they are; the targets of a
     * regression in their own unit.
     *
     * @param data the data
     * @param file the file to write
     * @throws IOException if the data are no rows of features, or the file is there already or
     *     cannot be written
     */
    public static void write(DataSplit data, Path file) throws IOException {
        float[] train = values(data.trainSamples());
        float[] test = values(data.testSamples());
        int width = Math.toIntExact(data.sampleShape().size());
        try (Writer out = Files.newBufferedWriter(file, StandardOpenOption.CREATE_NEW)) {
            for (int i = 1; i <= width; i++) {
                out.write("x" + i + ",");
            }
            out.write("y\n");
            write(out, train, data.trainTargets(), width, data);
            write(out, test, data.testTargets(), width, data);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(file + " is there already. Name another file, or delete it.", e);
        }
    }

    private static void write(
            Writer out, float[] samples, float[] targets, int width, DataSplit data)
            throws IOException {
        boolean regression = data.signature().task() == Task.REGRESSION;
        float[] restored =
                data.signature().targets().isIdentity()
                        ? targets
                        : data.signature().targets().restore(targets);
        for (int row = 0; row < targets.length; row++) {
            for (int i = 0; i < width; i++) {
                out.write(samples[row * width + i] + ",");
            }
            out.write((regression ? restored[row] : (Object) (int) targets[row]) + "\n");
        }
    }

    private static float[] values(Samples samples) throws IOException {
        if (samples instanceof TableSamples table) {
            return table.values();
        }
        if (samples instanceof ArraySamples array && array.sampleShape().dimension() == 1) {
            return array.values();
        }
        throw new IOException(
                "Only rows of features are a table; these samples have the shape "
                        + samples.sampleShape()
                        + ".");
    }
}
