// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import ai.djl.ndarray.types.Shape;
import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.TargetScale;
import io.github.caadam.plugin.Task;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Rows of single-precision values whose last column is the target.
 *
 * @param values the values, row-major
 * @param columns the number of columns, features and target
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier of bulk data, never compared.
public record Table(float[] values, int columns) {

    /**
     * Returns the number of rows.
     *
     * @return the rows
     */
    public int rows() {
        return values.length / columns;
    }

    /**
     * Returns a row.
     *
     * @param index its index, from 0
     * @return a copy
     */
    public float[] row(int index) {
        float[] row = new float[columns];
        System.arraycopy(values, index * columns, row, 0, columns);
        return row;
    }

    /**
     * Returns the digest of the values.
     *
     * @return SHA-256, in hex, of the values as little-endian bytes, row by row
     */
    public String digest() {
        ByteBuffer bytes =
                ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return HexFormat.of().formatHex(sha256().digest(bytes.array()));
    }

    /**
     * Starts a digest.
     *
     * @return SHA-256 of nothing yet
     */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }

    /**
     * Splits the rows and standardises every column with the mean and the population standard
     * deviation of the training rows, computed in double precision.
     *
     * @param order the rows in the order of the split
     * @param trainRows how many of them, from the first, are for training
     * @param digest the digest of the data
     * @param source where they came from
     * @return the data
     * @throws IllegalArgumentException if a column is constant
     */
    public DataSplit split(int[] order, int trainRows, String digest, String source) {
        double[] mean = new double[columns];
        double[] deviation = new double[columns];
        for (int c = 0; c < columns; c++) {
            double sum = 0;
            for (int i = 0; i < trainRows; i++) {
                sum += values[order[i] * columns + c];
            }
            mean[c] = sum / trainRows;
            double squares = 0;
            for (int i = 0; i < trainRows; i++) {
                double difference = values[order[i] * columns + c] - mean[c];
                squares += difference * difference;
            }
            deviation[c] = Math.sqrt(squares / trainRows);
            if (!(deviation[c] > 0)) {
                throw new IllegalArgumentException(
                        "Column " + (c + 1) + " cannot be standardised: it is constant.");
            }
        }
        int testRows = order.length - trainRows;
        int features = columns - 1;
        float[][] x = {new float[trainRows * features], new float[testRows * features]};
        float[][] y = {new float[trainRows], new float[testRows]};
        for (int i = 0; i < order.length; i++) {
            int part = i < trainRows ? 0 : 1;
            int row = part == 0 ? i : i - trainRows;
            for (int c = 0; c < columns; c++) {
                float value = (float) ((values[order[i] * columns + c] - mean[c]) / deviation[c]);
                if (c < features) {
                    x[part][row * features + c] = value;
                } else {
                    y[part][row] = value;
                }
            }
        }
        return new DataSplit(
                new DataSignature(
                        Task.REGRESSION,
                        new Shape(features),
                        1,
                        new TargetScale(0, 1, "standard deviations of the target")),
                new TableSamples(x[0], features),
                y[0],
                0,
                new TableSamples(x[1], features),
                y[1],
                digest,
                source,
                "");
    }
}
