// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import ai.djl.ndarray.NDArray;
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
        NDArray features = rows.validationFeatures();
        NDArray targets = rows.validationTargets();
        double count = targets.getShape().get(0);
        double[] sum = {0};
        Evaluation.run(
                trainer,
                Evaluation.rowsOf(features),
                features.size() / features.getShape().get(0),
                targets,
                (from, to, predictions, loss) -> sum[0] += loss * (to - from));
        return sum[0] / count;
    }

    @Override
    public void close() {
        // The trainer is its maker's.
    }
}
