package io.github.caadam.training;

import ai.djl.nn.Block;
import ai.djl.training.loss.Loss;
import io.github.caadam.optimizer.StatefulOptimizer;

/**
 * Makes {@link CompiledEpoch}s for an engine. Found by {@link java.util.ServiceLoader}; users call
 * {@link CompiledEpoch#compile}.
 */
public interface EpochCompiler {

    /**
     * Returns the engine that this compiler serves.
     *
     * @return its name, as {@link ai.djl.engine.Engine#getEngineName} gives it
     */
    String engineName();

    /**
     * Compiles.
     *
     * @param block the network, initialized
     * @param loss the loss
     * @param optimizer the optimizer
     * @param batchSize the rows of a step, 1 or more
     * @return the compiled epoch
     * @throws NotCompilableException if a part of it is not known to the compiler
     */
    CompiledEpoch compile(Block block, Loss loss, StatefulOptimizer optimizer, int batchSize)
            throws NotCompilableException;
}
