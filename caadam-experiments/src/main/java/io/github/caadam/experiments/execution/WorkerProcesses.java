package io.github.caadam.experiments.execution;

import ai.djl.engine.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several JVMs that run a command of this suite side by side, each with a shard of its own: DJL
 * allows one gradient collector per JVM, so that parallel runs need processes, not threads. Their
 * output goes to {@code worker-I.log}.
 */
public final class WorkerProcesses implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(WorkerProcesses.class);

    private static final long POLL_MILLIS = 500;

    /** What is added to a signal's number where one ended a process. */
    private static final int SIGNALLED = 128;

    private final String mainClass;
    private final List<String> arguments;
    private final int count;
    private final List<Process> processes = new ArrayList<>();
    private final List<Path> logFiles = new ArrayList<>();

    /**
     * Describes the processes.
     *
     * @param mainClass the class that they start
     * @param arguments its arguments; {@code --shard I/N} is added
     * @param count how many, 1 or more
     */
    public WorkerProcesses(String mainClass, List<String> arguments, int count) {
        this.mainClass = mainClass;
        this.arguments = List.copyOf(arguments);
        this.count = count;
    }

    /**
     * Starts the processes. The engine is loaded in this process before, which unpacks its native
     * libraries into DJL's cache on the machine's first use: DJL 0.36.0 replaces that cache without
     * a lock, so that several processes must not do it at once.
     */
    WorkerProcesses start(Path logs) throws IOException {
        Engine.getInstance();
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        for (int i = 1; i <= count; i++) {
            List<String> command = new ArrayList<>();
            command.add(java);
            command.add("-cp");
            command.add(System.getProperty("java.class.path"));
            command.add(mainClass);
            command.addAll(arguments);
            command.add("--shard");
            command.add(new Shard(i, count).toString());
            Path log = logs.resolve("worker-" + i + ".log");
            processes.add(
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start());
            logFiles.add(log);
        }
        return this;
    }

    /** Waits for a moment; returns whether all processes have ended. */
    boolean awaitEnd() throws InterruptedException {
        for (Process process : processes) {
            if (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return true;
    }

    /** Says which processes ended otherwise than with exit code 0, once all have ended. */
    void reportFailures() {
        for (int i = 0; i < processes.size(); i++) {
            int code = processes.get(i).exitValue();
            if (code != 0) {
                logger.error(
                        "Worker {} of {} ended with exit code {}{}; see {}.",
                        i + 1,
                        count,
                        code,
                        code > SIGNALLED ? " (signal " + (code - SIGNALLED) + ")" : "",
                        logFiles.get(i));
            }
        }
    }

    /** Stops the processes that still run. */
    @Override
    public void close() {
        processes.forEach(Process::destroy);
    }
}
