// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import ai.djl.translate.Batchifier;
import java.util.List;

/** Several batches of a data set as one, for a compiled program to train on in one call. */
final class Chunk extends Batch {

    private final NDArray features;
    private final NDArray labels;
    private final int batchSize;
    private boolean open = true;

    /**
     * Creates a chunk.
     *
     * @param manager who is closed with the chunk
     * @param features the rows of all batches, in order
     * @param labels their labels
     * @param batchSize the rows of every batch but the last, which may have fewer
     * @param progress how many rows of the data set were handed out, these included
     * @param progressTotal how many rows the data set has
     * @param indices which rows of the data set these are; null where that is not known
     */
    Chunk(
            NDManager manager,
            NDArray features,
            NDArray labels,
            int batchSize,
            long progress,
            long progressTotal,
            List<?> indices) {
        super(
                manager,
                new NDList(features),
                new NDList(labels),
                Math.toIntExact(features.getShape().get(0)),
                Batchifier.STACK,
                Batchifier.STACK,
                progress,
                progressTotal,
                indices);
        this.features = features;
        this.labels = labels;
        this.batchSize = batchSize;
    }

    NDArray features() {
        return features;
    }

    NDArray labels() {
        return labels;
    }

    int batchSize() {
        return batchSize;
    }

    /** Returns whether arrays are the very arrays of this chunk. */
    boolean isOf(NDList data, NDList targets) {
        return isOf(data) && targets != null && targets.size() == 1 && targets.head() == labels;
    }

    /** Returns whether an array is the very array of this chunk's features. */
    boolean isOf(NDList data) {
        return data.size() == 1 && data.head() == features;
    }

    /** Returns whether this was not closed yet. */
    boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            super.close();
        }
    }
}
