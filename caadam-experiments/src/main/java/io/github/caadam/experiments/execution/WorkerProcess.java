package io.github.caadam.experiments.execution;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The outside of a worker process. */
final class WorkerProcess implements AutoCloseable {

    /** What is added to a signal's number where one ended a process. */
    private static final int SIGNALLED = 128;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Writer tasks;
    private final BufferedReader replies;
    private int runs;
    private volatile boolean timedOut;

    private WorkerProcess(Process process) {
        this.process = process;
        tasks = process.outputWriter();
        replies = process.inputReader();
    }

    static WorkerProcess start(List<String> command, Path log) throws IOException {
        return new WorkerProcess(
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start());
    }

    /**
     * Has a run made.
     *
     * @param task the run
     * @param timeoutSeconds after how long the process is killed; 0 for never
     * @param timer what kills it
     * @return the reply
     * @throws WorkerDiedException if the process ended without a reply
     */
    RunReply run(RunTask task, long timeoutSeconds, ScheduledExecutorService timer)
            throws WorkerDiedException {
        ScheduledFuture<?> killer =
                timeoutSeconds == 0
                        ? null
                        : timer.schedule(this::killForTime, timeoutSeconds, TimeUnit.SECONDS);
        try {
            tasks.write(JSON.writeValueAsString(task) + "\n");
            tasks.flush();
            String line = replies.readLine();
            if (line == null) {
                throw new WorkerDiedException(lastWords(timeoutSeconds));
            }
            runs++;
            return JSON.readValue(line, RunReply.class);
        } catch (IOException e) {
            throw new WorkerDiedException(lastWords(timeoutSeconds));
        } finally {
            if (killer != null) {
                killer.cancel(false);
            }
        }
    }

    private void killForTime() {
        timedOut = true;
        process.destroyForcibly();
    }

    private String lastWords(long timeoutSeconds) {
        if (timedOut) {
            return "it took longer than the " + timeoutSeconds + " s of --run-timeout";
        }
        process.destroyForcibly();
        int code = process.onExit().join().exitValue();
        return "its worker ended with exit code "
                + code
                + (code > SIGNALLED ? " (signal " + (code - SIGNALLED) + ")" : "");
    }

    /** Returns how many runs it has made. */
    int runs() {
        return runs;
    }

    /** Stops the process, in the middle of a run too. */
    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** The process ended without a reply. */
    static final class WorkerDiedException extends Exception {

        private static final long serialVersionUID = 1L;

        WorkerDiedException(String message) {
            super(message);
        }
    }
}
