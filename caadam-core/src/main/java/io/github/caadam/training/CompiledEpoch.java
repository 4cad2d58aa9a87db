// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.loss.Loss;
import io.github.caadam.internal.Requirements;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.spi.NotAcceleratedException;
import java.util.Arrays;
import java.util.Objects;

/**
 * The loop over the batches of an epoch as one call of the engine, in place of one call per
 * operation: forward pass, loss, gradients and the optimizer's steps. It changes the block's
 * parameters, running statistics included, and the optimizer's state in place, as DJL's own loop
 * would, up to rounding: both can take turns, and what saves or loads a model or an optimizer
 * between two calls sees no difference. Parameters may be frozen, unfrozen or loaded between calls.
 *
 * <pre>{@code
 * try (CompiledEpoch epoch = CompiledEpoch.compile(block, loss, optimizer, 64)) {
 *     for (int i = 0; i < epochs; i++) {
 *         double trainingLoss = epoch.run(features, labels, shuffledRows);
 *         double validationLoss = epoch.evaluate(validationFeatures, validationLabels);
 *     }
 * }
 * }</pre>
 *
 * <p>It knows, on the PyTorch engine:
 *
 * <ul>
 *   <li>of DJL: {@code SequentialBlock}; {@code Linear}; {@code Conv1d}, {@code Conv2d} and {@code
 *       Conv3d}; {@code BatchNorm}; {@code Dropout}; the blocks of {@code Activation} but PReLU;
 *       two-dimensional max and average pooling, with a kernel or global; batch flattening; the
 *       identity;
 *   <li>of this library: {@link ResidualBlock};
 *   <li>losses: {@link MeanSquaredError}, {@code L2Loss}, {@code SoftmaxCrossEntropyLoss} over the
 *       last axis and without a weight, and {@link L2PenalizedLoss} of any of them;
 *   <li>every optimizer of this library with every option, unless its factors depend on the
 *       gradient.
 * </ul>
 *
 * <p>Subclasses of these blocks, functions of the user's, recurrent and attention blocks are not
 * known: write {@code Activation.reluBlock()}, not {@code Activation::relu}. A network with dropout
 * draws the engine's random numbers, as DJL's loop does.
 *
 * <p>What is compiled is checked before it trains: on a few random rows it must give the loss and
 * the gradients that DJL's blocks give, and one step of the optimizer must come out as by single
 * operations. Data is checked before anything is written: bad data changes neither weights nor
 * state.
 *
 * <p>The parameters must lie on one device, which is where the data must lie, too. Not to be called
 * by two threads at once, nor while somebody else trains the block.
 *
 * @since 0.1.0
 */
public final class CompiledEpoch implements AutoCloseable {

    private final CompiledSteps steps;
    private final int batchSize;
    private boolean closed;

    private CompiledEpoch(CompiledSteps steps, int batchSize) {
        this.steps = steps;
        this.batchSize = batchSize;
    }

    /**
     * Compiles.
     *
     * @param block the network, initialized
     * @param loss the loss
     * @param optimizer the optimizer
     * @param batchSize the rows of a step, 1 or more
     * @return the compiled epoch
     * @throws NotAcceleratedException if the engine of the block's parameters has no compiler or
     *     lacks what it needs; if the compiler does not know a block in the network, the loss or
     *     the optimizer; or if what it compiled computes something else than DJL. The message names
     *     it
     * @throws IllegalStateException if the block was not initialized, or the optimizer was closed
     *     or is of another block
     * @throws IllegalArgumentException if the batch size is below 1, or weights are neither float32
     *     nor float64
     */
    public static CompiledEpoch compile(
            Block block, Loss loss, StatefulOptimizer optimizer, int batchSize)
            throws NotAcceleratedException {
        Objects.requireNonNull(block, "block");
        Objects.requireNonNull(loss, "loss");
        Objects.requireNonNull(optimizer, "optimizer");
        Requirements.positive("batch size", batchSize);
        return new CompiledEpoch(CompiledSteps.compile(block, loss, optimizer), batchSize);
    }

    /**
     * Trains on rows of the data, in batches; the last batch may be smaller.
     *
     * @param features the features, of the type of the weights; the first axis counts rows
     * @param labels the labels, of as many rows: of the type of the weights and as many numbers as
     *     the network predicts, or the numbers of classes, from 0, of any type
     * @param order the rows to train on, in order, each from 0 to the number of rows less one
     * @return the mean loss of the steps, weighted by rows, each taken before the step's update
     * @throws IllegalArgumentException if there are no rows in {@code order}, or one is not in the
     *     data; if the data lies on another device than the parameters, or is not such as network
     *     and loss take; or if a batch has one row and a batch normalisation needs two
     * @throws IllegalStateException if the optimizer was closed, all parameters are frozen, layers
     *     were replaced since it was compiled, or this was closed
     */
    public double run(NDArray features, NDArray labels, int[] order) {
        requireOpen();
        Objects.requireNonNull(features, "features");
        Objects.requireNonNull(labels, "labels");
        Objects.requireNonNull(order, "order");
        steps.requireTraining(features, labels, order.length, batchSize);
        requireRows(order, features.getShape().get(0));
        int rowsAtOnce = Rows.atOnce(batchSize, Rows.bytes(features) + Rows.bytes(labels));
        double sum = 0;
        for (int from = 0, to; from < order.length; from = to) {
            to = (int) Math.min(order.length, (long) from + rowsAtOnce);
            try (NDManager scratch = features.getManager().newSubManager()) {
                int[] rows = Arrays.copyOfRange(order, from, to);
                sum +=
                        steps.run(
                                Rows.gather(scratch, features, rows),
                                Rows.gather(scratch, labels, rows),
                                batchSize);
            }
        }
        return sum / order.length;
    }

    /**
     * Computes the loss as after training: running statistics are used, not changed. If the
     * optimizer averages weights, the averages take the place of the weights that are trained.
     *
     * @param features the features, as {@link #run} takes them
     * @param labels the labels, as {@link #run} takes them
     * @return the mean loss, weighted by rows
     * @throws IllegalArgumentException if there are no rows, the data lies on another device than
     *     the parameters, or it is not such as network and loss take
     * @throws IllegalStateException if layers were replaced since it was compiled, this was closed,
     *     or the optimizer averages weights and was closed
     */
    public double evaluate(NDArray features, NDArray labels) {
        requireOpen();
        return steps.evaluate(
                Objects.requireNonNull(features, "features"),
                Objects.requireNonNull(labels, "labels"));
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("This compiled epoch was closed.");
        }
    }

    private static void requireRows(int[] order, long rows) {
        if (order.length == 0) {
            throw new IllegalArgumentException("There are no rows to train on.");
        }
        for (int row : order) {
            if (row < 0 || row >= rows) {
                throw new IllegalArgumentException(
                        "The order names row " + row + ", but the data has " + rows + " rows.");
            }
        }
    }

    /**
     * Returns the program that {@link #run} last executed, or would execute.
     *
     * @return its source; empty if all parameters are frozen
     * @throws IllegalStateException if layers were replaced since it was compiled, or this was
     *     closed
     */
    public String source() {
        requireOpen();
        return steps.source();
    }

    /** Frees the program. The block and the optimizer stay. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            steps.close();
        }
    }
}
