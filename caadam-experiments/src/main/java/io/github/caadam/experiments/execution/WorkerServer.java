// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import ai.djl.engine.Engine;
import ai.djl.util.Utils;
import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.plugin.DataContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inside of a worker process: takes runs over a socket, makes them one after the other, and
 * answers each. It ends when the process that started it does, even in the middle of a run, so that
 * no worker outlives it.
 */
public final class WorkerServer {

    /** The option of a worker that names the socket where it is told what to do. */
    public static final String SOCKET = "--socket";

    /** The option of a worker that names where the states of runs under way are kept. */
    public static final String CHECKPOINTS = "--checkpoints";

    /** The option of a worker that names a plug-in: its path, {@code =} and its digest. */
    public static final String PLUGIN = "--plugin";

    /** How often a worker says that it is alive, and how many epochs it has made. */
    static final Duration BEAT = Duration.ofSeconds(1);

    private static final Logger logger = LoggerFactory.getLogger(WorkerServer.class);

    private final RunMaker maker;
    private final BlockingQueue<RunTask> tasks = new LinkedBlockingQueue<>();
    private final AtomicLong epochs = new AtomicLong();
    private volatile boolean busy;

    /**
     * Creates a server.
     *
     * @param catalog what the components of runs are looked up in
     * @param directories where to look for data
     * @param checkpoints where the states of runs under way are kept and found; empty for nowhere
     */
    public WorkerServer(Catalog catalog, DataContext directories, Optional<Path> checkpoints) {
        maker = new RunMaker(catalog, directories, checkpoints);
    }

    /**
     * Serves until the other process ends, and then ends this one.
     *
     * @param socket where the other process listens
     * @throws IOException if it does not, or a reply cannot be sent
     * @throws InterruptedException if this thread is interrupted
     */
    public void serve(Path socket) throws IOException, InterruptedException {
        WorkerLink link = WorkerLink.connect(socket);
        daemon("tasks", () -> receive(link));
        daemon("alive", () -> beat(link));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> lastWords(link), "last-words"));
        loadEngine();
        while (true) {
            RunTask task = tasks.take();
            busy = true;
            RunReply reply = maker.make(task, epochs::incrementAndGet);
            busy = false;
            link.send(reply.toJson());
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void receive(WorkerLink link) {
        try {
            for (Optional<String> task = link.receive(); task.isPresent(); task = link.receive()) {
                tasks.add(RunTask.fromJson(task.get()));
            }
            Runtime.getRuntime().halt(0);
        } catch (IOException | UncheckedIOException e) {
            logger.error("The study cannot be understood.", e);
            Runtime.getRuntime().halt(1);
        }
    }

    @SuppressWarnings("InfiniteLoopStatement") // Ends with the process.
    private void beat(WorkerLink link) {
        try {
            while (true) {
                Thread.sleep(BEAT.toMillis());
                link.send(WorkerLink.ALIVE + epochs.get());
            }
        } catch (IOException e) {
            Runtime.getRuntime().halt(0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Says who ends this process in the middle of a run; a signal is in the exit code. */
    private void lastWords(WorkerLink link) {
        Optional<String> culprit = busy ? culprit() : Optional.empty();
        if (culprit.isPresent()) {
            try {
                link.send(
                        RunReply.ended("its worker was ended by System.exit in " + culprit.get())
                                .toJson());
            } catch (IOException e) {
                logger.error("The connection to the study broke off.", e);
            }
        }
    }

    /** Of the threads, the one that ends the process waits within that call. */
    private static Optional<String> culprit() {
        for (StackTraceElement[] calls : Thread.getAllStackTraces().values()) {
            boolean ending = false;
            for (StackTraceElement call : calls) {
                String name = call.getClassName() + "." + call.getMethodName();
                if (ending && !name.equals("java.lang.System.exit")) {
                    return call.getClassName().startsWith("java.lang.Terminator")
                            ? Optional.empty()
                            : Optional.of(
                                    name
                                            + " ("
                                            + call.getFileName()
                                            + ":"
                                            + call.getLineNumber()
                                            + ")");
                }
                ending |= name.equals("java.lang.Runtime.exit");
            }
        }
        return Optional.empty();
    }

    /**
     * Loads the engine, one worker of a user at a time: DJL 0.36.0 unpacks the engine's libraries
     * into its cache, and replaces what is there, without a lock. A cache that cannot be written
     * needs none.
     */
    @SuppressWarnings("try") // The lock is held, not used.
    private static void loadEngine() {
        try (FileChannel file =
                        FileChannel.open(
                                Files.createDirectories(Utils.getEngineCacheDir())
                                        .resolve("caadam.lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            Engine.getInstance();
        } catch (IOException e) {
            logger.debug("The engine is loaded without a lock.", e);
            Engine.getInstance();
        }
    }
}
