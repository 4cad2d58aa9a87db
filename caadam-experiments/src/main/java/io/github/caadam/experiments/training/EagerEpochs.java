package io.github.caadam.experiments.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.Trainer;

/** Epochs operation by operation. */
final class EagerEpochs implements Epochs {

    private final Trainer trainer;
    private final FittedRows rows;
    private final EagerEpoch epoch;

    EagerEpochs(Trainer trainer, FittedRows rows, int batchSize) {
        this.trainer = trainer;
        this.rows = rows;
        epoch = new EagerEpoch(trainer, rows.features(), rows.targets(), batchSize);
    }

    @Override
    public Execution execution() {
        return Execution.EAGER;
    }

    @Override
    public double train(int[] order) {
        return epoch.run(order);
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
