package io.github.caadam.pytorch;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.loss.Loss;
import io.github.caadam.spi.Accelerator;
import io.github.caadam.spi.EpochProgram;
import io.github.caadam.spi.FusedStep;
import io.github.caadam.spi.NotAcceleratedException;
import io.github.caadam.spi.UpdatePlan;

/** Accelerates DJL's PyTorch engine. */
public final class PtAccelerator implements Accelerator {

    static final String ENGINE = "PyTorch";

    /** Creates the accelerator. */
    public PtAccelerator() {}

    @Override
    public String engineName() {
        return ENGINE;
    }

    @Override
    public boolean hasGradient(NDArray weight) {
        try (PtNDArray gradient = JniUtils.getGradient((PtNDArray) weight)) {
            return gradient != null;
        }
    }

    @Override
    public FusedStep fuse(UpdatePlan plan) throws NotAcceleratedException {
        return prepare("optimizer", () -> PtFusedStep.of(plan));
    }

    @Override
    public EpochProgram compile(Block block, Loss loss, UpdatePlan plan, int batchSize)
            throws NotAcceleratedException {
        return prepare("engine", () -> PtEpochProgram.of(block, loss, plan, batchSize));
    }

    /**
     * Prepares something by calls of the engine.
     *
     * @param <T> what is prepared
     */
    @FunctionalInterface
    interface Preparation<T> {

        /** Prepares it, before anything is changed. */
        T prepare() throws NotAcceleratedException;
    }

    /**
     * Prepares something, and says in one kind of exception what the engine threw, or lacks.
     *
     * @param part what the exception names
     */
    static <T> T prepare(String part, Preparation<T> preparation) throws NotAcceleratedException {
        try {
            return preparation.prepare();
        } catch (EngineException | LinkageError e) {
            String message = String.valueOf(e.getMessage());
            String last = message.strip().lines().reduce("", (before, line) -> line);
            throw new NotAcceleratedException(
                    part, "the engine cannot do what is needed (" + last.strip() + ")", e);
        }
    }
}
