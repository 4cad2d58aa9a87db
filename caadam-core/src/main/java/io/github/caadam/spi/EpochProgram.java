// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.spi;

import ai.djl.ndarray.NDArray;

/**
 * The loop over the batches of an epoch as one call of an engine.
 *
 * @since 0.1.0
 */
public interface EpochProgram extends AutoCloseable {

    /**
     * Checks that the network and the loss take such data, without changing anything.
     *
     * @param features the features, of one row or more
     * @param labels the labels, of as many rows
     * @throws IllegalArgumentException if they do not; the message says why
     */
    void requireData(NDArray features, NDArray labels);

    /**
     * Checks that training can use batches of these sizes.
     *
     * @param features the features
     * @param smallest the rows of the smallest batch
     * @throws IllegalArgumentException if it cannot; the message says why
     */
    void requireBatch(NDArray features, int smallest);

    /**
     * Makes a step for each batch of rows, and counts the steps.
     *
     * @param plan the steps of all trainable parameters
     * @param features the features
     * @param labels the labels
     * @param order the rows
     * @return the mean loss, weighted by rows
     */
    double run(UpdatePlan plan, NDArray features, NDArray labels, int[] order);

    /**
     * Computes the loss as after training.
     *
     * @param features the features
     * @param labels the labels
     * @return the mean loss, weighted by rows
     */
    double evaluate(NDArray features, NDArray labels);

    /**
     * Returns the program that {@link #run} last executed, or would execute.
     *
     * @param plan the steps that would be made
     * @return its source
     */
    String source(UpdatePlan plan);

    /** Frees the program. */
    @Override
    void close();
}
