// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.spi.NotAcceleratedException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Trains chunks of batches inside DJL's loop. The loop asks for batches and gets chunks; the
 * forward pass of a chunk makes all its steps, and the backward pass and the step that the loop
 * makes of it have nothing left to do. What a loop must not do with a chunk is refused.
 */
final class ChunkLoop implements AutoCloseable {

    /** How much data one call evaluates at most, in elements of features. */
    private static final long EVALUATED_ELEMENTS = 1L << 20;

    private final Trainer trainer;
    private final StatefulOptimizer optimizer;
    private final ChunkSize chunkSize;
    private CompiledSteps steps;
    private NotAcceleratedException refusal;
    private NotAcceleratedException refusedData;
    private Collector collector;
    private Chunk handedOut;
    private Chunk spent;
    private Trained trained;
    private boolean isWithinChunk;

    /**
     * A chunk whose steps were made, until the loop has made its own step of it.
     *
     * @param chunk the chunk
     * @param collector under which they were made
     * @param labels the labels
     * @param predictions the predictions
     */
    private record Trained(Chunk chunk, Collector collector, NDList labels, NDList predictions) {}

    /**
     * Prepares nothing yet, as the block may not be initialized.
     *
     * @param trainer whose loop it is, on one device
     * @param optimizer its optimizer
     * @param chunkSize how many batches a chunk has
     */
    ChunkLoop(Trainer trainer, StatefulOptimizer optimizer, ChunkSize chunkSize) {
        this.trainer = trainer;
        this.optimizer = optimizer;
        this.chunkSize = chunkSize;
    }

    private Block block() {
        return trainer.getModel().getBlock();
    }

    /** Compiles, unless that was done or refused before. */
    private CompiledSteps steps() throws NotAcceleratedException {
        if (refusal != null) {
            throw refusal;
        }
        if (steps != null && steps.areOf(block())) {
            return steps;
        }
        close();
        try {
            steps = CompiledSteps.compile(block(), trainer.getLoss(), optimizer);
            if (!steps.device().equals(trainer.getDevices()[0])) {
                throw new NotAcceleratedException(
                        "parameters",
                        "they lie on "
                                + steps.device()
                                + " and the training runs on "
                                + trainer.getDevices()[0]);
            }
            return steps;
        } catch (NotAcceleratedException e) {
            close();
            refusal = e;
            throw e;
        }
    }

    /** Returns why batches that were handed out are not trained by a compiled program. */
    Optional<NotAcceleratedException> refusal() {
        return Optional.ofNullable(refusal == null ? refusedData : refusal);
    }

    /**
     * Returns chunks of a data set that lies in memory.
     *
     * @return the chunks; empty if the data set or the network is none that chunks are made of
     * @throws IllegalStateException if the block was not initialized
     */
    Optional<Iterator<Batch>> sampled(Dataset dataset) {
        Optional<SampledChunks.Data> data = SampledChunks.Data.of(dataset);
        if (data.isEmpty()) {
            return Optional.empty();
        }
        try {
            long bytes = bytesOfRow(data.get().features(), data.get().labels());
            return Optional.of(
                    new SampledChunks(
                            (ArrayDataset) dataset,
                            data.get(),
                            trainer.getManager(),
                            steps().device(),
                            chunkSize,
                            bytes));
        } catch (NotAcceleratedException e) {
            refusedData = e;
            return Optional.empty();
        }
    }

    /**
     * Returns chunks of a data set's own batches, or these where the network is not compiled.
     *
     * @throws IllegalStateException if the block was not initialized
     */
    Iterator<Batch> joined(Iterator<Batch> batches) {
        try {
            return new JoinedChunks(
                    batches,
                    trainer.getManager(),
                    steps().device(),
                    chunkSize,
                    this::bytesOfRow,
                    e -> refusedData = e);
        } catch (NotAcceleratedException e) {
            return batches;
        }
    }

