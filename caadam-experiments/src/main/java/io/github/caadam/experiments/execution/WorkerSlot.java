// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The place of a worker process: makes one run at a time, and replaces the process when it died,
 * took too long, is out of memory or has made its number of runs. A run whose process dies or takes
 * too long is tried once more on a fresh one, and then given up. A process that does not start is
 * tried once more, too, and then the run is given back.
 */
public final class WorkerSlot implements AutoCloseable {

    private static final int ATTEMPTS = 2;
    private static final int LOG_TAIL_LINES = 20;

    private final WorkerSettings settings;
    private final boolean inherits;
    private final Path log;
    private volatile WorkerProcess process;
    private volatile boolean closed;

    /**
     * Creates a place; its process starts with the first run. The processes do not have the options
     * of this JVM, such as the heap of a cluster's executor.
     *
     * @param settings the processes; their number and their devices do not matter here
     * @param log what the processes print is appended to
     */
    public WorkerSlot(WorkerSettings settings, Path log) {
        this(settings, false, log);
    }

    /**
     * Creates a place of a pool.
     *
     * @param settings the processes
     * @param inherits whether they have the options of this JVM
     * @param log what they print is appended to
     */
    WorkerSlot(WorkerSettings settings, boolean inherits, Path log) {
        this.settings = settings;
        this.inherits = inherits;
        this.log = log;
    }

    /**
     * Makes a run.
     *
     * @param task the run
     * @return what became of it, or empty if this place was closed meanwhile
     * @throws WorkerStartException if its process cannot be started; the run was not tried then
     */
    public Optional<RunOutcome> make(RunTask task) throws WorkerStartException {
        long logStart = WorkerProcess.size(log);
        RunReply reply = null;
        int attempts = 0;
        while (reply == null && !closed) {
            attempts++;
            try {
                reply = process().run(task, settings);
                if (reply.spent()) {
                    retire();
                }
            } catch (WorkerProcess.WorkerDiedException e) {
                retire();
                if (attempts == ATTEMPTS || Thread.currentThread().isInterrupted()) {
                    reply = RunReply.ended(e.getMessage());
                }
            }
        }
        return closed && (reply == null || reply.run() == null)
                ? Optional.empty()
                : Optional.of(
                        RunOutcome.of(
                                task,
                                reply,
                                attempts,
                                WorkerProcess.lastLines(log, logStart, LOG_TAIL_LINES)));
    }

    private WorkerProcess process() throws WorkerStartException, WorkerProcess.WorkerDiedException {
        WorkerProcess current = process;
        if (current != null && current.runs() >= settings.recycleAfter()) {
            retire();
            current = null;
        }
        if (current == null) {
            current = start();
            process = current;
            if (closed) {
                current.close();
            }
        }
        return current;
    }

    private WorkerProcess start() throws WorkerStartException, WorkerProcess.WorkerDiedException {
        for (int attempts = 1; ; attempts++) {
            try {
                return WorkerProcess.start(
                        settings.arguments(),
                        inherits,
                        log,
                        settings.silenceSeconds(),
                        () -> closed);
            } catch (IOException e) {
                if (closed) {
                    throw new WorkerProcess.WorkerDiedException(e.getMessage());
                }
                if (attempts == ATTEMPTS) {
                    throw new WorkerStartException(e.getMessage(), e);
                }
            }
        }
    }

    /** Stops the process, which starts again with the next run. */
    void rest() {
        retire();
    }

    private void retire() {
        WorkerProcess old = process;
        process = null;
        if (old != null) {
            old.close();
        }
    }

    /** Stops the process, in the middle of a run too, for good. */
    @Override
    public void close() {
        closed = true;
        retire();
    }
}
