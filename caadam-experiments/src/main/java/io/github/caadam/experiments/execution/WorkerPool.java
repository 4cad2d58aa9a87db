// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import io.github.caadam.experiments.results.Enclosure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
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
        List<WorkerSlot> all = new ArrayList<>();
        for (int i = 1; i <= settings.count(); i++) {
            all.add(new WorkerSlot(settings, true, enclosure.child("worker-" + i + ".log")));
        }
        slots = List.copyOf(all);
    }

    @Override
    public int size() {
        return slots.size();
    }

    /**
     * Makes runs. A slot whose process does not start gives its run back and gets no more, so that
     * the others make all; where there is no other, that ends the study.
     */
    @Override
    public void run(List<RunTask> tasks, Results results) throws IOException, InterruptedException {
        Deque<RunTask> queue = new ConcurrentLinkedDeque<>(tasks);
        try {
            List<WorkerSlot> able = slots;
            while (!queue.isEmpty() && !stopped) {
                able = makeAll(able, queue, results);
            }
        } finally {
            close();
        }
    }

    /** Makes what is in the queue; returns the slots whose processes start. */
    private List<WorkerSlot> makeAll(List<WorkerSlot> able, Deque<RunTask> queue, Results results)
            throws IOException, InterruptedException {
        ExecutorService executor = Executors.newFixedThreadPool(able.size());
        Map<WorkerSlot, Future<Optional<WorkerStartException>>> workers = new LinkedHashMap<>();
        for (WorkerSlot slot : able) {
            workers.put(slot, executor.submit(() -> work(slot, queue, results)));
        }
        executor.shutdown();
        List<WorkerSlot> started = new ArrayList<>();
        WorkerStartException fault = null;
        try {
            for (Map.Entry<WorkerSlot, Future<Optional<WorkerStartException>>> worker :
                    workers.entrySet()) {
                Optional<WorkerStartException> end = worker.getValue().get();
                if (end.isEmpty()) {
                    started.add(worker.getKey());
                } else {
                    fault = end.get();
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException("A worker's thread failed.", e.getCause());
        }
        if (started.isEmpty() && fault != null) {
            throw fault;
        }
        return started;
    }

    /** Returns why the slot's process does not start, if it does not. */
    private Optional<WorkerStartException> work(
            WorkerSlot slot, Deque<RunTask> queue, Results results) throws IOException {
        String device = settings.devices().get(slots.indexOf(slot) % settings.devices().size());
        try {
            for (RunTask task = queue.poll(); task != null && !stopped; task = queue.poll()) {
                RunTask here = task.on(device);
                try {
                    give(slot.make(here), results);
                } catch (WorkerStartException e) {
                    queue.addFirst(task);
                    logger.warn(
                            "A worker is given up; its run goes to another. {}", e.getMessage());
                    return Optional.of(e);
                } catch (RuntimeException e) {
                    logger.error("The run {} failed.", here.label(), e);
                    give(
                            Optional.of(RunOutcome.of(here, RunReply.failed(e), 1, List.of())),
                            results);
                }
            }
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        } finally {
            slot.rest();
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
