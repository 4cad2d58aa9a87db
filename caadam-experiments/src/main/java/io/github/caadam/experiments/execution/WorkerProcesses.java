package io.github.caadam.experiments.execution;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Several JVMs that run a command of this suite side by side, each with a shard of its own: DJL
 * allows one gradient collector per JVM, so that parallel runs need processes, not threads. Their
 * output goes to {@code worker-I.log}.
 */
public final class WorkerProcesses implements AutoCloseable {

    private static final long POLL_MILLIS = 500;

    private final String mainClass;
    private final List<String> arguments;
    private final int count;
    private final List<Process> processes = new ArrayList<>();

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

    WorkerProcesses start(Path logs) throws IOException {
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
            File log = logs.resolve("worker-" + i + ".log").toFile();
            processes.add(
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log)
                            .start());
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

    /** Stops the processes that still run. */
    @Override
    public void close() {
        processes.forEach(Process::destroy);
    }
}
