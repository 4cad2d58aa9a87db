package io.github.caadam.experiments.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;

/**
 * Epochs operation by operation. Each gathers the rows in its order in one operation and slices its
 * batches from the result; the losses of its steps are summed on the device and read once.
 */
final class EagerEpochs implements Epochs {

    private final Trainer trainer;
    private final FittedRows rows;
    private final int batchSize;

    EagerEpochs(Trainer trainer, FittedRows rows, int batchSize) {
        this.trainer = trainer;
        this.rows = rows;
        this.batchSize = batchSize;
    }

    @Override
    public Execution execution() {
        return Execution.EAGER;
    }

    @Override
    public double train(int[] order) {
        try (NDManager epochManager = trainer.getManager().newSubManager()) {
            NDArray index = epochManager.create(order);
            long[] cuts = batchStarts(order.length);
            NDList batches = gather(epochManager, rows.features(), index).split(cuts);
            NDList labels = gather(epochManager, rows.targets(), index).split(cuts);
            NDArray lossSum = epochManager.zeros(new Shape());
            for (int i = 0; i < batches.size(); i++) {
                try (NDManager stepManager = epochManager.newSubManager()) {
                    NDList batch = new NDList(batches.get(i));
                    NDList label = new NDList(labels.get(i));
                    batch.attach(stepManager);
                    label.attach(stepManager);
                    NDArray loss;
                    try (GradientCollector collector = trainer.newGradientCollector()) {
                        loss = trainer.getLoss().evaluate(label, trainer.forward(batch));
                        collector.backward(loss);
                    }
                    trainer.step();
                    lossSum.addi(loss.mul(batch.head().getShape().get(0)));
                }
            }
            return lossSum.getFloat() / (double) order.length;
        }
    }

    private static NDArray gather(NDManager manager, NDArray array, NDArray index) {
        NDArray gathered = array.get(index);
        gathered.attach(manager);
        return gathered;
    }

    private long[] batchStarts(int count) {
        int cuts = (count - 1) / batchSize;
        long[] starts = new long[cuts];
        for (int i = 0; i < cuts; i++) {
            starts[i] = (long) (i + 1) * batchSize;
        }
        return starts;
    }

    @Override
    public double validate() {
        try (NDManager manager = trainer.getManager().newSubManager()) {
            NDArray error =
                    predict(trainer, manager, rows.validationFeatures())
                            .subi(rows.validationTargets());
            return error.square().mean().getFloat();
        }
    }

    /** Predicts; everything that the forward pass makes belongs to the manager given. */
    static NDArray predict(Trainer trainer, NDManager manager, NDArray features) {
        NDArray input = features.duplicate();
        input.attach(manager);
        return trainer.evaluate(new NDList(input)).head();
    }

    @Override
    public void close() {
        // The trainer is its maker's.
    }
}
