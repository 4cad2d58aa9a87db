// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

import io.github.caadam.experiments.execution.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Measures by processes of its own, each a {@link ThroughputServer}: all get ready, and then train
 * for the same seconds.
 */
final class ThroughputMeter implements ThroughputSearch.Meter {

    private static final int PATIENCE_SECONDS = 120;

    private final List<String> server;
    private final double seconds;
    private final Path logs;

    /**
     * Describes the measurements.
     *
     * @param server the main class of a server and its arguments but for how many networks
     * @param seconds how long one takes, without getting ready
     * @param logs where the processes' errors go
     */
    ThroughputMeter(List<String> server, double seconds, Path logs) {
        this.server = List.copyOf(server);
        this.seconds = seconds;
        this.logs = logs;
    }

    @Override
    public double measure(ThroughputSetting setting)
            throws ThroughputException, InterruptedException {
        List<Server> servers = new ArrayList<>();
        try {
            for (int i = 0; i < setting.processes(); i++) {
                servers.add(new Server(setting, logs.resolve("throughput-" + i + ".log")));
            }
            for (Server each : servers) {
                each.await(ThroughputServer.READY, PATIENCE_SECONDS);
            }
            servers.forEach(each -> each.tell(Double.toString(seconds)));
            double rate = 0;
            for (Server each : servers) {
                String answer =
                        each.await(ThroughputServer.RATE, PATIENCE_SECONDS + (long) seconds);
                rate += Double.parseDouble(answer.substring(ThroughputServer.RATE.length()));
            }
            return rate;
        } catch (IOException e) {
            throw new ThroughputException("a process cannot be started (" + e + ")");
        } finally {
            for (Server each : servers) {
                each.end();
            }
        }
    }

    /** A process that trains. */
    private final class Server {

        private final Process process;
        private final PrintWriter requests;
        private final BufferedReader answers;
        private final Path log;

        Server(ThroughputSetting setting, Path log) throws IOException {
            this.log = log;
            List<String> arguments = new ArrayList<>(server);
            arguments.add(Integer.toString(setting.networks()));
            process =
                    JavaCommand.overriding(setting.jvmOptions(), arguments)
                            .redirectError(log.toFile())
                            .start();
            requests = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8));
            answers = process.inputReader(StandardCharsets.UTF_8);
        }

        void tell(String request) {
            requests.println(request);
            requests.flush();
        }

        /** Waits for a line that starts so. */
        String await(String start, long seconds) throws ThroughputException, InterruptedException {
            CompletableFuture<Optional<String>> line =
                    CompletableFuture.supplyAsync(
                            () ->
                                    answers.lines()
                                            .filter(text -> text.startsWith(start))
                                            .findFirst());
            try {
                return line.get(seconds, TimeUnit.SECONDS)
                        .orElseThrow(() -> new ThroughputException(lastWords()));
            } catch (TimeoutException e) {
                throw new ThroughputException("a process did not answer for " + seconds + " s");
            } catch (ExecutionException e) {
                throw new ThroughputException(lastWords());
            }
        }

        private String lastWords() {
            try {
                return Files.readString(log, StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> !line.isBlank() && !line.startsWith("See \""))
                        .reduce((first, second) -> second)
                        .orElse("a process ended without a word");
            } catch (IOException | UncheckedIOException e) {
                return "a process ended, and its log cannot be read (" + e + ")";
            }
        }

        /** Ends it; what it holds on a device is free again when this returns. */
        void end() throws InterruptedException {
            process.destroyForcibly();
            process.waitFor();
        }
    }
}
