// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A TorchScript module that is made from source text, without Python and without a file. Closing it
 * frees the native module.
 *
 * <pre>{@code
 * def forward(self, x: Tensor, y: Tensor) -> Tensor:
 *   return torch.add(x, torch.mul(y, 2.0))
 * }</pre>
 *
 * <p>The language is that of the files which {@code torch.jit.save} writes: {@code torch.NAME} and
 * {@code ops.aten.NAME} are ATen's operators. Its compiler drops calls that change the elements of
 * a list in place if the list was built on the spot; what is to be changed must come in as a list
 * argument.
 */
final class ScriptModule implements AutoCloseable {

    /** How a method is executed. */
    enum Mode {

        /**
         * Nothing is recorded for automatic differentiation. In its first two calls the engine
         * rewrites the program, which may fuse operations.
         */
        OPTIMIZED,

        /** Nothing is recorded, and the program is executed as it is written. */
        AS_WRITTEN,

        /**
         * Gradient mode is on, so that the method may use {@code torch.autograd.grad}. The program
         * is executed as it is written: rewritten, its second call would round in another way than
         * the first and the later ones, and a training that is resumed would not end as one that
         * was not stopped.
         */
        RECORDED
    }

    private final PtNDManager manager;
    private final PtSymbolBlock block;

    private ScriptModule(PtNDManager manager, PtSymbolBlock block) {
        this.manager = manager;
        this.block = block;
    }

    /**
     * Compiles source text.
     *
     * @param methods one or more methods, not indented
     * @param device where the module is to run
     * @return the module
     * @throws EngineException if the engine does not accept the source, which the message quotes
     */
    static ScriptModule compile(String methods, Device device) {
        PtNDManager manager = (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(device);
        try {
            ByteArrayInputStream archive = new ByteArrayInputStream(ScriptArchive.of(methods));
            return new ScriptModule(manager, JniUtils.loadModule(manager, archive, false, false));
        } catch (IOException e) {
            manager.close();
            throw new UncheckedIOException("Reading from memory failed.", e);
        } catch (EngineException e) {
            manager.close();
            throw new EngineException("The engine does not accept the source:\n" + methods, e);
        }
    }

    /**
     * Calls a method in inference mode: nothing is recorded for automatic differentiation.
     *
     * @param method the method's name
     * @param arguments the arguments; they remain the caller's to close
     * @return what the method returned; to be closed
     */
    IValue run(String method, IValue... arguments) {
        return IValueUtils.runMethod(block, method, arguments);
    }

    /**
     * Calls {@code forward}.
     *
     * @param mode how it is executed
     * @param arguments the arguments, one array each, in order; arrays that share a name such as
     *     {@code "P[]"} make one argument, a list
     * @return what the method returned, attached to the first argument's manager
     */
    NDList run(Mode mode, NDList arguments) {
        if (mode == Mode.OPTIMIZED) {
            return IValueUtils.forward(block, arguments, false);
        }
        boolean recorded = mode == Mode.RECORDED;
        boolean gradientMode = JniUtils.isGradMode();
        JniUtils.setGradMode(recorded);
        JniUtils.setGraphExecutorOptimize(false);
        try {
            return IValueUtils.forward(block, arguments, recorded);
        } finally {
            JniUtils.setGraphExecutorOptimize(
                    Boolean.parseBoolean(
                            System.getProperty("ai.djl.pytorch.graph_optimizer", "true")));
            JniUtils.setGradMode(gradientMode);
        }
    }

    /** Frees the native module. */
    @Override
    public void close() {
        block.close();
        manager.close();
    }
}
