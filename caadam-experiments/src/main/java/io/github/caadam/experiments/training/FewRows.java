// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.Samples;
import java.util.Arrays;
import java.util.Optional;

/**
 * A training that is only to show whether a study's parts go together: two steps on the last few
 * rows, and a test on as many.
 */
public final class FewRows {

    private static final int ROWS = 16;
    private static final int BATCH = 8;
    private static final int VALIDATION = 4;

    private FewRows() {}

    /**
     * Returns a few rows of data.
     *
     * @param data the data
     * @param protocol the protocol that they are trained by
     * @return the last rows of each part
     */
    public static DataSplit of(DataSplit data, Protocol protocol) {
        int trained = Math.min(data.trainRows(), rows(protocol.validation()));
        int tested = Math.min(data.testRows(), ROWS);
        return new DataSplit(
                data.signature(),
                new Part(data.trainSamples(), data.trainRows() - trained, trained),
                last(data.trainTargets(), trained),
                Math.min(data.validationRows(), VALIDATION),
                new Part(data.testSamples(), data.testRows() - tested, tested),
                last(data.testTargets(), tested),
                data.digest(),
                data.source(),
                data.reservation());
    }

    /** As many as leave some to train on and some to validate. */
    private static int rows(Validation validation) {
        return validation.take() == Validation.Take.DATA
                ? ROWS
                : Math.max(
                        ROWS,
                        (int) Math.ceil(2 / Math.min(validation.share(), 1 - validation.share())));
    }

    /**
     * Returns a protocol for a few rows.
     *
     * @param protocol the protocol of the study
     * @return the same with one epoch and small batches
     */
    public static Protocol of(Protocol protocol) {
        return new Protocol(
                protocol.name(),
                Math.min(protocol.batchSize(), BATCH),
                1,
                0,
                protocol.validation(),
                Optional.empty(),
                protocol.schedule(),
                protocol.sharedWeights(),
                protocol.weightsSeed(),
                protocol.loss(),
                protocol.l2(),
                protocol.monitor());
    }

    private static float[] last(float[] targets, int rows) {
        return Arrays.copyOfRange(targets, targets.length - rows, targets.length);
    }

    /**
     * Some samples.
     *
     * @param all the samples
     * @param first the first of them
     * @param rows how many
     */
    private record Part(Samples all, int first, int rows) implements Samples {

        @Override
        public Shape sampleShape() {
            return all.sampleShape();
        }

        @Override
        public NDArray place(NDManager manager, int from, int to) {
            return all.place(manager, first + from, first + to);
        }
    }
}
