// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.SparseFormat;
import java.util.List;

/** Rows of arrays of data: how many fit into memory at once, and how they are gathered. */
final class Rows {

    /** How much data is gathered at once, in bytes: 64 MiB. */
    static final long MOST_BYTES = 1L << 26;

    private Rows() {}

    /** Returns the bytes of a row. */
    static long bytes(NDArray array) {
        long rows = Math.max(1, array.getShape().get(0));
        return array.size() / rows * array.getDataType().getNumOfBytes();
    }

    /** Returns how many rows are gathered at once: whole batches, at least one. */
    static int atOnce(int batchSize, long bytesOfRow) {
        long batches = MOST_BYTES / Math.max(1, bytesOfRow) / batchSize;
        return (int) Math.min(Integer.MAX_VALUE, batchSize * Math.max(1, batches));
    }

    /** Gathers rows by one call. */
    static NDArray gather(NDManager manager, NDArray array, List<Long> rows) {
        try (NDArray index = manager.create(rows.stream().mapToLong(Long::longValue).toArray())) {
            return gather(manager, array, index);
        }
    }

    /** Gathers rows by one call. */
    static NDArray gather(NDManager manager, NDArray array, int[] rows) {
        try (NDArray index = manager.create(rows)) {
            return gather(manager, array, index);
        }
    }

    private static NDArray gather(NDManager manager, NDArray array, NDArray index) {
        if (array.getShape().dimension() != 2) {
            return array.get(manager, new NDIndex("{}", index));
        }
        // It copies whole rows, which takes half the time of copying number by number.
        NDArray found =
                array.getNDArrayInternal()
                        .embedding(index, array, SparseFormat.DENSE)
                        .singletonOrThrow();
        found.attach(manager);
        return found;
    }

    /** Returns some rows that lie next to each other, without copying them. */
    static NDArray slice(NDManager manager, NDArray array, long from, long to) {
        return array.get(manager, new NDIndex().addSliceDim(from, to));
    }
}
