// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import java.util.List;

/**
 * A run that gave no result, as it is kept beside the runs: {@code failed/ID.json}. It is tried
 * again when the study goes on, and forgotten once it has a result.
 *
 * @param id the run's id
 * @param label the run in a few words
 * @param reason what happened
 * @param attempts how often it was tried
 * @param when the time of the last attempt, UTC
 * @param logTail the last lines of its worker's log
 */
public record RunFailure(
        String id, String label, String reason, int attempts, String when, List<String> logTail) {

    /** Checks the id, and copies the lines. */
    public RunFailure {
        SafeName.runId(id);
        logTail = List.copyOf(logTail);
    }
}
