// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.spi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.function.Function;

/**
 * The loop over batches of rows as one call of an engine.
 *
 * @since 0.1.0
 */
public interface EpochProgram extends AutoCloseable {

    /**
     * Checks that the network and the loss take rows of such shapes and types, without changing
     * anything.
     *
     * @param features the features, of one row or more
     * @param labels the labels, of as many rows
     * @return the shape of a prediction for one row
     * @throws IllegalArgumentException if they do not; the message says why
     */
    Shape requireRows(NDArray features, NDArray labels);

    /**
     * Checks rows, as {@link #requireRows} does, and the values of the labels.
     *
     * @param features the features, of one row or more
     * @param labels the labels, of as many rows
     * @throws IllegalArgumentException if network and loss do not take them; the message says why
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
     * Checks that what is trainable now can be trained.
     *
     * @param plan the steps of all trainable parameters, of one or more
     * @param features the features, of one row or more
     * @throws NotAcceleratedException if the program computes something else than DJL does
     */
    void requireTrainable(UpdatePlan plan, NDArray features) throws NotAcceleratedException;

    /**
     * Makes a step for each batch of rows, in order, and counts the steps.
     *
     * @param plan the steps of all trainable parameters
     * @param features the features
     * @param labels the labels
     * @param batchSize the rows of a batch, 1 or more; the last batch may be smaller
     * @return the sum of the losses over all rows, each taken before the step of its batch
     */
    double run(UpdatePlan plan, NDArray features, NDArray labels, int batchSize);

    /**
     * Makes steps, as {@link #run} does.
     *
     * @param plan the steps of all trainable parameters
     * @param features the features
     * @param labels the labels
     * @param batchSize the rows of a batch, 1 or more; the last batch may be smaller
     * @return the predictions for all rows, each made before the step of its batch, attached to the
     *     manager of the features
     */
    NDArray runAndPredict(UpdatePlan plan, NDArray features, NDArray labels, int batchSize);

    /**
     * Computes the loss as after training.
     *
     * @param features the features
     * @param labels the labels
     * @param values the values that parameters are to have
     * @return the mean loss, weighted by rows
     */
    double evaluate(NDArray features, NDArray labels, Function<Parameter, NDArray> values);

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
