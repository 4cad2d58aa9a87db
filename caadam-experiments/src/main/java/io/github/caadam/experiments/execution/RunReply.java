// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import io.github.caadam.experiments.results.RunRecord;

/**
 * What a worker answers.
 *
 * @param run the run, or null if it failed
 * @param failure why it failed, or null
 * @param spent whether the process should make no further run
 * @param tried of a trial that went well, what is to be known of it, mostly empty; else null
 */
record RunReply(RunRecord run, String failure, boolean spent, String tried) {

    static RunReply made(RunRecord run) {
        return new RunReply(run, null, false, null);
    }

    /** A trial went well. */
    static RunReply tried(String note) {
        return new RunReply(null, null, false, note);
    }

    /** A failure of the run; an error, unlike an exception, may have left the process broken. */
    static RunReply failed(Throwable fault) {
        return new RunReply(null, reason(fault), fault instanceof Error, null);
    }

    /** The run cannot be made here. */
    static RunReply refused(String cause) {
        return new RunReply(null, cause, false, null);
    }

    /** The process ended in the middle of the run. */
    static RunReply ended(String cause) {
        return new RunReply(null, cause, true, null);
    }

    /** Says what was thrown, and in whose code. */
    static String reason(Throwable fault) {
        if (fault instanceof OutOfMemoryError) {
            return "its process is out of memory: "
                    + fault.getMessage()
                    + ", of which it may have "
                    + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MB; allow it more with -Xmx, in JAVA_OPTS or before -jar";
        }
        return fault + culprit(fault);
    }

    /** Names the plug-in whose code was running. */
    private static String culprit(Throwable fault) {
        for (StackTraceElement call : fault.getStackTrace()) {
            String loader = call.getClassLoaderName();
            if (loader != null && loader.endsWith(".jar")) {
                return ", in "
                        + call.getClassName()
                        + "."
                        + call.getMethodName()
                        + " ("
                        + call.getFileName()
                        + ":"
                        + call.getLineNumber()
                        + ") of "
                        + loader;
            }
        }
        StackTraceElement[] calls = fault.getStackTrace();
        return fault instanceof UnsupportedOperationException && calls.length > 0
                ? ", by " + calls[0].getClassName() + "." + calls[0].getMethodName()
                : "";
    }

    static RunReply fromJson(String text) {
        return JsonLine.read(text, RunReply.class);
    }

    String toJson() {
        return JsonLine.write(this);
    }
}
