// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.nn.Block;
import ai.djl.training.Trainer;
import ai.djl.training.optimizer.Optimizer;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What a {@link Checkpoint} keeps of a training as a file of its own. An {@link EpochListener}
 * keeps weights, optimizer and all that it needs itself; give it what else your training remembers
 * by {@link EpochListener.Builder#optResumable}.
 *
 * @since 0.1.0
 */
public interface Resumable {

    /**
     * Saves the present state.
     *
     * @param file the file, which is not there yet, in a directory that is
     * @throws IOException if it cannot be written
     */
    void save(Path file) throws IOException;

    /**
     * Takes the state that {@link #save} wrote, so that all goes on as it would have after saving.
     *
     * @param file the file
     * @throws IOException if it cannot be read, or is of another format or network
     * @throws IllegalArgumentException if it is the state of something else
     */
    void load(Path file) throws IOException;

    /**
     * Returns the weights of a trainer's block, running statistics included. Loading writes into
     * the arrays that the block and the trainer have, so it is done after {@link
     * Trainer#initialize}; this is also right for blocks whose arrays belong to the engine, such as
     * TorchScript. Where the trainer trains copies on other devices than the model's, it saves
     * those on the first device, and loads into all of them. All weights are read before the first
     * is written, which takes main memory for one more copy of them, and of the largest once more.
     *
     * @param trainer the trainer, initialized by the time that something is saved or loaded
     * @return its weights
     */
    static Resumable ofWeights(Trainer trainer) {
        return new TrainedWeights(TrainedArrays.of(trainer));
    }

    /**
     * Returns the weights of a block alone, running statistics included. Loading writes into the
     * arrays that the block has. Use {@link #ofWeights(Trainer)} where there is a trainer.
     *
     * @param block the block, initialized by the time that something is saved or loaded
     * @return its weights
     */
    static Resumable ofWeights(Block block) {
        return new TrainedWeights(TrainedArrays.of(block));
    }

    /**
     * Returns the state of an optimizer: of those of this library, which must know their block, of
     * DJL's {@code Sgd}, {@code Adam} and {@code AdamW}, and of your own if it is {@link
     * Resumable}. DJL's are saved by reading their private fields, with the counts of updates, and
     * go on bit for bit; but not where a parameter is unfrozen after others were trained, as DJL's
     * step depends on the order of a hash map then. Save between steps.
     *
     * @param optimizer the optimizer
     * @param block the block that it trains
     * @return its state
     * @throws IllegalArgumentException if it is any other optimizer
     */
    static Resumable ofOptimizer(Optimizer optimizer, Block block) {
        return OptimizerStates.of(optimizer, block);
    }
}
