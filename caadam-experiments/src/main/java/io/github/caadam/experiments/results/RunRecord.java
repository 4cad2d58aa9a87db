// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A run as it is kept: what was run, what came out, every epoch, and where it ran. One JSON file
 * each.
 *
 * @param id the run's id
 * @param study the study that asked for it first
 * @param status {@code finished} or {@code diverged}
 * @param dataset the data set's name
 * @param dataSource where the data came from
 * @param dataDigest the digest of the data
 * @param architecture the network as the paper's tables name it
 * @param optimizer the optimizer as the paper's tables name it
 * @param strategy the scaling strategy
 * @param run the index of the run among those of its configuration
 * @param settings the optimizer and the protocol with all their options, and where they were drawn
 *     the factors by parameter
 * @param metric what {@code value} is
 * @param value the metric on the test rows; null if diverged
 * @param secondary the second metric; null if diverged
 * @param validationLoss the loss on the validation rows of the weights that were tested; null where
 *     the history has it, or if it is not known
 * @param seconds wall time of the training
 * @param epochs epochs trained
 * @param steps optimizer steps in all epochs; 0 in runs of versions that did not count them
 * @param bestEpoch the epoch, from 0, whose weights were tested; {@value #UNKNOWN_EPOCH} if unknown
 * @param history the epochs; empty for a run of which there was a line of {@code runs.csv} only
 * @param environment versions, machine, threads, commit, start time
 */
public record RunRecord(
        String id,
        String study,
        String status,
        String dataset,
        String dataSource,
        String dataDigest,
        String architecture,
        String optimizer,
        String strategy,
        int run,
        Map<String, JsonNode> settings,
        String metric,
        Double value,
        Double secondary,
        @JsonInclude(JsonInclude.Include.NON_NULL) Double validationLoss,
        double seconds,
        int epochs,
        long steps,
        int bestEpoch,
        List<EpochRecord> history,
        Map<String, String> environment) {

    /** The status of a run that has a result. */
    public static final String FINISHED = "finished";

    /** The status of a run whose loss became NaN or infinite. */
    public static final String DIVERGED = "diverged";

    /** In the place of an epoch that is not known. */
    public static final int UNKNOWN_EPOCH = -1;

    /**
     * One epoch.
     *
     * @param loss the mean training loss
     * @param validationLoss the validation loss after it
     * @param learningRate the learning rate before scaling
     */
    public record EpochRecord(double loss, double validationLoss, double learningRate) {}

    /** Copies the collections. */
    public RunRecord {
        settings = Map.copyOf(settings);
        history = List.copyOf(history);
        environment = Map.copyOf(environment);
    }

    /**
     * Returns whether the run has a result.
     *
     * @return whether it finished
     */
    @JsonIgnore
    public boolean isFinished() {
        return FINISHED.equals(status);
    }

    /**
     * Returns whether another run of the same id came to the same result: all but times and the
     * environment, and the epochs where one of the two has them not.
     *
     * @param other the other run
     * @return whether it did, to the last bit
     */
    public boolean hasSameResultAs(RunRecord other) {
        return status.equals(other.status)
                && Objects.equals(value, other.value)
                && Objects.equals(secondary, other.secondary)
                && epochs == other.epochs
                && (history.isEmpty()
                        || other.history.isEmpty()
                        || (bestEpoch == other.bestEpoch && history.equals(other.history)));
    }

    /**
     * Returns the loss on the validation rows of the weights that were tested.
     *
     * @return the loss; NaN if it is not known
     */
    public double testedValidationLoss() {
        if (validationLoss != null) {
            return validationLoss;
        }
        return bestEpoch >= 0 && bestEpoch < history.size()
                ? history.get(bestEpoch).validationLoss()
                : Double.NaN;
    }

    /**
     * Returns the run as a line of {@code runs.csv}. What a run is a part of is not a property of
     * the run: the same run may serve several studies, and a study in part and then in whole.
     *
     * @param partOf the study that is collected
     * @param reductions what that study reduces against the full protocol
     * @return the line
     * @throws IllegalStateException if the run has no result
     */
    public RunRow toRow(String partOf, String reductions) {
        if (!isFinished()) {
            throw new IllegalStateException("The run " + id + " has no result: it " + status + ".");
        }
        return new RunRow(
                dataset,
                architecture,
                optimizer,
                strategy,
                run,
                metric,
                value,
                secondary,
                seconds,
                epochs,
                settings.get("optimizer").path("learningRate").asDouble(Double.NaN),
                steps == 0 ? Double.NaN : steps / seconds,
                testedValidationLoss(),
                factors(),
                partOf,
                settings.get("protocol").path("name").asText(),
                reductions,
                id,
                environment.getOrDefault("commit", ""));
    }

    private Map<String, Double> factors() {
        Map<String, Double> factors = new LinkedHashMap<>();
        if (settings.containsKey("factors")) {
            settings.get("factors")
                    .properties()
                    .forEach(one -> factors.put(one.getKey(), one.getValue().asDouble()));
        }
        return factors;
    }
}
