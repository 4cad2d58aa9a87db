// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import java.util.List;

/** How a program computes the gradients of a batch. */
interface GradientCode {

    /** Returns whether the program has to run with gradient mode on. */
    boolean isRecorded();

    /** Writes what comes before the loop over the batches. */
    void writeBefore(SourceWriter out);

    /**
     * What the passes over a batch computed.
     *
     * @param gradients the names of the gradients of the trained parameters, in order
     * @param predictions the name of the predictions, detached
     */
    record Batch(List<String> gradients, String predictions) {

        public Batch {
            gradients = List.copyOf(gradients);
        }
    }

    /**
     * Writes the passes over a batch.
     *
     * @param out where to
     * @param features the name of the batch's features
     * @param labels the name of its labels
     * @return what they compute
     */
    Batch writeBatch(SourceWriter out, String features, String labels);

    /**
     * Writes what comes after the loop.
     *
     * @param out where to
     * @param rows the number of rows of every batch but the last, a float
     * @param lastRows the number of rows of the last batch, a float
     * @return the name of the sum of the losses over all rows, a float64 scalar
     */
    String writeAfter(SourceWriter out, String rows, String lastRows);
}
