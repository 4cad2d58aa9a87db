// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import io.github.caadam.experiments.results.RunFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * The place of a worker process: makes one run at a time, and replaces the process when it died,
 * took too long or has made its number of runs. A run whose process dies or takes too long is tried
 * once more on a fresh one, and then given up.
 */
public final class WorkerSlot implements AutoCloseable {

    private static final int ATTEMPTS = 2;
    private static final int LOG_TAIL_LINES = 20;

    private final WorkerSettings settings;
    private final Path log;
    private volatile WorkerProcess process;
    private volatile boolean closed;

    /**
     * Creates a place; its process starts with the first run.
     *
     * @param settings the processes; their number and their devices do not matter here
     * @param log what the standard error of the processes is appended to
     */
    public WorkerSlot(WorkerSettings settings, Path log) {
        this.settings = settings;
        this.log = log;
    }

    /**
     * Makes a run.
     *
     * @param task the run
     * @return what became of it, or empty if this place was closed meanwhile
     * @throws IOException if no process can be started
     */
    public Optional<RunOutcome> make(RunTask task) throws IOException {
        long logStart = Files.exists(log) ? Files.size(log) : 0;
        String reason = "";
        int attempts = 0;
        while (attempts < ATTEMPTS && !closed) {
            attempts++;
            try {
                RunReply reply = process().run(task, settings.runTimeoutSeconds());
                return Optional.of(
                        reply.run() == null
                                ? failure(task, reply.failure(), attempts, logStart)
                                : new RunOutcome(reply.run(), null));
            } catch (WorkerProcess.WorkerDiedException e) {
                reason = e.getMessage();
                retire();
            }
        }
        return closed ? Optional.empty() : Optional.of(failure(task, reason, attempts, logStart));
    }

    private RunOutcome failure(RunTask task, String reason, int attempts, long logStart)
            throws IOException {
        return new RunOutcome(
                null,
                new RunFailure(
                        task.id(),
                        task.spec().label(),
                        reason,
                        attempts,
                        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                        tail(logStart)));
    }

    private List<String> tail(long start) throws IOException {
        byte[] bytes = Files.exists(log) ? Files.readAllBytes(log) : new byte[0];
        int from = (int) Math.min(start, bytes.length);
        List<String> lines =
                new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8)
                        .lines()
                        .toList();
        return lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size());
    }

    private WorkerProcess process() throws IOException {
        WorkerProcess current = process;
        if (current != null && current.runs() >= settings.recycleAfter()) {
            retire();
            current = null;
        }
        if (current == null) {
            current = WorkerProcess.start(settings.arguments(), log);
            process = current;
            if (closed) {
                current.close();
            }
        }
        return current;
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
