// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

/** Makes the epochs of a training. */
interface Epochs extends AutoCloseable {

    /** Returns how it makes them. */
    Execution execution();

    /**
     * Trains on all rows.
     *
     * @param order the rows in the order of the epoch
     * @return the mean loss of the steps, weighted by rows
     */
    double train(int[] order);

    /** Returns the loss on the validation rows. */
    double validate();

    @Override
    void close();
}
