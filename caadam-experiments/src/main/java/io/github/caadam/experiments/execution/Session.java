// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import io.github.caadam.experiments.results.PlannedRun;
import io.github.caadam.experiments.results.RunFailure;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunStore;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The making of a study's missing runs: keeps each result at once, shows progress, and says on an
 * interruption how to go on.
 */
final class Session implements RunPool.Results, AutoCloseable {

    private final RunStore store;
    private final List<PlannedRun> todo;
    private final Map<String, PlannedRun> missing = new LinkedHashMap<>();
    private final Projection projection;
    private final int workers;
    private final Progress progress;
    private final Thread onExit = new Thread(this::interrupted, "interrupted");
    private final long start = System.nanoTime();
    private volatile RunPool pool;
    private int done;
    private int failures;

    Session(
            String study,
            RunStore store,
            List<PlannedRun> todo,
            Projection projection,
            int workers) {
        this.store = store;
        this.todo = todo;
        this.projection = projection;
        this.workers = workers;
        todo.forEach(run -> missing.put(run.id(), run));
        progress = new Progress(study, todo.size());
        Runtime.getRuntime().addShutdownHook(onExit);
    }

    List<PlannedRun> todo() {
        return todo;
    }

    /** Returns the runs of which nothing became yet. */
    synchronized List<PlannedRun> left() {
        return List.copyOf(missing.values());
    }

    /** Stops a pool's processes when this process is interrupted. */
    void onInterrupt(RunPool running) {
        pool = running;
    }

    @Override
    public synchronized void finished(RunRecord run) throws IOException {
        store.save(run);
        PlannedRun planned = missing.remove(run.id());
        projection.add(planned.configuration(), run.seconds());
        step();
    }

    @Override
    public synchronized void failed(RunFailure failure) throws IOException {
        store.save(failure);
        missing.remove(failure.id());
        failures++;
        step();
    }

    private void step() {
        done++;
        progress.stepTo(done);
        double minutes = (System.nanoTime() - start) / 60e9;
        progress.message(
                String.format(
                        Locale.ROOT,
                        "%s%.1f runs/min, projected %s",
                        failures > 0 ? failures + " failed, " : "",
                        done / minutes,
                        Durations.format(projection.remaining(missing.values(), workers))));
    }

    synchronized int failures() {
        return failures;
    }

    private void interrupted() {
        if (pool != null) {
            pool.close();
        }
        System.err.println();
        System.err.println(
                "Interrupted with "
                        + missing.size()
                        + " of "
                        + todo.size()
                        + " runs to make. What is finished is kept; the same command goes on.");
    }

    @Override
    public void close() {
        progress.close();
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException e) {
            // The process is ending, and the hook says so.
        }
    }
}
