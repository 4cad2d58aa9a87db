// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import io.github.caadam.experiments.results.RunFailure;
import io.github.caadam.experiments.results.RunRecord;
import java.io.IOException;
import java.util.List;

/** Makes several runs at a time, in worker processes of this machine or of a cluster's. */
public interface RunPool extends AutoCloseable {

    /** Takes what becomes of runs; called by one thread at a time. */
    interface Results {

        /**
         * Takes a run.
         *
         * @param run the run
         * @throws IOException if it cannot be kept, which stops all
         */
        void finished(RunRecord run) throws IOException;

        /**
         * Takes a failure.
         *
         * @param failure the failure
         * @throws IOException if it cannot be kept, which stops all
         */
        void failed(RunFailure failure) throws IOException;
    }

    /**
     * Returns how many runs it makes at a time, as far as it knows.
     *
     * @return the number, 1 or more
     */
    int size();

    /**
     * Makes runs.
     *
     * @param tasks the runs, in the order in which they are started
     * @param results what takes each as soon as it is made
     * @throws IOException if the pool breaks down or a result cannot be kept
     * @throws InterruptedException if this thread is interrupted
     */
    void run(List<RunTask> tasks, Results results) throws IOException, InterruptedException;

    /** Stops all processes; runs in the making are lost. */
    @Override
    void close();
}
