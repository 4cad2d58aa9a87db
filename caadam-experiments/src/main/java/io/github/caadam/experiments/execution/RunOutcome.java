// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import io.github.caadam.experiments.results.RunFailure;
import io.github.caadam.experiments.results.RunRecord;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * What became of a run.
 *
 * @param run its result, or null if it failed
 * @param failure what happened, or null
 */
public record RunOutcome(RunRecord run, RunFailure failure) {

    /**
     * Makes an outcome of a worker's reply.
     *
     * @param task the run
     * @param reply the reply
     * @param attempts how often the run was tried
     * @param logTail the last lines of the worker's log
     */
    static RunOutcome of(RunTask task, RunReply reply, int attempts, List<String> logTail) {
        if (reply.run() != null) {
            return new RunOutcome(reply.run(), null);
        }
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        return new RunOutcome(
                null,
                new RunFailure(task.id(), task.label(), reply.failure(), attempts, now, logTail));
    }

    /**
     * Hands the outcome over.
     *
     * @param results what takes it
     * @throws IOException if it cannot be kept
     */
    public void giveTo(RunPool.Results results) throws IOException {
        if (run == null) {
            results.failed(failure);
        } else {
            results.finished(run);
        }
    }

    /**
     * Reads an outcome.
     *
     * @param line what {@link #toJson} returned
     * @return the outcome
     */
    public static RunOutcome fromJson(String line) {
        return JsonLine.read(line, RunOutcome.class);
    }

    /**
     * Returns the outcome as one line.
     *
     * @return the line of JSON
     */
    public String toJson() {
        return JsonLine.write(this);
    }
}
