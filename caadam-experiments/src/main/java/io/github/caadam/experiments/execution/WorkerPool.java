package io.github.caadam.experiments.execution;

import ai.djl.engine.Engine;
import io.github.caadam.experiments.results.RunFailure;
import io.github.caadam.experiments.results.RunRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Makes runs in several worker processes at a time: DJL allows one gradient collector per JVM, so
 * that parallel runs need processes, not threads. A run whose worker dies or takes too long is
 * tried once more on a fresh one, and then given up; the others go on.
 */
final class WorkerPool implements AutoCloseable {

    private static final int ATTEMPTS = 2;
    private static final int LOG_TAIL_LINES = 20;

    private final WorkerSettings settings;
    private final Path logs;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Set<WorkerProcess> processes = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    /**
     * Creates a pool; its processes start with its first runs.
     *
     * @param settings the processes
     * @param logs the directory of their logs, {@code worker-I.log}
     */
    WorkerPool(WorkerSettings settings, Path logs) {
        this.settings = settings;
        this.logs = logs;
    }

    /** Takes what becomes of runs; called by one thread at a time. */
    interface Results {

        /**
         * Takes a run.
         *
         * @throws IOException if it cannot be kept, which stops all
         */
        void finished(RunRecord run) throws IOException;

        /**
         * Takes a failure.
         *
         * @throws IOException if it cannot be kept, which stops all
         */
        void failed(RunFailure failure) throws IOException;
    }

    /**
     * Makes runs.
     *
     * @param tasks the runs, in the order in which they are started
     * @param results what takes them
     * @throws IOException if a process cannot be started or a result not be kept
     * @throws InterruptedException if this thread is interrupted
     */
    void run(List<IdentifiedTask> tasks, Results results) throws IOException, InterruptedException {
        // Loaded here before, the engine's libraries are unpacked into DJL's cache by one process:
        // DJL 0.36.0 replaces that cache without a lock.
        Engine.getInstance();
        Queue<IdentifiedTask> queue = new ConcurrentLinkedQueue<>(tasks);
        int count = Math.min(settings.count(), tasks.size());
        ExecutorService executor = Executors.newFixedThreadPool(Math.max(count, 1));
        List<Future<Void>> workers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int index = i;
            workers.add(
                    executor.submit(
                            () -> {
                                new Worker(index, results).work(queue);
                                return null;
                            }));
        }
        executor.shutdown();
        try {
            for (Future<Void> worker : workers) {
                worker.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException("A worker's thread failed.", e.getCause());
        } finally {
            close();
        }
    }

    /**
     * A run under its id.
     *
     * @param id the run's id
     * @param spec the run for a worker on a device
     */
    record IdentifiedTask(String id, RunTask spec) {}

    /** Stops all processes; runs in the making are lost. */
    @Override
    public void close() {
        stopped = true;
        timer.shutdownNow();
        processes.forEach(WorkerProcess::close);
    }

    private final class Worker {

        private final int index;
        private final Path log;
        private final Results results;
        private WorkerProcess process;

        Worker(int index, Results results) {
            this.index = index;
            this.log = logs.resolve("worker-" + (index + 1) + ".log");
            this.results = results;
        }

        void work(Queue<IdentifiedTask> queue) throws IOException {
            try {
                IdentifiedTask task = queue.poll();
                while (task != null && !stopped) {
                    make(task);
                    task = queue.poll();
                }
            } catch (IOException e) {
                close();
                throw e;
            } finally {
                retire();
            }
        }

        private void make(IdentifiedTask task) throws IOException {
            String reason = "";
            for (int attempt = 1; attempt <= ATTEMPTS && !stopped; attempt++) {
                long logStart = Files.exists(log) ? Files.size(log) : 0;
                try {
                    RunReply reply = process().run(task.spec().on(device()), timeout(), timer);
                    if (reply.run() != null) {
                        synchronized (results) {
                            results.finished(reply.run());
                        }
                    } else {
                        fail(task, reply.failure(), attempt, logStart);
                    }
                    return;
                } catch (WorkerProcess.WorkerDiedException e) {
                    reason = e.getMessage();
                    retire();
                }
                if (attempt == ATTEMPTS && !stopped) {
                    fail(task, reason, attempt, logStart);
                }
            }
        }

        private void fail(IdentifiedTask task, String reason, int attempts, long logStart)
                throws IOException {
            RunFailure failure =
                    new RunFailure(
                            task.id(),
                            task.spec().spec().label(),
                            reason,
                            attempts,
                            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                            tail(logStart));
            synchronized (results) {
                results.failed(failure);
            }
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
            if (process != null && process.runs() >= settings.recycleAfter()) {
                retire();
            }
            if (process == null) {
                process = WorkerProcess.start(settings.command(), log);
                processes.add(process);
                if (stopped) {
                    process.close();
                }
            }
            return process;
        }

        private void retire() {
            if (process != null) {
                process.close();
                processes.remove(process);
                process = null;
            }
        }

        private String device() {
            return settings.devices().get(index % settings.devices().size());
        }

        private long timeout() {
            return settings.runTimeoutSeconds();
        }
    }
}
