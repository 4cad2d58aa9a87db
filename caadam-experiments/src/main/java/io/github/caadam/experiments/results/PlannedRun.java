// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A run that a store is to hold, and what it is called.
 *
 * @param question what it asks
 * @param aliases the ids that it had in stores of format 1
 * @param dataset the data as tables name them
 * @param architecture the network as the paper's tables name it
 * @param optimizer the optimizer as the paper's tables name it
 * @param strategy the scaling strategy, with every option that is not what the protocol gives
 * @param protocol the protocol's name
 * @param metric what its value is to be, such as {@code rmse}
 * @param secondaryMetric what its second value is to be; null in plans of before
 * @param unit what a value of 1 means; null in plans of before
 * @param lowerIsBetter whether a lower value is better; null in plans of before
 * @param also further metrics that are compared; null in plans of before
 */
public record PlannedRun(
        Question question,
        List<String> aliases,
        String dataset,
        String architecture,
        String optimizer,
        String strategy,
        String protocol,
        String metric,
        String secondaryMetric,
        String unit,
        Boolean lowerIsBetter,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Further> also) {

    /**
     * A metric beside that which the study compares by.
     *
     * @param name its name
     * @param unit what a value of 1 means; empty if not known
     * @param lowerIsBetter whether a lower value is better
     */
    public record Further(String name, String unit, boolean lowerIsBetter) {

        /**
         * Checks the texts.
         *
         * @throws IllegalArgumentException if one cannot be printed
         */
        public Further {
            name = CsvText.shared("metric", name);
            unit = CsvText.shared("unit", unit);
        }
    }

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if a text cannot be printed
     */
    public PlannedRun {
        aliases = List.copyOf(aliases);
        also = also == null ? List.of() : List.copyOf(also);
        // Plans of before named data by what they were.
        dataset = dataset == null ? question.dataset() : dataset;
        dataset = CsvText.shared("data set", dataset);
        architecture = CsvText.shared("architecture", architecture);
        optimizer = CsvText.shared("optimizer", optimizer);
        strategy = CsvText.shared("strategy", strategy);
        protocol = CsvText.shared("protocol", protocol);
        metric = CsvText.shared("metric", metric);
        ResultMetric implied = ResultMetric.of(metric);
        secondaryMetric = secondaryMetric == null ? implied.secondary() : secondaryMetric;
        unit = unit == null ? "" : unit;
        lowerIsBetter = lowerIsBetter == null ? implied.lowerIsBetter() : lowerIsBetter;
        secondaryMetric = CsvText.shared("second metric", secondaryMetric);
        unit = CsvText.shared("unit", unit);
    }

    /**
     * Returns the run's id.
     *
     * @return 16 hex digits
     */
    public String id() {
        return question.id();
    }

    /**
     * Returns the seed.
     *
     * @return the seed
     */
    public int seed() {
        return question.seed();
    }

    /**
     * Returns everything but the seed in a few words.
     *
     * @return data set, model and optimizer
     */
    public String configuration() {
        return dataset + " " + model() + " " + optimizer + ":" + strategy;
    }

    /**
     * Returns the run in a few words.
     *
     * @return configuration and seed
     */
    public String label() {
        return configuration() + " seed " + seed();
    }

    /**
     * Returns this run with another question.
     *
     * @param other what it asks
     * @return the run
     */
    public PlannedRun asking(Question other) {
        return new PlannedRun(
                other,
                aliases,
                dataset,
                architecture,
                optimizer,
                strategy,
                protocol,
                metric,
                secondaryMetric,
                unit,
                lowerIsBetter,
                also);
    }

    /** Returns this run with the aliases of the same run in an earlier plan, too. */
    PlannedRun withAliases(PlannedRun earlier) {
        Set<String> all = new LinkedHashSet<>(earlier.aliases);
        all.addAll(aliases);
        return new PlannedRun(
                question,
                List.copyOf(all),
                dataset,
                architecture,
                optimizer,
                strategy,
                protocol,
                metric,
                secondaryMetric,
                unit,
                lowerIsBetter,
                also);
    }

    /** This run by one of its further metrics, with that of before as the second one. */
    PlannedRun by(Further further) {
        return new PlannedRun(
                question,
                aliases,
                dataset,
                architecture,
                optimizer,
                strategy,
                protocol,
                further.name(),
                metric,
                further.unit(),
                further.lowerIsBetter(),
                List.of());
    }

    /** The network by the name that says all, or else as tables name it. */
    private String model() {
        return question.part(Question.MODEL).size() == 1 && !question.model().isEmpty()
                ? question.model()
                : architecture;
    }

    /**
     * Returns what the run is called in {@code runs.csv}, which no two runs of a store may share
     * unless they are the same.
     *
     * @return data set, network, optimizer, protocol and seed
     */
    public String name() {
        return RunRow.label(dataset, architecture, optimizer, strategy, protocol, seed());
    }

    /** The line of a run that has no record. */
    RunRow row(RunStatus status, String study, String reductions) {
        return new RunRow(
                dataset,
                architecture,
                optimizer,
                strategy,
                seed(),
                metric,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                0,
                question.learningRate(),
                Double.NaN,
                Double.NaN,
                Map.of(),
                study,
                protocol,
                reductions,
                id(),
                "",
                status,
                aliases.isEmpty() ? "" : aliases.get(0),
                "",
                secondaryMetric,
                unit,
                lowerIsBetter);
    }
}
