// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import java.io.IOException;

/**
 * The starts of a pool's workers. Where none can be started, the study cannot be made at all; where
 * one was, another that cannot be is want of memory, and fails its run alone.
 */
final class WorkerStarts {

    private int underWay;
    private boolean anyStarted;

    /** Starts a worker. */
    @FunctionalInterface
    interface Start {
        /**
         * Starts it.
         *
         * @throws IOException if it does not start
         */
        WorkerProcess start() throws IOException;
    }

    /**
     * Starts a worker.
     *
     * @param start what starts it
     * @throws WorkerProcess.WorkerDiedException if it does not start, but another did
     * @throws IOException if neither it nor any other started
     */
    WorkerProcess start(Start start) throws IOException, WorkerProcess.WorkerDiedException {
        begin();
        IOException failure;
        WorkerProcess process = null;
        try {
            process = start.start();
            return process;
        } catch (IOException e) {
            failure = e;
        } finally {
            end(process != null);
        }
        if (anyStarts()) {
            throw new WorkerProcess.WorkerDiedException(failure.getMessage());
        }
        throw failure;
    }

    private synchronized void begin() {
        underWay++;
    }

    private synchronized void end(boolean started) {
        underWay--;
        anyStarted |= started;
        notifyAll();
    }

    /** Waits for those under way, as one of them may start. */
    private synchronized boolean anyStarts() {
        try {
            while (!anyStarted && underWay > 0) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return anyStarted;
    }
}
