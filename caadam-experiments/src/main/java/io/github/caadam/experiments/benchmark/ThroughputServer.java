// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

import ai.djl.Device;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.spi.Accelerator;
import io.github.caadam.spi.NotAcceleratedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The process that trains in a measurement of {@link Throughput}: it makes its networks, trains
 * them a little, says that it is ready, and then trains for as many seconds as it is told, each
 * network in a thread, on a GPU with a stream, of its own.
 */
public final class ThroughputServer {

    /** What a process prints when it is ready. */
    static final String READY = "throughput ready";

    /** What comes before the samples a second that it made. */
    static final String RATE = "throughput ";

    private static final int EPOCHS_BEFORE = 2;

    private final Workload workload;
    private final Device device;
    private final int networks;

    /**
     * Describes the server.
     *
     * @param settings of which the size of an epoch counts
     * @param network the network's name
     * @param device where to train
     * @param networks how many networks to train at once, 1 or more
     */
    public ThroughputServer(
            BenchmarkSettings settings, String network, Device device, int networks) {
        workload = settings.epochs(network);
        this.device = device;
        this.networks = networks;
    }

    /**
     * Trains until the requests end, each of which is a number of seconds.
     *
     * @param requests the requests
     * @param answers the answers
     * @throws IOException if requests cannot be read
     * @throws InterruptedException if this thread is interrupted
     * @throws IllegalStateException if the network cannot be compiled, or an epoch fails
     */
    public void serve(BufferedReader requests, PrintWriter answers)
            throws IOException, InterruptedException {
        List<ExecutorService> threads = new ArrayList<>();
        for (int i = 0; i < networks; i++) {
            threads.add(Executors.newSingleThreadExecutor());
        }
        try {
            List<EpochContender> contenders = onEach(threads, i -> newContender());
            answers.println(READY);
            answers.flush();
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                double seconds = Double.parseDouble(line);
                double rate = 0;
                for (double one : onEach(threads, i -> train(contenders.get(i), seconds))) {
                    rate += one;
                }
                answers.println(RATE + String.format(Locale.ROOT, "%.1f", rate));
                answers.flush();
            }
            onEach(
                    threads,
                    i -> {
                        contenders.get(i).close();
                        return i;
                    });
        } finally {
            threads.forEach(ExecutorService::shutdownNow);
        }
    }

    /** What the thread of a network does. */
    @FunctionalInterface
    private interface Work<T> {

        /** Works for the network of a number. */
        T of(int network) throws NotAcceleratedException;
    }

    private static <T> List<T> onEach(List<ExecutorService> threads, Work<T> work)
            throws InterruptedException {
        List<Future<T>> futures = new ArrayList<>();
        for (int i = 0; i < threads.size(); i++) {
            int network = i;
            Callable<T> call = () -> work.of(network);
            futures.add(threads.get(i).submit(call));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> future : futures) {
            try {
                results.add(future.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause().getMessage(), e);
            }
        }
        return results;
    }

    private EpochContender newContender() throws NotAcceleratedException {
        if (networks > 1) {
            Accelerator.of("PyTorch").useOwnStream(device);
        }
        EpochContender contender =
                EpochContender.compiled(workload, device, ScalingStrategy.multiplicative())
                        .orElseThrow(
                                () ->
                                        new NotAcceleratedException(
                                                workload.name(), "it cannot be compiled so"));
        for (int i = 0; i < EPOCHS_BEFORE; i++) {
            contender.run();
        }
        return contender;
    }

    /** Returns samples a second. */
    private double train(EpochContender contender, double seconds) {
        long start = System.nanoTime();
        long samples = 0;
        do {
            contender.run();
            samples += workload.rows();
        } while (System.nanoTime() - start < seconds * 1e9);
        return samples / ((System.nanoTime() - start) / 1e9);
    }
}
