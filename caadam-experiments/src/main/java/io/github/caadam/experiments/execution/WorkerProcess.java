// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The outside of a worker process. */
final class WorkerProcess implements AutoCloseable {

    /** How long a process that has hung up may take to end. */
    private static final int LAST_SECONDS = 10;

    /** How often it is asked whether a process has connected. */
    private static final int POLL_MILLISECONDS = 20;

    /** How much of a log is looked at. */
    private static final int TAIL_BYTES = 1 << 16;

    /**
     * Keeps Java's optimizing compiler away. It takes seven to nine seconds of processor time of
     * each process, and the code that it speeds up is a tenth of a run or less: the rest is the
     * engine's.
     */
    private static final String QUICK_COMPILER = "-XX:TieredStopAtLevel=1";

    private static final Logger logger = LoggerFactory.getLogger(WorkerProcess.class);

    private final Process process;
    private final WorkerLink link;
    private final Path log;
    private final BlockingQueue<Optional<String>> replies = new LinkedBlockingQueue<>();
    private OptionalLong mostKilobytes = OptionalLong.empty();
    private int runs;
    private volatile boolean alive;
    private volatile long epochs;

    private WorkerProcess(Process process, WorkerLink link, Path log) {
        this.process = process;
        this.link = link;
        this.log = log;
        Thread reader = new Thread(this::receive, "replies");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a process on the Java and the class path of this one.
     *
     * @param arguments the main class and its arguments
     * @param inherits whether it has the options of this JVM, too
     * @param log what it prints is appended to
     * @param seconds how long it may take to connect
     * @param unwanted whether it is not wanted any more, asked while it starts
     * @throws IOException if it does not start; the message says what it printed
     */
    static WorkerProcess start(
            List<String> arguments,
            boolean inherits,
            Path log,
            int seconds,
            BooleanSupplier unwanted)
            throws IOException {
        Path folder = Files.createTempDirectory("caadam");
        Path socket = folder.resolve("worker");
        long logStart = size(log);
        try (ServerSocketChannel server = listen(socket)) {
            Process process = builder(arguments, inherits, socket, log).start();
            try {
                // Who reads its input finds the end.
                process.getOutputStream().close();
                Optional<SocketChannel> channel = accept(server, process, seconds, unwanted);
                if (channel.isPresent()) {
                    return new WorkerProcess(process, new WorkerLink(channel.get()), log);
                }
            } catch (IOException e) {
                process.destroyForcibly();
                throw e;
            }
            String cause =
                    process.isAlive()
                            ? "it has not connected for " + seconds + " s"
                            : "with exit code " + process.exitValue();
            process.destroyForcibly();
            process.onExit().join();
            throw new IOException(
                    "A worker does not start, "
                            + cause
                            + ": "
                            + String.join(" ", lastLines(log, logStart, 3))
                            + " See "
                            + log
                            + ".");
        } finally {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(folder);
        }
    }

    private static ServerSocketChannel listen(Path socket) throws IOException {
        try {
            return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                    .bind(UnixDomainSocketAddress.of(socket));
        } catch (SocketException e) {
            throw new IOException(
                    "No socket can be made at "
                            + socket
                            + " ("
                            + e.getMessage()
                            + "); name a directory with a short path by -Djava.io.tmpdir=DIR.",
                    e);
        }
    }

    /**
     * Waits until a process connects, as long as it lives and is wanted. Time is counted while this
     * process is awake: it may be stopped together with the other.
     */
    private static Optional<SocketChannel> accept(
            ServerSocketChannel server, Process process, int seconds, BooleanSupplier unwanted)
            throws IOException {
        server.configureBlocking(false);
        try {
            long waits = TimeUnit.SECONDS.toMillis(seconds) / POLL_MILLISECONDS;
            for (long i = 0; i < waits && !unwanted.getAsBoolean(); i++) {
                SocketChannel channel = server.accept();
                if (channel != null) {
                    return Optional.of(channel);
                }
                if (process.waitFor(POLL_MILLISECONDS, TimeUnit.MILLISECONDS)) {
                    break;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    private static ProcessBuilder builder(
            List<String> arguments, boolean inherits, Path socket, Path log) {
        Path report = log.toAbsolutePath().resolveSibling("hs_err_pid");
        String errors = "-XX:ErrorFile=" + report.toString().replace("%", "%%") + "%p.log";
        List<String> all = new ArrayList<>(arguments);
        all.add(WorkerServer.SOCKET);
        all.add(socket.toString());
        // A later one, among the options of this JVM, counts.
        return JavaCommand.builder(inherits, List.of(QUICK_COMPILER, errors), all)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    }

    private void receive() {
        try {
            for (Optional<String> message = link.receive();
                    message.isPresent();
                    message = link.receive()) {
                if (message.get().startsWith(WorkerLink.ALIVE)) {
                    epochs = Long.parseLong(message.get().substring(WorkerLink.ALIVE.length()));
                    alive = true;
                } else {
                    replies.add(message);
                }
            }
        } catch (IOException | NumberFormatException e) {
            // The process ended in the middle of a word, or is none of ours.
        }
        replies.add(Optional.empty());
    }

    /**
     * Has a run made.
     *
     * @param task the run
     * @param settings how long it may take, and how long the process may be silent
     * @return the reply
     * @throws WorkerDiedException if the process ended without one, or had to be ended; the message
     *     says why
     */
    RunReply run(RunTask task, WorkerSettings settings) throws WorkerDiedException {
        long logStart = size(log);
        OptionalLong killedBefore = WorkerDeath.killedForMemory();
        long start = System.nanoTime();
        long silentSeconds = 0;
        long secondsWithoutEpoch = 0;
        long epochsSeen = epochs;
        runs++;
        try {
            link.send(task.toJson());
            while (true) {
                Optional<String> reply = replies.poll(1, TimeUnit.SECONDS);
                if (reply != null && reply.isPresent()) {
                    return understood(reply.get(), task);
                }
                if (reply != null) {
                    throw new WorkerDiedException(lastWords(logStart, killedBefore));
                }
                // Seconds that this process was awake: it may be stopped together with the other.
                silentSeconds = alive ? 0 : silentSeconds + 1;
                alive = false;
                secondsWithoutEpoch = epochs != epochsSeen ? 0 : secondsWithoutEpoch + 1;
                epochsSeen = epochs;
                OptionalLong most = WorkerDeath.mostKilobytes(process.pid());
                mostKilobytes = most.isPresent() ? most : mostKilobytes;
                refuseToWait(silentSeconds, System.nanoTime() - start, settings);
                refuseToHang(secondsWithoutEpoch, settings.epochTimeoutSeconds());
            }
        } catch (IOException e) {
            throw new WorkerDiedException(lastWords(logStart, killedBefore));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WorkerDiedException("it was interrupted");
        }
    }

    private static RunReply understood(String text, RunTask task) throws WorkerDiedException {
        RunReply reply;
        try {
            reply = RunReply.fromJson(text);
        } catch (RuntimeException e) {
            throw new WorkerDiedException(
                    "its worker's reply is not understood: " + e.getMessage());
        }
        if (reply == null
                || (reply.run() == null && reply.failure() == null && reply.tried() == null)) {
            throw new WorkerDiedException("its worker's reply is empty");
        }
        if (reply.run() != null && !task.id().equals(reply.run().id())) {
            throw new WorkerDiedException(
                    "its worker made another run instead, " + reply.run().id());
        }
        return reply;
    }

    private void refuseToWait(long silentSeconds, long nanoseconds, WorkerSettings settings)
            throws WorkerDiedException {
        long limit = settings.runTimeoutSeconds();
        if (limit > 0 && nanoseconds > TimeUnit.SECONDS.toNanos(limit)) {
            throw new WorkerDiedException(
                    "it took longer than the " + limit + " s of --run-timeout");
        }
        if (silentSeconds >= settings.silenceSeconds()) {
            throw new WorkerDiedException(
                    "its worker gave no sign of life for "
                            + silentSeconds
                            + " s: it was stopped, or waited for memory");
        }
    }

    /** A process whose training hangs is alive all the same. */
    private static void refuseToHang(long seconds, long limit) throws WorkerDiedException {
        if (limit > 0 && seconds >= limit) {
            throw new HangsException(
                    "its worker is alive, but made no epoch for the "
                            + limit
                            + " s of --epoch-timeout: its training hangs, or an epoch takes longer,"
                            + " which is to be allowed then");
        }
    }

    private String lastWords(long logStart, OptionalLong killedBefore) {
        try {
            if (!process.waitFor(LAST_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        OptionalLong killedNow = WorkerDeath.killedForMemory();
        return WorkerDeath.describe(
                process.onExit().join().exitValue(),
                lastLines(log, logStart, Integer.MAX_VALUE),
                killedBefore.isPresent() && killedNow.isPresent()
                        ? OptionalLong.of(killedNow.getAsLong() - killedBefore.getAsLong())
                        : OptionalLong.empty(),
                mostKilobytes);
    }

    /** Returns how many runs it was given. */
    int runs() {
        return runs;
    }

    /** Returns the length of a file, 0 of one that is not there. */
    static long size(Path file) {
        return file.toFile().length();
    }

    /**
     * Returns the last lines of a log.
     *
     * @param log the log
     * @param start the byte where they start at the earliest
     * @param most the most lines
     */
    static List<String> lastLines(Path log, long start, int most) {
        if (!Files.isRegularFile(log)) {
            return List.of();
        }
        try (FileChannel file = FileChannel.open(log, StandardOpenOption.READ);
                InputStream in =
                        Channels.newInputStream(
                                file.position(Math.max(start, file.size() - TAIL_BYTES)))) {
            List<String> lines =
                    new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            return lines.subList(Math.max(0, lines.size() - most), lines.size());
        } catch (IOException e) {
            return List.of("The log " + log + " cannot be read: " + e);
        }
    }

    /** Stops the process, in the middle of a run too. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            link.close();
        } catch (IOException e) {
            logger.warn("The connection to a worker that was stopped cannot be closed.", e);
        }
    }

    /** The process ended without a reply, or has to be ended. */
    static class WorkerDiedException extends Exception {

        private static final long serialVersionUID = 1L;

        WorkerDiedException(String message) {
            super(message);
        }
    }

    /** The process lives, but its training makes no progress. */
    static final class HangsException extends WorkerDiedException {

        private static final long serialVersionUID = 1L;

        HangsException(String message) {
            super(message);
        }
    }
}
