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
     * Writes the passes over a batch.
     *
     * @param out where to
     * @param features the name of the batch's features
     * @param labels the name of its labels
     * @return the names of the gradients of the trained parameters, in order
     */
    List<String> writeBatch(SourceWriter out, String features, String labels);

    /**
     * Writes what comes after the loop.
     *
     * @param out where to
     * @param batchSize the rows of every batch but the last
     * @param lastRows the name of the number of rows of the last batch
     * @return the name of the sum of the losses over all rows, a float64 scalar
     */
    String writeAfter(SourceWriter out, int batchSize, String lastRows);
}
