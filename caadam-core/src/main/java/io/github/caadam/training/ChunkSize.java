// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

/**
 * How many batches a chunk has.
 *
 * @param most the most batches of a chunk
 * @param bounded whether its memory is bounded, too
 */
record ChunkSize(int most, boolean bounded) {

    /** Chunks of a number of batches. */
    static ChunkSize of(int batches) {
        return new ChunkSize(batches, false);
    }

    /** Chunks as large as memory allows. */
    static ChunkSize whole() {
        return new ChunkSize(Integer.MAX_VALUE, true);
    }

    /** Returns whether every batch is trained by itself. */
    boolean isSingle() {
        return most == 1;
    }

    /**
     * Returns the batches of a chunk.
     *
     * @param batchSize the rows of a batch
     * @param bytesOfRow the bytes of a row: features, labels and predictions
     * @return how many, 1 or more
     */
    int batches(int batchSize, long bytesOfRow) {
        return bounded ? Rows.atOnce(batchSize, bytesOfRow) / batchSize : most;
    }
}
