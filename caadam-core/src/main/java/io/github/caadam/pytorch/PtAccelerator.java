// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import ai.djl.Device;
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
import java.util.List;

/**
 * Accelerates DJL's PyTorch engine.
 *
 * @since 0.1.0
 */
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
    public EpochProgram compile(Block block, Loss loss, UpdatePlan plan)
            throws NotAcceleratedException {
        return prepare("engine", () -> PtEpochProgram.of(block, loss, plan));
    }

    @Override
    public void useOwnStream(Device device) throws NotAcceleratedException {
        if (device.isGpu()) {
            prepare("engine", () -> OwnStream.use(device));
        }
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
            throw new NotAcceleratedException(
                    part, "the engine cannot do what is needed (" + inShort(e) + ")", e);
        }
    }

    /** A compiler's messages begin with what is wrong, those of a program that runs end with it. */
    private static String inShort(Throwable thrown) {
        if (thrown instanceof LinkageError) {
            return thrown.toString();
        }
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        List<String> lines = String.valueOf(root.getMessage()).strip().lines().toList();
        boolean ran = lines.stream().anyMatch(line -> line.startsWith("Traceback"));
        return lines.isEmpty() ? root.toString() : lines.get(ran ? lines.size() - 1 : 0).strip();
    }
}
