// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs contenders in turns, round after round, each round starting with another one: what changes
 * slowly, such as a clock frequency or a neighbour's load, then meets all of them alike, and a
 * ratio within a round hardly feels it.
 */
final class Turns {

    private static final double MEDIAN = 50;

    private final List<? extends Contender> contenders;
    private final boolean onProcessor;
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final List<List<Long>> times = new ArrayList<>();
    private final List<List<Long>> processorTimes = new ArrayList<>();

    /**
     * Takes up contenders.
     *
     * @param contenders the contenders
     * @param onProcessor whether their work is done by this thread; if not, as on a GPU, times on
     *     the processor are wall times
     */
    Turns(List<? extends Contender> contenders, boolean onProcessor) {
        this.contenders = contenders;
        this.onProcessor = onProcessor;
        for (int i = 0; i < contenders.size(); i++) {
            times.add(new ArrayList<>());
            processorTimes.add(new ArrayList<>());
        }
    }

    /** Runs each a number of times, not timed. */
    void warmUp(int rounds) {
        for (int round = 0; round < rounds; round++) {
            contenders.forEach(Contender::run);
        }
    }

    /**
     * Times rounds until the time is up.
     *
     * @param least rounds that are made in any case
     * @param most rounds that are not exceeded
     * @param budget the time after which no further round starts
     */
    void measure(int least, int most, Duration budget) {
        long start = System.nanoTime();
        for (int round = 0; round < most; round++) {
            if (round >= least && System.nanoTime() - start > budget.toNanos()) {
                return;
            }
            round(round, true);
        }
    }

    /** Times one round. */
    void round(int number, boolean collectGarbage) {
        for (int k = 0; k < contenders.size(); k++) {
            int place = (number / 2 + k) % contenders.size();
            int i = number % 2 == 0 ? place : contenders.size() - 1 - place;
            contenders.get(i).prepare();
            if (collectGarbage) {
                collectGarbage();
            }
            long before = threads.getCurrentThreadCpuTime();
            long time = contenders.get(i).time();
            long busy = threads.getCurrentThreadCpuTime() - before;
            times.get(i).add(time);
            processorTimes.get(i).add(onProcessor ? busy : time);
        }
    }

    /** So that nobody pays for what another one left behind. */
    private static void collectGarbage() {
        System.gc();
    }

    int rounds() {
        return times.get(0).size();
    }

    /** The first contender's time over the second's, each ratio from one round. */
    Ratio ratio(int first, int second) {
        return Ratio.of(times.get(first), times.get(second));
    }

    /** As {@link #ratio}, of the time that this thread was on a processor. */
    Ratio processorRatio(int first, int second) {
        return Ratio.of(processorTimes.get(first), processorTimes.get(second));
    }

    /**
     * The first contender's time over the second's, each ratio from the medians of several rounds,
     * for times so short that a round's order and interruptions show: as many rounds as there are
     * orders.
     */
    Ratio ratioOfGroups(int first, int second) {
        return Ratio.of(groupMedians(times.get(first)), groupMedians(times.get(second)));
    }

    /** As {@link #ratioOfGroups}, of the time that this thread was on a processor. */
    Ratio processorRatioOfGroups(int first, int second) {
        return Ratio.of(
                groupMedians(processorTimes.get(first)), groupMedians(processorTimes.get(second)));
    }

    private List<Long> groupMedians(List<Long> nanoseconds) {
        int size = 2 * contenders.size();
        List<Long> medians = new ArrayList<>();
        for (int start = 0; start + size <= nanoseconds.size(); start += size) {
            double[] group =
                    nanoseconds.subList(start, start + size).stream()
                            .mapToDouble(Long::doubleValue)
                            .toArray();
            medians.add(Math.round(Ratio.quantile(group, MEDIAN)));
        }
        return medians;
    }
}
