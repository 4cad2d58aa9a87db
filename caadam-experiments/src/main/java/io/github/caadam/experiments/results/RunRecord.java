// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A run as it is kept: what was asked, what came out, every epoch, and where it was made. One JSON
 * file each.
 *
 * @param id the run's id, that of its question
 * @param aliases the ids that it had in stores of format 1
 * @param study the study that asked for it first
 * @param status finished, diverged or invalid
 * @param dataset the data set's name
 * @param dataSource where the data came from
 * @param architecture the network as the paper's tables name it
 * @param optimizer the optimizer as the paper's tables name it
 * @param strategy the scaling strategy
 * @param protocol the protocol's name
 * @param run the index of the run among those of its configuration
 * @param question all that determines the result
 * @param factors the factors on the learning rate by parameter, where the run drew them; else empty
 * @param metric what {@code value} is
 * @param value the metric on the test rows; null if there is no result
 * @param secondary the second metric; null if there is no result
 * @param metrics all metrics on the test rows that are finite, by name; empty in runs of before,
 *     and if there is no result
 * @param validationLoss the loss on the validation rows of the weights that were tested; null where
 *     the history has it, or if it is not known
 * @param seconds wall time of the training
 * @param epochs epochs trained
 * @param steps optimizer steps in all epochs; 0 in runs of versions that did not count them
 * @param bestEpoch the epoch, from 0, whose weights were tested; {@value #UNKNOWN_EPOCH} if unknown
 * @param history the epochs; empty for a run of which there was a line of {@code runs.csv} only
 * @param stints where the epochs were made, in order
 */
public record RunRecord(
        String id,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> aliases,
        String study,
        RunStatus status,
        String dataset,
        String dataSource,
        String architecture,
        String optimizer,
        String strategy,
        String protocol,
        int run,
        Question question,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Double> factors,
        String metric,
        Double value,
        Double secondary,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Double> metrics,
        @JsonInclude(JsonInclude.Include.NON_NULL) Double validationLoss,
        double seconds,
        int epochs,
        long steps,
        int bestEpoch,
        List<EpochRecord> history,
        List<Stint> stints) {

    private static final Shared<String> SOURCES = new Shared<>();

    /** In the place of an epoch that is not known. */
    public static final int UNKNOWN_EPOCH = -1;

    /** Earlier first; of those that started together, or nobody knows when, by their places. */
    private static final Comparator<RunRecord> BY_START =
            Comparator.comparing((RunRecord run) -> run.started().isEmpty())
                    .thenComparing(RunRecord::started)
                    .thenComparing(RunRecord::place);

    /**
     * One epoch.
     *
     * @param loss the mean training loss
     * @param validationLoss the validation loss after it
     * @param learningRate the learning rate before scaling
     * @param monitored the metric on the validation rows that the protocol monitors; null where
     *     that is the validation loss
     */
    public record EpochRecord(
            double loss,
            double validationLoss,
            double learningRate,
            @JsonInclude(JsonInclude.Include.NON_NULL) Double monitored) {}

    /**
     * Copies the collections.
     *
     * @throws IllegalArgumentException if the id is not that of the question, a run that finished
     *     has no finite value, or a text cannot be printed
     */
    public RunRecord {
        aliases = aliases == null ? List.of() : List.copyOf(aliases);
        factors =
                factors == null || factors.isEmpty()
                        ? Map.of()
                        : Collections.unmodifiableMap(new LinkedHashMap<>(factors));
        metrics =
                metrics == null
                        ? Map.of()
                        : Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        history = Epochs.copyOf(history);
        stints = List.copyOf(stints);
        study = CsvText.shared("study", study);
        dataset = CsvText.shared("data set", dataset);
        dataSource = SOURCES.one(dataSource, source -> {});
        Objects.requireNonNull(status, "status");
        architecture = CsvText.shared("architecture", architecture);
        optimizer = CsvText.shared("optimizer", optimizer);
        strategy = CsvText.shared("strategy", strategy);
        protocol = CsvText.shared("protocol", protocol);
        metric = CsvText.shared("metric", metric);
        CsvText.shared("place", Stint.describe(stints));
        if (!question.id().equals(id) || question.seed() != run) {
            throw new IllegalArgumentException(
                    "The run " + id + " asks what has the id " + question.id() + ".");
        }
        id = question.id();
        if (status == RunStatus.FINISHED
                && (value == null || secondary == null || !Double.isFinite(value))) {
            throw new IllegalArgumentException("The run " + id + " finished without a value.");
        }
    }

    /**
     * Returns whether the run has a result.
     *
     * @return whether it finished
     */
    @JsonIgnore
    public boolean isFinished() {
        return status == RunStatus.FINISHED;
    }

    /**
     * Returns whether another run of the same id came to the same result: all but times and places,
     * as far as both know it. A run of which there was only a line of {@code runs.csv} knows
     * neither its epochs nor the best one, and others may not know steps, factors and validation
     * loss.
     *
     * @param other the other run
     * @return whether it did, to the last bit
     */
    public boolean hasSameResultAs(RunRecord other) {
        return status == other.status
                && Objects.equals(value, other.value)
                && Objects.equals(secondary, other.secondary)
                && metrics.entrySet().stream()
                        .allMatch(
                                one ->
                                        one.getValue()
                                                .equals(
                                                        other.metrics.getOrDefault(
                                                                one.getKey(), one.getValue())))
                && epochs == other.epochs
                && (steps == 0 || other.steps == 0 || steps == other.steps)
                && (factors.isEmpty() || other.factors.isEmpty() || factors.equals(other.factors))
                && (bestEpoch == UNKNOWN_EPOCH
                        || other.bestEpoch == UNKNOWN_EPOCH
                        || bestEpoch == other.bestEpoch)
                && sameIfKnown(testedValidationLoss(), other.testedValidationLoss())
                && (history.isEmpty() || other.history.isEmpty() || history.equals(other.history));
    }

    private static boolean sameIfKnown(double one, double other) {
        return Double.isNaN(one) || Double.isNaN(other) || one == other;
    }

    /**
     * Returns where the run was made.
     *
     * @return one line, equal for runs whose epochs were made in places that are alike; empty if
     *     not known
     */
    public String place() {
        return Stint.describe(stints);
    }

    /**
     * Returns when the run was started.
     *
     * @return the time, UTC; empty if not known
     */
    public String started() {
        return stints.isEmpty() ? "" : stints.get(0).started();
    }

    /**
     * Returns the commit of the code that ended the run.
     *
     * @return the commit; empty if not known
     */
    public String commit() {
        return stints.isEmpty() ? "" : stints.get(stints.size() - 1).commit();
    }

    /**
     * Of two runs of one id from two places, says which is the run and which its replica. The
     * results have no part in it.
     *
     * @param other the other run
     * @return whether this one is the run
     */
    boolean precedes(RunRecord other) {
        return BY_START.compare(this, other) <= 0;
    }

    /** What distinguishes this run's place from others, as a part of a file's name. */
    String placeDigest() {
        return Question.digest(
                stints.stream()
                        .map(stint -> stint.from() + "-" + stint.to() + " " + stint.place())
                        .collect(Collectors.joining("\n")));
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
     * Returns a metric on the test rows.
     *
     * @param name its name
     * @return the value; NaN if the run did not measure it, or it is not finite
     */
    public double metric(String name) {
        if (!isFinished()) {
            return Double.NaN;
        }
        if (metrics.containsKey(name)) {
            return metrics.get(name);
        }
        if (metric.equals(name)) {
            return value;
        }
        return metrics.isEmpty() && ResultMetric.of(metric).secondary().equals(name)
                ? secondary
                : Double.NaN;
    }

    /**
     * Returns whether the run says what a plan wants to know.
     *
     * @param planned the run as the plan has it
     * @return false if it finished without measuring the plan's metrics, and is to be made again
     */
    public boolean answers(PlannedRun planned) {
        return !isFinished()
                || (!Double.isNaN(metric(planned.metric()))
                        && (planned.secondaryMetric().isEmpty()
                                || !metrics.isEmpty()
                                || !Double.isNaN(metric(planned.secondaryMetric()))));
    }

    /**
     * Returns the run under the labels that it was made under.
     *
     * @return the run as a plan has it
     */
    public PlannedRun planned() {
        return new PlannedRun(
                question,
                aliases,
                dataset,
                architecture,
                optimizer,
                strategy,
                protocol,
                metric,
                null,
                null,
                null,
                null);
    }

    /**
     * Returns the run as a line of {@code runs.csv}. What a run is called and what it is a part of
     * are no properties of the run: the same run may serve several studies, and a study in part and
     * then in whole.
     *
     * @param planned what it is called
     * @param partOf the study that is collected
     * @param reductions what that study reduces against the full protocol
     * @return the line
     */
    public RunRow toRow(PlannedRun planned, String partOf, String reductions) {
        return new RunRow(
                planned.dataset(),
                planned.architecture(),
                planned.optimizer(),
                planned.strategy(),
                run,
                planned.metric(),
                metric(planned.metric()),
                metric(planned.secondaryMetric()),
                seconds,
                epochs,
                question.learningRate(),
                steps == 0 ? Double.NaN : steps / seconds,
                isFinished() ? testedValidationLoss() : Double.NaN,
                factors,
                partOf,
                planned.protocol(),
                reductions,
                id,
                commit(),
                isFinished() && Double.isNaN(metric(planned.metric())) ? RunStatus.INVALID : status,
                aliases.isEmpty() ? "" : aliases.get(0),
                place(),
                planned.secondaryMetric(),
                planned.unit(),
                planned.lowerIsBetter());
    }
}
