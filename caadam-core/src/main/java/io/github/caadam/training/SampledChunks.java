// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.BulkDataIterable;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import ai.djl.translate.Batchifier;
import io.github.caadam.internal.PrivateFields;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * Chunks of a data set that lies in memory: the rows in the order of its own sampler, gathered by
 * one call for each chunk.
 */
final class SampledChunks implements Iterator<Batch> {

    private final Data data;
    private final Iterator<List<Long>> batches;
    private final long size;
    private final NDManager manager;
    private final Device device;
    private final ChunkSize chunkSize;
    private final long bytesOfRow;
    private List<Long> next;
    private long progress;

    /**
     * The parts of a data set.
     *
     * @param features its only array of data
     * @param labels its only array of labels
     * @param sampler what draws batches of its rows
     */
    record Data(NDArray features, NDArray labels, Sampler sampler) {

        /**
         * Returns the parts of a data set.
         *
         * @param dataset the data set
         * @return the parts; empty unless it is an {@link ArrayDataset} of exactly that class, with
         *     one array of data and one of labels, which hands out their rows as they are
         */
        static Optional<Data> of(Object dataset) {
            Class<?> base = RandomAccessDataset.class;
            boolean plain =
                    dataset.getClass() == ArrayDataset.class
                            && PrivateFields.isNull(dataset, base, "pipeline")
                            && PrivateFields.isNull(dataset, base, "targetPipeline")
                            && isStacked(dataset, "dataBatchifier")
                            && isStacked(dataset, "labelBatchifier");
            if (!plain) {
                return Optional.empty();
            }
            Optional<NDArray> features = onlyArray(dataset, "data");
            Optional<NDArray> labels = onlyArray(dataset, "labels");
            Optional<Sampler> sampler = PrivateFields.read(dataset, base, "sampler", Sampler.class);
            return features.isPresent() && labels.isPresent() && sampler.isPresent()
                    ? Optional.of(new Data(features.get(), labels.get(), sampler.get()))
                    : Optional.empty();
        }

        private static boolean isStacked(Object dataset, String field) {
            return PrivateFields.read(dataset, RandomAccessDataset.class, field, Batchifier.class)
                    .filter(batchifier -> batchifier == Batchifier.STACK)
                    .isPresent();
        }

        private static Optional<NDArray> onlyArray(Object dataset, String field) {
            return PrivateFields.read(dataset, ArrayDataset.class, field, NDArray[].class)
                    .filter(arrays -> arrays.length == 1 && !arrays[0].isSparse())
                    .map(arrays -> arrays[0]);
        }
    }

    /**
     * Begins an epoch: the sampler draws now.
     *
     * @param dataset the data set
     * @param data its parts
     * @param manager the parent of each chunk's manager
     * @param device where chunks are to lie
     * @param chunkSize how many batches a chunk has
     * @param bytesOfRow the bytes of a row: features, labels and predictions
     */
    SampledChunks(
            ArrayDataset dataset,
            Data data,
            NDManager manager,
            Device device,
            ChunkSize chunkSize,
            long bytesOfRow) {
        this.data = data;
        this.manager = manager;
        this.device = device;
        this.chunkSize = chunkSize;
        this.bytesOfRow = bytesOfRow;
        size = dataset.size();
        batches = data.sampler().sample(dataset);
    }

    @Override
    public boolean hasNext() {
        return next != null || batches.hasNext();
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("The epoch is over.");
        }
        List<Long> rows = new ArrayList<>(peek());
        next = null;
        int batchSize = rows.size();
        if (batchSize == 0) {
            throw new IllegalStateException("The data set's sampler drew a batch of no rows.");
        }
        int most = chunkSize.batches(batchSize, bytesOfRow);
        boolean full = true;
        for (int i = 1; i < most && full && hasNext() && peek().size() <= batchSize; i++) {
            full = peek().size() == batchSize;
            rows.addAll(peek());
            next = null;
        }
        return gather(rows, batchSize);
    }

    private List<Long> peek() {
        if (next == null) {
            next = batches.next();
        }
        return next;
    }

    private Chunk gather(List<Long> rows, int batchSize) {
        progress += rows.size();
        NDManager owner = manager.newSubManager(device);
        try {
            NDArray features = rows(data.features(), rows, owner);
            NDArray labels = rows(data.labels(), rows, owner);
            return new Chunk(owner, features, labels, batchSize, progress, size, rows);
        } catch (RuntimeException e) {
            owner.close();
            throw e;
        }
    }

    /** Returns rows on the chunk's device; those next to each other are not copied. */
    private NDArray rows(NDArray array, List<Long> rows, NDManager owner) {
        try (NDManager scratch = manager.newSubManager(array.getDevice())) {
            NDArray found;
            if (BulkDataIterable.isRange(rows)) {
                found = Rows.slice(scratch, array, rows.get(0), rows.get(0) + rows.size());
            } else {
                found = Rows.gather(scratch, array, rows);
            }
            NDArray placed = found.toDevice(device, false);
            placed.attach(owner);
            return placed;
        }
    }
}
