package io.github.caadam.experiments.benchmark;

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
    private final List<List<Long>> times = new ArrayList<>();

    Turns(List<? extends Contender> contenders) {
        this.contenders = contenders;
        contenders.forEach(contender -> times.add(new ArrayList<>()));
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
            if (collectGarbage) {
                collectGarbage();
            }
            times.get(i).add(contenders.get(i).time());
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

    /**
     * The first contender's time over the second's, each ratio from the medians of several rounds,
     * for times so short that a round's order and interruptions show: as many rounds as there are
     * orders.
     */
    Ratio ratioOfGroups(int first, int second) {
        return Ratio.of(groupMedians(times.get(first)), groupMedians(times.get(second)));
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
