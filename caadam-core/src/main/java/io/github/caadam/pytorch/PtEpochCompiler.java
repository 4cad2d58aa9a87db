package io.github.caadam.pytorch;

import ai.djl.nn.Block;
import ai.djl.training.loss.Loss;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.training.CompiledEpoch;
import io.github.caadam.training.EpochCompiler;
import io.github.caadam.training.NotCompilableException;

/** Compiles epochs for DJL's PyTorch engine. */
public final class PtEpochCompiler implements EpochCompiler {

    /** Creates the compiler. */
    public PtEpochCompiler() {}

    @Override
    public String engineName() {
        return "PyTorch";
    }

    @Override
    public CompiledEpoch compile(Block block, Loss loss, StatefulOptimizer optimizer, int batchSize)
            throws NotCompilableException {
        if (!optimizer.isPlannable()) {
            throw new NotCompilableException(
                    "optimizer", "its factors depend on the gradient of each step: " + optimizer);
        }
        if (block.getParameters().isEmpty()) {
            throw new NotCompilableException("the block", "it has no parameters.");
        }
        Layer network = ChannelsLast.of(BlockReader.read(block));
        return new PtCompiledEpoch(block, network, LossCode.of(loss), optimizer, batchSize);
    }
}
