// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The outside of a worker process. */
final class WorkerProcess implements AutoCloseable {

    /** What is added to a signal's number where one ended a process. */
    private static final int SIGNALLED = 128;

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final ScheduledExecutorService TIMER =
            Executors.newSingleThreadScheduledExecutor(
                    kill -> {
                        Thread thread = new Thread(kill, "run-timeout");
                        thread.setDaemon(true);
                        return thread;
                    });

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

    /**
     * Starts a process on the Java and the class path of this one.
     *
     * @param arguments the main class and its arguments
     * @param log what its standard error is appended to
     */
    static WorkerProcess start(List<String> arguments, Path log) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-cp");
        command.add(classPath());
        command.addAll(arguments);
        return new WorkerProcess(
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start());
    }

    /**
     * Returns where this process has the suite from. Spark gives programs, on its driver and its
     * executors, a class loader of their own; a worker is to have what is theirs, not Spark's.
     */
    private static String classPath() {
        if (WorkerProcess.class.getClassLoader() instanceof URLClassLoader program) {
            return Stream.of(program.getURLs())
                    .map(url -> Path.of(URI.create(url.toString())).toString())
                    .collect(Collectors.joining(File.pathSeparator));
        }
        return System.getProperty("java.class.path");
    }

    /**
     * Has a run made.
     *
     * @param task the run
     * @param timeoutSeconds after how long the process is killed; 0 for never
     * @return the reply
     * @throws WorkerDiedException if the process ended without a reply
     */
    RunReply run(RunTask task, long timeoutSeconds) throws WorkerDiedException {
        ScheduledFuture<?> killer =
                timeoutSeconds == 0
                        ? null
                        : TIMER.schedule(this::killForTime, timeoutSeconds, TimeUnit.SECONDS);
        try {
            tasks.write(task.toJson() + "\n");
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