    /** Checks rows by the first of them. */
    private long bytesOfRow(NDArray features, NDArray labels) throws NotAcceleratedException {
        CompiledSteps compiled = steps();
        try (NDManager scratch = trainer.getManager().newSubManager()) {
            NDArray x = first(scratch, features, compiled);
            NDArray y = first(scratch, labels, compiled);
            Shape prediction = compiled.requireTrainable(x, y);
            return Rows.bytes(x)
                    + Rows.bytes(y)
                    + prediction.size() * x.getDataType().getNumOfBytes();
        }
    }

    private static NDArray first(NDManager scratch, NDArray array, CompiledSteps compiled) {
        NDArray row = Rows.slice(scratch, array, 0, Math.min(1, array.size(0)));
        NDArray placed = row.toDevice(compiled.device(), false);
        placed.attach(scratch);
        return placed;
    }

    /** Begins to hand out batches. */
    void begin() {
        refusedData = null;
        if (trained != null && !trained.chunk().isOpen()) {
            throw withoutStep();
        }
    }

    /** Hands out batches, and remembers the latest chunk. */
    Iterable<Batch> handingOut(Iterator<Batch> batches) {
        return () ->
                new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return batches.hasNext();
                    }

                    @Override
                    public Batch next() {
                        Batch batch = batches.next();
                        handedOut = batch instanceof Chunk chunk ? chunk : null;
                        return batch;
                    }
                };
    }

    /** Returns the chunk that was handed out, and neither trained nor closed since. */
    private Chunk waiting() {
        return handedOut != null && handedOut.isOpen() ? handedOut : null;
    }

    /** Returns whether steps of a chunk were made, and the loop has not made its own step of it. */
    boolean isWithinChunk() {
        return isWithinChunk;
    }

    /** Returns a gradient collector that knows chunks. */
    GradientCollector collect(GradientCollector engine) {
        return new Collector(engine);
    }

    private final class Collector implements GradientCollector {

        private final GradientCollector engine;
        private boolean open = true;
        private boolean passed;

        private Collector(GradientCollector engine) {
            this.engine = engine;
            collector = this;
        }

        @Override
        public void backward(NDArray target) {
            if (trained != null) {
                requireLoss(target, this);
                passed = true;
            } else if (waiting() != null) {
                throw misuse("made a backward pass without trainer.forward(data, labels)");
            } else {
                engine.backward(target);
            }
        }

        @Override
        public void zeroGradients() {
            engine.zeroGradients();
        }

        @Override
        public void close() {
            open = false;
            engine.close();
        }
    }

    /**
     * Makes all steps of a chunk, if arrays are the chunk's.
     *
     * @param data the loop's data
     * @param labels its labels
     * @return the predictions for all rows, each made before the step of its batch; empty if no
     *     chunk is being trained
     * @throws IllegalStateException if the loop uses the chunk otherwise, all parameters are
     *     frozen, or what is to be trained now cannot be compiled
     * @throws IllegalArgumentException if the data is not such as network and loss take
     */
    Optional<NDList> forward(NDList data, NDList labels) {
        requireNotSpent(data);
        Chunk chunk = waiting();
        if (trained != null && (chunk == null || !trained.chunk().isOpen())) {
            throw withoutStep();
        }
        // An exception may have left the loop between a chunk and its step.
        trained = null;
        if (chunk == null) {
            return Optional.empty();
        }
        if (!chunk.isOf(data, labels)) {
            throw misuse("made a forward pass of other arrays than the batch's");
        }
        if (collector == null || !collector.open) {
            throw misuse("made a forward pass outside of trainer.newGradientCollector()");
        }
        CompiledSteps compiled;
        try {
            compiled = steps();
        } catch (NotAcceleratedException e) {
            throw new IllegalStateException(
                    "What is to be trained now cannot be compiled: "
                            + e.getMessage()
                            + " Begin another epoch, which trains without.",
                    e);
        }
        compiled.requireTraining(
                chunk.features(), chunk.labels(), chunk.getSize(), chunk.batchSize());
        handedOut = null;
        spent = chunk;
        isWithinChunk = true;
        NDArray predictions =
                compiled.runAndPredict(chunk.features(), chunk.labels(), chunk.batchSize());
        trained =
                new Trained(chunk, collector, new NDList(chunk.labels()), new NDList(predictions));
        return Optional.of(trained.predictions());
    }

    /** Checks that a forward pass without labels is not of a chunk. */
    void requireNoChunk(NDList data) {
        requireNotSpent(data);
        if (trained != null) {
            throw withoutStep();
        }
        if (waiting() != null) {
            throw misuse("made a forward pass without the labels");
        }
    }

    private void requireNotSpent(NDList data) {
        if (spent != null && spent.isOpen() && spent.isOf(data)) {
            throw misuse("made a second forward pass of a batch");
        }
    }

    private IllegalStateException withoutStep() {
        trained = null;
        return misuse("did not call trainer.step() after a batch's backward pass");
    }

    /** The steps were made by the trainer's own loss; another one would be ignored. */
    private void requireLoss(NDArray target, Collector by) {
        if (by != trained.collector() || by.passed) {
            trained = null;
            throw misuse("made several backward passes of a batch");
        }
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray loss = trainer.getLoss().evaluate(trained.labels(), trained.predictions());
            if (!Arrays.equals(values(loss), values(target))) {
                trained = null;
                throw misuse(
                        "made a backward pass of something else than the trainer's loss of the"
                                + " predictions, by which the steps have been made already");
            }
        }
    }

    private static double[] values(NDArray array) {
        return array.toType(DataType.FLOAT64, true).toDoubleArray();
    }

    /**
     * Notices the loop's step.
     *
     * @return whether the step was that of a chunk, so that nothing is left to do
     * @throws IllegalStateException if the loop did not do with the chunk what it should
     */
    boolean step() {
        if (trained != null) {
            boolean passed = trained.collector().passed;
            trained = null;
            if (!passed) {
                throw misuse("made a step without a backward pass by the collector");
            }
            isWithinChunk = false;
            return true;
        }
        if (waiting() != null) {
            throw misuse("made a step without trainer.forward(data, labels)");
        }
        return false;
    }

    private static IllegalStateException misuse(String found) {
        return new IllegalStateException(
                "This trainer makes the steps of several batches at once, and a loop must do with a"
                        + " batch what EasyTrain.fit does: EasyTrain.trainBatch(trainer, batch),"
                        + " trainer.step(), batch.close(). This one "
                        + found
                        + ". Train so, or build the trainer with optStepsPerExecution(1).");
    }

    /** Evaluates, and a chunk in pieces, so that it takes no more memory than its batches would. */
    NDList evaluate(NDList input, UnaryOperator<NDList> evaluation) {
        Chunk chunk = waiting();
        if (chunk == null || !chunk.isOf(input)) {
            return evaluation.apply(input);
        }
        long rows = chunk.getSize();
        long width = Math.max(1, chunk.features().size() / rows);
        long rowsAtOnce = Math.max(chunk.batchSize(), EVALUATED_ELEMENTS / width);
        if (rowsAtOnce >= rows) {
            return evaluation.apply(input);
        }
        NDManager owner = chunk.features().getManager();
        NDList predictions = new NDList();
        for (long from = 0; from < rows; from += rowsAtOnce) {
            long to = Math.min(rows, from + rowsAtOnce);
            try (NDArray piece = Rows.slice(owner, chunk.features(), from, to)) {
                predictions.add(evaluation.apply(new NDList(piece)).singletonOrThrow());
            }
        }
        NDArray joined = NDArrays.concat(predictions);
        predictions.close();
        return new NDList(joined);
    }

    @Override
    public void close() {
        if (steps != null) {
            steps.close();
            steps = null;
        }
    }
}
