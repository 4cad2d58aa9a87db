// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import java.util.Arrays;

/**
 * Epochs through DJL's own {@code Trainer}, {@code Block} and {@code GradientCollector}, one call
 * of the engine per operation: for any network. The data lies on the device; an epoch gathers the
 * rows in a new order, 64 MiB at a time, with images laid out as {@link ImageLayout} says, and
 * slices its batches from the result, and the losses of these steps are summed on the device and
 * read once, so that no step waits for the device.
 */
public final class EagerEpoch {

    /** How much data is gathered at most, in elements: 64 MiB. */
    private static final long GATHERED_ELEMENTS = 1L << 24;

    private final Trainer trainer;
    private final NDArray features;
    private final NDArray targets;
    private final int batchSize;
    private final int rowsAtOnce;

    /**
     * Prepares epochs.
     *
     * @param trainer the trainer, initialized; its loss is a mean over the rows of a batch
     * @param features the samples, one per row, on the device of the trainer
     * @param targets their labels, one per row
     * @param batchSize rows per step, 1 or more; the last step of an epoch takes what is left
     */
    public EagerEpoch(Trainer trainer, NDArray features, NDArray targets, int batchSize) {
        this.trainer = trainer;
        this.features = features;
        this.targets = targets;
        this.batchSize = batchSize;
        long width = Math.max(1, features.size() / Math.max(1, features.getShape().get(0)));
        long batchesAtOnce = Math.max(1, GATHERED_ELEMENTS / width / batchSize);
        rowsAtOnce = Math.toIntExact(Math.min(Integer.MAX_VALUE, batchesAtOnce * batchSize));
    }

    /**
     * Trains for one epoch.
     *
     * @param order the rows in the order of the epoch, 1 or more
     * @return the mean loss over its steps, weighted by rows
     */
    public double run(int[] order) {
        double sum = 0;
        for (int from = 0; from < order.length; from += rowsAtOnce) {
            int to = Math.min(order.length, from + rowsAtOnce);
            sum += runPart(Arrays.copyOfRange(order, from, to));
        }
        return sum / order.length;
    }

    /** Returns the sum of the losses of all rows. */
    private double runPart(int[] order) {
        try (NDManager partManager = trainer.getManager().newSubManager()) {
            NDArray index = partManager.create(order);
            long[] cuts = cuts(order.length);
            NDList batches =
                    ImageLayout.channelsLast(gather(partManager, features, index)).split(cuts);
            NDList labels = gather(partManager, targets, index).split(cuts);
            NDArray fullBatches = partManager.zeros(new Shape());
            float lastBatch = 0;
            for (int i = 0; i < batches.size(); i++) {
                try (NDManager stepManager = partManager.newSubManager()) {
                    NDArray loss = step(stepManager, batches.get(i), labels.get(i));
                    if (i < cuts.length) {
                        fullBatches.addi(loss);
                    } else {
                        lastBatch = loss.getFloat();
                    }
                }
            }
            float sum = fullBatches.getFloat() * batchSize;
            int left = order.length - cuts.length * batchSize;
            return sum + lastBatch * left;
        }
    }

    private NDArray step(NDManager stepManager, NDArray features, NDArray targets) {
        NDList batch = new NDList(features);
        NDList label = new NDList(targets);
        batch.attach(stepManager);
        label.attach(stepManager);
        NDArray loss;
        try (GradientCollector collector = trainer.newGradientCollector()) {
            loss = trainer.getLoss().evaluate(label, trainer.forward(batch));
            collector.backward(loss);
        }
        trainer.step();
        return loss;
    }

    private static NDArray gather(NDManager manager, NDArray array, NDArray index) {
        NDArray gathered = array.get(index);
        gathered.attach(manager);
        return gathered;
    }

    /** Returns where all batches but the first start. */
    private long[] cuts(int rows) {
        long[] cuts = new long[(rows - 1) / batchSize];
        for (int i = 0; i < cuts.length; i++) {
            cuts[i] = (long) (i + 1) * batchSize;
        }
        return cuts;
    }
}
