package io.github.caadam.training;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.loss.Loss;
import io.github.caadam.internal.Requirements;
import io.github.caadam.optimizer.StatefulOptimizer;
import java.util.ServiceLoader;

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
 * known. A network with dropout draws the engine's random numbers, as DJL's loop does.
 *
 * <p>The parameters must lie on one device, which is where the data must lie, too. Not to be called
 * by two threads at once, nor while somebody else trains the block.
 */
public interface CompiledEpoch extends AutoCloseable {

    /**
     * Compiles.
     *
     * @param block the network, initialized
     * @param loss the loss
     * @param optimizer the optimizer
     * @param batchSize the rows of a step, 1 or more
     * @return the compiled epoch
     * @throws NotCompilableException if the engine of the block's parameters has no compiler, or
     *     the compiler does not know a block in the network, the loss or the optimizer; the message
     *     names it
     * @throws IllegalStateException if the block was not initialized
     * @throws IllegalArgumentException if the batch size is below 1
     */
    static CompiledEpoch compile(Block block, Loss loss, StatefulOptimizer optimizer, int batchSize)
            throws NotCompilableException {
        Requirements.positive("batch size", batchSize);
        if (!block.isInitialized()) {
            throw new IllegalStateException(
                    "Initialize the block first, such as by trainer.initialize(shape).");
        }
        String engine = engineOf(block);
        for (EpochCompiler compiler : ServiceLoader.load(EpochCompiler.class)) {
            if (compiler.engineName().equals(engine)) {
                return compiler.compile(block, loss, optimizer, batchSize);
            }
        }
        throw new NotCompilableException("engine", "There is no compiler for " + engine + ".");
    }

    private static String engineOf(Block block) {
        return block.getParameters().values().stream()
                .findFirst()
                .map(parameter -> parameter.getArray().getManager())
                .map(NDManager::getEngine)
                .orElseGet(Engine::getInstance)
                .getEngineName();
    }

    /**
     * Trains on rows of the data, in batches; the last batch may be smaller.
     *
     * @param features the features; the first axis counts rows
     * @param labels the labels, of as many rows
     * @param order the rows to train on, in order, each from 0 to the number of rows less one
     * @return the mean loss of the steps, weighted by rows, each taken before the step's update
     * @throws IllegalArgumentException if there are no rows in {@code order}, or one is not in the
     *     data, or the data lies on another device than the parameters
     * @throws IllegalStateException if the optimizer cannot plan its steps, or this was closed
     */
    double run(NDArray features, NDArray labels, int[] order);

    /**
     * Computes the loss as after training: running statistics are used, not changed.
     *
     * @param features the features; the first axis counts rows
     * @param labels the labels, of as many rows
     * @return the mean loss, weighted by rows
     * @throws IllegalArgumentException if there are no rows, or the data lies on another device
     *     than the parameters
     * @throws IllegalStateException if this was closed
     */
    double evaluate(NDArray features, NDArray labels);

    /**
     * Returns the program that {@link #run} last executed, or would execute.
     *
     * @return its source
     */
    String source();

    /** Frees the program. The block and the optimizer stay. */
    @Override
    void close();
}
