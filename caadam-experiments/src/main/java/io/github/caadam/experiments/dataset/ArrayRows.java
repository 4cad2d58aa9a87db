// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;

/**
 * Samples and targets that came as arrays.
 *
 * @param samples the samples one after the other, each row-major
 * @param shape the shape of one sample
 * @param targets one target per sample
 * @param whole whether the targets are of a type of whole numbers
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier of bulk data, never compared.
record ArrayRows(float[] samples, Shape shape, double[] targets, boolean whole) {

    int rows() {
        return targets.length;
    }

    /** Refuses values that no network can be trained on. */
    ArrayRows requireFinite(String what) throws IOException {
        for (int i = 0; i < samples.length; i++) {
            if (!Float.isFinite(samples[i])) {
                throw new IOException(
                        what
                                + ": sample "
                                + i / shape.size()
                                + " (from 0) has the value "
                                + samples[i]
                                + ". Replace what is not finite before.");
            }
        }
        for (int i = 0; i < targets.length; i++) {
            if (!Float.isFinite((float) targets[i])) {
                throw new IOException(
                        what + ": target " + i + " (from 0) is " + targets[i] + ", not finite.");
            }
        }
        return this;
    }
}
