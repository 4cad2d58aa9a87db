// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import io.github.caadam.spi.NotAcceleratedException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;

/**
 * Chunks of any data set: its own batches, in its own order, joined. Batches that cannot be part of
 * a chunk are handed out as they are.
 */
final class JoinedChunks implements Iterator<Batch> {

    private final Iterator<Batch> batches;
    private final NDManager manager;
    private final Device device;
    private final ChunkSize chunkSize;
    private final Check check;
    private final Consumer<NotAcceleratedException> refused;
    private Batch next;
    private Kind accepted;
    private long bytesOfRow;

    /** Checks whether rows can be trained on by a compiled program. */
    @FunctionalInterface
    interface Check {

        /**
         * Checks.
         *
         * @param features the features of a batch
         * @param labels its labels
         * @return the bytes of a row: features, labels and predictions
         * @throws NotAcceleratedException if they cannot
         */
        long bytesOfRow(NDArray features, NDArray labels) throws NotAcceleratedException;
    }

    /** What batches of a chunk have in common. */
    private record Kind(Shape features, DataType featureType, Shape labels, DataType labelType) {

        private static Kind of(Batch batch) {
            NDArray features = batch.getData().head();
            NDArray labels = batch.getLabels().head();
            return new Kind(
                    features.getShape().slice(1),
                    features.getDataType(),
                    labels.getShape().slice(1),
                    labels.getDataType());
        }
    }

    /**
     * Begins an epoch.
     *
     * @param batches the data set's own batches
     * @param manager the parent of each chunk's manager
     * @param device where chunks are to lie
     * @param chunkSize how many batches a chunk has
     * @param check what tells whether batches can be part of a chunk
     * @param refused who is told why a batch cannot
     */
    JoinedChunks(
            Iterator<Batch> batches,
            NDManager manager,
            Device device,
            ChunkSize chunkSize,
            Check check,
            Consumer<NotAcceleratedException> refused) {
        this.batches = batches;
        this.manager = manager;
        this.device = device;
        this.chunkSize = chunkSize;
        this.check = check;
        this.refused = refused;
    }

    // Asking a data set's iterator for more may close what it handed out before: what is kept has
    // another owner by then, and nothing is asked while a batch waits to be handed out as it is.

    @Override
    public boolean hasNext() {
        return next != null || batches.hasNext();
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("The epoch is over.");
        }
        Batch first = next == null ? batches.next() : next;
        next = null;
        if (!isAccepted(first)) {
            return first;
        }
        NDManager owner = manager.newSubManager(device);
        try {
            return join(first, owner);
        } catch (RuntimeException e) {
            owner.close();
            throw e;
        }
    }

    private boolean isAccepted(Batch batch) {
        try {
            if (!isOfRows(batch)) {
                throw new NotAcceleratedException(
                        "data set",
                        "its batches are not one dense array of data and one of labels, with a row"
                                + " for each sample");
            }
            Kind kind = Kind.of(batch);
            if (!kind.equals(accepted)) {
                bytesOfRow = check.bytesOfRow(batch.getData().head(), batch.getLabels().head());
                accepted = kind;
            }
            return true;
        } catch (NotAcceleratedException e) {
            refused.accept(e);
            return false;
        }
    }

    private static boolean isOfRows(Batch batch) {
        return isOfRows(batch.getData(), batch.getSize())
                && isOfRows(batch.getLabels(), batch.getSize());
    }

    private static boolean isOfRows(NDList arrays, int rows) {
        return arrays.size() == 1
                && !arrays.head().isSparse()
                && arrays.head().getShape().dimension() > 0
                && arrays.head().getShape().get(0) == rows
                && rows > 0;
    }

    private Chunk join(Batch first, NDManager owner) {
        int batchSize = first.getSize();
        int most = chunkSize.batches(batchSize, bytesOfRow);
        NDList features = new NDList();
        NDList labels = new NDList();
        List<Object> indices = new ArrayList<>();
        Batch batch = first;
        long progress;
        long progressTotal;
        boolean known = true;
        boolean more;
        do {
            known = known && batch.getIndices() != null;
            if (known) {
                indices.addAll(batch.getIndices());
            }
            progress = batch.getProgress();
            progressTotal = batch.getProgressTotal();
            boolean full = batch.getSize() == batchSize;
            take(batch.getData(), features, owner);
            take(batch.getLabels(), labels, owner);
            batch.close();
            more = full && features.size() < most && batches.hasNext();
            if (more) {
                batch = batches.next();
                if (!isOfRows(batch)
                        || !Kind.of(batch).equals(accepted)
                        || batch.getSize() > batchSize) {
                    next = batch;
                    more = false;
                }
            }
        } while (more);
        return new Chunk(
                owner,
                joined(features),
                joined(labels),
                batchSize,
                progress,
                progressTotal,
                known ? indices : null);
    }

    /** Takes an array from its batch, which is about to be closed. */
    private void take(NDList arrays, NDList target, NDManager owner) {
        NDArray array = arrays.head().toDevice(device, false);
        array.attach(owner);
        target.add(array);
    }

    private static NDArray joined(NDList arrays) {
        if (arrays.size() == 1) {
            return arrays.head();
        }
        NDArray joined = NDArrays.concat(arrays);
        arrays.close();
        return joined;
    }
}
