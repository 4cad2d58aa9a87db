// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import io.github.caadam.experiments.results.Enclosure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes runs in several worker processes of this machine: DJL allows one gradient collector per
 * JVM, so that parallel runs need processes, not threads. They have the options of this JVM, such
 * as its largest heap.
 */
final class WorkerPool implements RunPool {

    private static final Logger logger = LoggerFactory.getLogger(WorkerPool.class);

    private final WorkerSettings settings;
    private final List<WorkerSlot> slots;
    private volatile boolean stopped;

    /**
     * Creates a pool; its processes start with its first runs.
     *
     * @param settings the processes
     * @param logs the directory of their logs, {@code worker-I.log}
     * @throws IOException if a log is a link
     */
    WorkerPool(WorkerSettings settings, Path logs) throws IOException {
        this.settings = settings;
        Enclosure enclosure = new Enclosure(logs);
        WorkerStarts starts = new WorkerStarts();
        List<WorkerSlot> all = new ArrayList<>();
        for (int i = 1; i <= settings.count(); i++) {
            all.add(
                    new WorkerSlot(
                            settings, true, enclosure.child("worker-" + i + ".log"), starts));
        }
        slots = List.copyOf(all);
    }

    @Override
    public int size() {
        return slots.size();
    }

    @Override
    public void run(List<RunTask> tasks, Results results) throws IOException, InterruptedException {
        Queue<RunTask> queue = new ConcurrentLinkedQueue<>(tasks);
        ExecutorService executor = Executors.newFixedThreadPool(slots.size());
        List<Future<Void>> workers = new ArrayList<>();
        for (int i = 0; i < slots.size(); i++) {
            WorkerSlot slot = slots.get(i);
            String device = settings.devices().get(i % settings.devices().size());
            workers.add(
                    executor.submit(
                            () -> {
                                work(slot, device, queue, results);
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

    @SuppressWarnings("try") // The slot is closed with its last run.
    private void work(WorkerSlot slot, String device, Queue<RunTask> queue, Results results)
            throws IOException {
        try (slot) {
            RunTask task = queue.poll();
            while (task != null && !stopped) {
                RunTask here = task.on(device);
                try {
                    give(slot.make(here), results);
                } catch (RuntimeException e) {
                    logger.error("The run {} failed.", here.label(), e);
                    give(
                            Optional.of(RunOutcome.of(here, RunReply.failed(e), 1, List.of())),
                            results);
                }
                task = queue.poll();
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private static void give(Optional<RunOutcome> outcome, Results results) throws IOException {
        if (outcome.isPresent()) {
            synchronized (results) {
                outcome.get().giveTo(results);
            }
        }
    }

    @Override
    public void close() {
        stopped = true;
        slots.forEach(WorkerSlot::close);
    }
}
