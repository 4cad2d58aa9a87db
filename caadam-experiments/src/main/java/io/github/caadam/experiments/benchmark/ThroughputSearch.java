// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Looks for the fastest way to train many networks at once, question by question. What was faster
 * is kept for the questions that follow; how many networks a process trains is not, as runs of a
 * study are made one to a process. No measurement begins that might not end in time.
 */
final class ThroughputSearch {

    private static final List<Integer> PROCESSES = List.of(1, 2, 4, 8, 12, 16);
    private static final List<Integer> NETWORKS = List.of(2, 4);

    private final Meter meter;
    private final LongSupplier nanoseconds;
    private final Duration budget;
    private final Consumer<Row> listener;
    private final List<Row> rows = new ArrayList<>();
    private final long start;
    private ThroughputSetting best;
    private double bestRate = -1;
    private long longest;

    /** Measures a setting. */
    @FunctionalInterface
    interface Meter {

        /**
         * Measures.
         *
         * @return samples a second, all networks together
         * @throws ThroughputException if it cannot be measured; the message says why
         * @throws InterruptedException if this thread is interrupted
         */
        double measure(ThroughputSetting setting) throws ThroughputException, InterruptedException;
    }

    /**
     * A line of the table.
     *
     * @param question what was asked
     * @param setting what was measured
     * @param rate samples a second; NaN if it was not measured
     * @param remark {@code kept}, or why it was not measured; may be empty
     */
    record Row(String question, ThroughputSetting setting, double rate, String remark) {}

    /**
     * Prepares a search.
     *
     * @param first where it starts
     * @param meter what measures
     * @param nanoseconds the clock
     * @param budget the time that there is
     * @param listener what is told of each line
     */
    ThroughputSearch(
            ThroughputSetting first,
            Meter meter,
            LongSupplier nanoseconds,
            Duration budget,
            Consumer<Row> listener) {
        this.best = first;
        this.meter = meter;
        this.nanoseconds = nanoseconds;
        this.budget = budget;
        this.listener = listener;
        start = nanoseconds.getAsLong();
    }

    /** Measures everything there is time for. */
    void run() throws InterruptedException {
        int together = best.processes();
        ask("as usual", true, Stream.of(best));
        ask("channels first", true, changed(one -> one.with(ThroughputSetting.CHANNELS_FIRST)));
        ask("cuDNN's benchmark mode", true, changed(ThroughputSetting::withCudnnBenchmark));
        ask("explicit gradients", true, changed(one -> one.with(ThroughputSetting.EXPLICIT)));
        ask(
                "networks in one process",
                false,
                NETWORKS.stream()
                        .filter(networks -> networks <= together)
                        .map(networks -> best.withProcesses(together / networks, networks)));
        ask(
                "norms fused with ReLU",
                true,
                changed(one -> one.with(ThroughputSetting.EXPLICIT, ThroughputSetting.FUSED)));
        ask(
                "processes",
                true,
                PROCESSES.stream()
                        .filter(processes -> processes != together)
                        .map(processes -> best.withProcesses(processes, 1)));
    }

    private Stream<ThroughputSetting> changed(UnaryOperator<ThroughputSetting> change) {
        return Stream.of(change.apply(best));
    }

    private void ask(String question, boolean keeps, Stream<ThroughputSetting> candidates)
            throws InterruptedException {
        for (ThroughputSetting setting : candidates.toList()) {
            Row row = measure(question, keeps, setting);
            rows.add(row);
            listener.accept(row);
        }
    }

    private Row measure(String question, boolean keeps, ThroughputSetting setting)
            throws InterruptedException {
        long before = nanoseconds.getAsLong();
        if (before - start + longest > budget.toNanos()) {
            return new Row(question, setting, Double.NaN, "not measured: the time is up");
        }
        try {
            double rate = meter.measure(setting);
            boolean kept = keeps && rate > bestRate;
            if (kept) {
                best = setting;
                bestRate = rate;
            }
            return new Row(question, setting, rate, kept ? "kept" : "");
        } catch (ThroughputException e) {
            return new Row(question, setting, Double.NaN, "failed: " + e.getMessage());
        } finally {
            longest = Math.max(longest, nanoseconds.getAsLong() - before);
        }
    }

    /** Returns the fastest of the settings that runs can be made with. */
    ThroughputSetting best() {
        return best;
    }

    List<Row> rows() {
        return List.copyOf(rows);
    }
}
