// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.plugin;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Samples in memory, in the compact form that they came in.
 *
 * @since 0.1.0
 */
public interface Samples {

    /**
     * Returns the shape of one sample as a network takes it.
     *
     * @return the shape, without the batch dimension: (8) for eight features
     */
    Shape sampleShape();

    /**
     * Returns the number of samples.
     *
     * @return the rows
     */
    int rows();

    /**
     * Preprocesses samples and lays them out on a device.
     *
     * @param manager owns the result; its device is where the samples go
     * @param from the first row
     * @param to the row after the last
     * @return the samples in single precision, of shape (to − from, sample shape)
     */
    NDArray place(NDManager manager, int from, int to);
}
