// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Runs work with PyTorch's graph optimizer off, which is needed to train TorchScript files: once it
 * has prepared a graph for gradients, a forward pass without gradients fails ("Inference tensors
 * cannot be saved for backward"). PyTorch keeps the setting by thread, so that the work has a
 * thread of its own, and whatever the process does later is as before.
 */
final class UnoptimizedGraphs {

    /** DJL looks at it in each forward pass. */
    private static final String PROPERTY = "ai.djl.pytorch.graph_optimizer";

    private UnoptimizedGraphs() {}

    /** Runs work to its end. */
    static <T> T with(Supplier<T> work) {
        String before = System.getProperty(PROPERTY);
        System.setProperty(PROPERTY, "false");
        FutureTask<T> task = new FutureTask<>(work::get);
        Thread thread = new Thread(task, "unoptimized-graphs");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The training was interrupted.", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            if (e.getCause() instanceof RuntimeException exception) {
                throw exception;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            if (before == null) {
                System.clearProperty(PROPERTY);
            } else {
                System.setProperty(PROPERTY, before);
            }
        }
    }
}
