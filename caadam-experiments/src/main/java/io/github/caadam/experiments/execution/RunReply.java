// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.caadam.experiments.results.RunRecord;
import java.io.UncheckedIOException;

/**
 * What a worker answers.
 *
 * @param run the run, or null if it failed
 * @param failure why it failed, or null
 * @param spent whether the process should make no further run
 */
record RunReply(RunRecord run, String failure, boolean spent) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static RunReply made(RunRecord run) {
        return new RunReply(run, null, false);
    }

    /** A failure of the run; an error, unlike an exception, may have left the process broken. */
    static RunReply failed(Throwable fault) {
        return new RunReply(null, reason(fault), fault instanceof Error);
    }

    /** The run cannot be made here. */
    static RunReply refused(String cause) {
        return new RunReply(null, cause, false);
    }

    /** The process ended in the middle of the run. */
    static RunReply ended(String cause) {
        return new RunReply(null, cause, true);
    }

    private static String reason(Throwable fault) {
        if (fault instanceof OutOfMemoryError) {
            return "its process is out of memory: "
                    + fault.getMessage()
                    + ", of which it may have "
                    + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MB; allow it more with -Xmx, in JAVA_OPTS or before -jar";
        }
        return fault.toString();
    }

    static RunReply fromJson(String text) {
        try {
            return JSON.readValue(text, RunReply.class);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
