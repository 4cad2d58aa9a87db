// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import io.github.caadam.experiments.study.RunSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How long a study takes, from the runs of it that were made: those still missing are taken to need
 * what the finished ones of their network and optimizer needed on average, and workers to share
 * them evenly. Loading data and starting processes are not counted.
 *
 * @param networks network by network
 * @param workers how many processes
 */
public record StudyProjection(List<Network> networks, int workers) {

    /** Copies the list. */
    public StudyProjection {
        networks = List.copyOf(networks);
    }

    /**
     * A network's runs.
     *
     * @param name the network, with the data set where it may be trained on several
     * @param runs how many there are to be
     * @param finished how many there are
     * @param secondsPerRun the mean of a run, over optimizers and seeds
     * @param secondsLeft what the missing runs need, one after the other
     */
    public record Network(
            String name, int runs, int finished, double secondsPerRun, double secondsLeft) {

        double secondsInAll() {
            return runs * secondsPerRun;
        }
    }

    /**
     * Projects.
     *
     * @param seconds of every run of a study, in any order, its wall time; empty if it is missing
     * @param workers how many processes
     */
    static StudyProjection of(Map<RunSpec, OptionalDouble> seconds, int workers) {
        boolean several =
                seconds.keySet().stream().map(spec -> spec.labels().data()).distinct().count() > 1;
        Map<String, Map<String, List<OptionalDouble>>> grid = new LinkedHashMap<>();
        seconds.forEach(
                (spec, time) ->
                        grid.computeIfAbsent(
                                        network(spec, several), network -> new LinkedHashMap<>())
                                .computeIfAbsent(row(spec), optimizer -> new ArrayList<>())
                                .add(time));
        List<Network> networks = new ArrayList<>();
        grid.forEach((name, optimizers) -> networks.add(network(name, optimizers)));
        return new StudyProjection(networks, workers);
    }

    private static String row(RunSpec spec) {
        return spec.labels().optimizer() + ":" + spec.labels().strategy();
    }

    private static String network(RunSpec spec, boolean severalData) {
        return spec.model().reference() + (severalData ? " " + spec.labels().data() : "");
    }

    private static Network network(String name, Map<String, List<OptionalDouble>> optimizers) {
        List<OptionalDouble> all = optimizers.values().stream().flatMap(List::stream).toList();
        double meanOfAll = mean(all, Double.NaN);
        double inAll = 0;
        double left = 0;
        for (List<OptionalDouble> times : optimizers.values()) {
            double mean = mean(times, meanOfAll);
            inAll += mean * times.size();
            left += mean * times.stream().filter(OptionalDouble::isEmpty).count();
        }
        int finished = (int) all.stream().filter(OptionalDouble::isPresent).count();
        return new Network(name, all.size(), finished, inAll / all.size(), left);
    }

    private static double mean(List<OptionalDouble> times, double otherwise) {
        return times.stream().flatMapToDouble(OptionalDouble::stream).average().orElse(otherwise);
    }

    /** Returns a table with a line per network and one for the whole study. */
    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder(
                        String.format(
                                Locale.ROOT,
                                "%-26s %6s %6s %10s %12s %12s%n",
                                "network",
                                "runs",
                                "there",
                                "s a run",
                                "left",
                                "in all"));
        for (Network network : networks) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "%-26s %6d %6d %10.1f %12s %12s%n",
                            network.name(),
                            network.runs(),
                            network.finished(),
                            network.secondsPerRun(),
                            wallTime(network.secondsLeft()),
                            wallTime(network.secondsInAll())));
        }
        return text.append(
                        String.format(
                                Locale.ROOT,
                                "%-26s %6d %6d %10s %12s %12s",
                                "total, " + workers + (workers == 1 ? " worker" : " workers"),
                                networks.stream().mapToInt(Network::runs).sum(),
                                networks.stream().mapToInt(Network::finished).sum(),
                                "",
                                wallTime(networks.stream().mapToDouble(Network::secondsLeft).sum()),
                                wallTime(
                                        networks.stream()
                                                .mapToDouble(Network::secondsInAll)
                                                .sum())))
                .toString();
    }

    private String wallTime(double secondsOfOne) {
        if (Double.isNaN(secondsOfOne)) {
            return "unknown";
        }
        Duration time = Duration.ofSeconds(Math.round(secondsOfOne / workers));
        return String.format(
                Locale.ROOT,
                "%d:%02d:%02d",
                time.toHours(),
                time.toMinutesPart(),
                time.toSecondsPart());
    }
}
