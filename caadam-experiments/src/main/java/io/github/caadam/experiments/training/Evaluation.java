// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.Trainer;
import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.Metric;
import io.github.caadam.plugin.TargetScale;
import java.util.Arrays;
import java.util.Collection;

/**
 * Forward passes without training, over parts of the rows that bound the memory they take; images
 * lie as {@link ImageLayout} says.
 */
final class Evaluation {

    /** How much data one pass takes at most, in elements of samples. */
    private static final long ELEMENTS = 1L << 20;

    private Evaluation() {}

    /** What is done with a part. */
    @FunctionalInterface
    interface Visitor {
        /**
         * Takes a part.
         *
         * @param from its first row
         * @param to the row after its last
         * @param predictions the outputs
         * @param loss their mean loss
         */
        void visit(int from, int to, NDArray predictions, double loss);
    }

    /** Provides the samples of a part, which the manager given owns. */
    @FunctionalInterface
    interface Source {
        /** Returns rows from one to before another. */
        NDArray rows(NDManager manager, int from, int to);
    }

    /** Provides rows of an array that lies on the device. */
    static Source rowsOf(NDArray samples) {
        return (manager, from, to) -> {
            NDArray part = samples.get(from + ":" + to);
            part.attach(manager);
            return part;
        };
    }

    /**
     * Measures predictions, in the targets' own unit.
     *
     * @param trainer the trainer
     * @param samples the samples
     * @param data what they are
     * @param targets the targets of all rows, as they are trained on
     * @param metrics what takes them
     */
    static void measure(
            Trainer trainer,
            Source samples,
            DataSignature data,
            float[] targets,
            Collection<Metric> metrics) {
        TargetScale scale = data.targets();
        try (NDManager manager = trainer.getManager().newSubManager()) {
            run(
                    trainer,
                    samples,
                    data.sampleShape().size(),
                    FittedRows.column(manager, targets),
                    (from, to, predictions, loss) -> {
                        float[] outputs = restored(scale, predictions.toFloatArray());
                        float[] wanted = restored(scale, Arrays.copyOfRange(targets, from, to));
                        metrics.forEach(metric -> metric.add(outputs, wanted, loss));
                    });
        }
    }

    private static float[] restored(TargetScale scale, float[] values) {
        return scale.isIdentity() ? values : scale.restore(values);
    }

    /**
     * Evaluates rows.
     *
     * @param trainer the trainer
     * @param samples the samples
     * @param width the elements of a sample
     * @param labels the labels of all rows
     * @param visitor what to do with each part
     */
    static void run(Trainer trainer, Source samples, long width, NDArray labels, Visitor visitor) {
        int rows = Math.toIntExact(labels.getShape().get(0));
        int atOnce = (int) Math.max(1, Math.min(rows, ELEMENTS / width));
        for (int from = 0; from < rows; from += atOnce) {
            int to = Math.min(rows, from + atOnce);
            try (NDManager manager = trainer.getManager().newSubManager()) {
                NDArray part = ImageLayout.channelsLast(samples.rows(manager, from, to));
                NDArray partLabels = labels.get(from + ":" + to);
                partLabels.attach(manager);
                NDList predictions = trainer.evaluate(new NDList(part));
                predictions.attach(manager);
                NDArray loss = trainer.getLoss().evaluate(new NDList(partLabels), predictions);
                loss.attach(manager);
                visitor.visit(from, to, predictions.head(), loss.getFloat());
            }
        }
    }
}
