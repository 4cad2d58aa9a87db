// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * One planned run as a line of {@code runs.csv}, whatever became of it. The first ten columns are
 * those of the file that the paper's authors published with their results, so that the same tables
 * can be made of either; the others say what the run was and are empty where a file lacks them.
 *
 * @param dataset the data set, such as {@code california-housing}
 * @param architecture the network as the paper's tables name it, such as {@code 64-32}
 * @param optimizer the optimizer as the paper's tables name it, such as {@code CaAdam}
 * @param strategy the scaling strategy, {@code none} for the baselines
 * @param run the index of the run among those of its configuration, from 0
 * @param metric what {@code value} is, such as {@code rmse}
 * @param value the metric on the test rows; NaN if the run has no result
 * @param secondary the second metric on the test rows; NaN if unknown
 * @param seconds wall time of the training, in seconds; NaN if the run was not trained
 * @param epochs epochs trained
 * @param learningRate the initial learning rate, before scaling; NaN if unknown
 * @param stepsPerSecond optimizer steps by second of training, validation included; NaN if unknown
 * @param validationLoss the loss on the validation rows of the weights that were tested; NaN if
 *     unknown
 * @param factors the factors on the learning rate by parameter, where the run drew them; else empty
 * @param study the study that the run belongs to
 * @param protocol the protocol, such as {@code notebook}
 * @param reductions what was reduced against the full protocol, in words; empty if nothing was
 * @param id the run's id, a hash of everything that determines its result
 * @param commit the commit of the code that ran
 * @param status what became of the run
 * @param alias the id that the run had in a store of format 1; empty if none
 * @param place where it was made, in one line that is equal for places that are alike; empty if not
 *     known
 * @param secondaryMetric what {@code secondary} is; empty if not known
 * @param unit what a value of 1 means, such as {@code $1000}; empty for a share, or if not known
 * @param lowerIsBetter whether a lower value is better
 */
public record RunRow(
        String dataset,
        String architecture,
        String optimizer,
        String strategy,
        int run,
        String metric,
        double value,
        double secondary,
        double seconds,
        int epochs,
        double learningRate,
        double stepsPerSecond,
        double validationLoss,
        Map<String, Double> factors,
        String study,
        String protocol,
        String reductions,
        String id,
        String commit,
        RunStatus status,
        String alias,
        String place,
        String secondaryMetric,
        String unit,
        boolean lowerIsBetter) {

    /** Checks that all texts can be printed, and copies the factors in their order. */
    public RunRow {
        dataset = CsvText.shared("data set", dataset);
        architecture = CsvText.shared("architecture", architecture);
        optimizer = CsvText.shared("optimizer", optimizer);
        strategy = CsvText.shared("strategy", strategy);
        metric = CsvText.shared("metric", metric);
        study = CsvText.shared("study", study);
        protocol = CsvText.shared("protocol", protocol);
        reductions = CsvText.shared("reductions", reductions);
        CsvText.requirePrintable("id", id);
        commit = CsvText.shared("commit", commit);
        CsvText.requirePrintable("alias", alias);
        place = CsvText.shared("place", place);
        secondaryMetric = CsvText.shared("second metric", secondaryMetric);
        unit = CsvText.shared("unit", unit);
        Objects.requireNonNull(status, "status");
        factors =
                factors.isEmpty()
                        ? Map.of()
                        : Collections.unmodifiableMap(new LinkedHashMap<>(factors));
    }

    /**
     * Returns whether the run has a result.
     *
     * @return whether it finished
     */
    public boolean isFinished() {
        return status == RunStatus.FINISHED;
    }

    /** Whether the run was made to an end, be it that it diverged. */
    boolean isMade() {
        return status != RunStatus.MISSING && status != RunStatus.FAILED;
    }

    /**
     * Returns what the run is called.
     *
     * @return data set, network, optimizer, protocol and seed
     */
    public String label() {
        return label(dataset, architecture, optimizer, strategy, protocol, run);
    }

    static String label(
            String dataset,
            String architecture,
            String optimizer,
            String strategy,
            String protocol,
            int seed) {
        return String.join(" ", dataset, architecture, optimizer + ":" + strategy, protocol)
                + " seed "
                + seed;
    }

    /** Whether another line of the same id, under another label, has the same result. */
    boolean hasSameResultAs(RunRow other) {
        return status == other.status
                && Double.compare(value, other.value) == 0
                && Double.compare(secondary, other.secondary) == 0
                && epochs == other.epochs;
    }
}
