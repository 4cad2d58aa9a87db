// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import io.github.caadam.experiments.results.CompareSettings;
import io.github.caadam.experiments.results.Effort;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.StudyRuns;
import io.github.caadam.experiments.statistics.HolmCorrection;
import io.github.caadam.experiments.statistics.NoTest;
import io.github.caadam.experiments.statistics.RankTest;
import io.github.caadam.experiments.statistics.Sample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How soon the runs of a group reach the targets of their study. A run that misses a target takes
 * for ever, as in AlgoPerf (Dahl and others, Benchmarking neural network training algorithms,
 * 2023), and so does one that was lost.
 *
 * @since 0.1.0
 */
public final class TimeToTarget {

    private final RunGroup group;
    private final Map<String, RunRecord> records = new HashMap<>();
    private final List<Target> targets = new ArrayList<>();

    /**
     * Looks at a group.
     *
     * @param study the study that it is of
     * @param group the group
     */
    public TimeToTarget(StudyRuns study, RunGroup group) {
        this.group = group;
        study.records().forEach(run -> records.put(run.id(), run));
        CompareSettings settings = study.compare();
        List<Effort> efforts =
                settings.against().isEmpty() ? List.of(Effort.values()) : settings.against();
        settings.targets()
                .forEach(
                        (name, values) -> {
                            if (name.equals(Target.VALIDATION_LOSS)
                                    || name.equals(group.metric())) {
                                values.forEach(value -> add(name, value, efforts));
                            }
                        });
    }

    private void add(String name, double value, List<Effort> efforts) {
        efforts.forEach(effort -> targets.add(new Target(name, value, effort)));
    }

    /**
     * Compares every configuration with the baseline of the study.
     *
     * @return the contrasts by target, problem and configuration; none where a run of either side
     *     has no losses by epoch, which a target of the validation loss needs
     */
    public List<TargetContrast> contrasts() {
        return targets.stream()
                .flatMap(
                        target ->
                                group.problems().stream()
                                        .flatMap(problem -> family(target, problem)))
                .toList();
    }

    /**
     * Makes performance profiles of each target.
     *
     * @return the profiles by target and configuration
     */
    public List<Profile> profiles() {
        return targets.stream()
                .flatMap(
                        target ->
                                Profile.of(
                                        group,
                                        target,
                                        (problem, configuration) ->
                                                efforts(target, problem, configuration))
                                        .stream())
                .toList();
    }

    private Stream<TargetContrast> family(Target target, Problem problem) {
        Optional<Sample> theirs = efforts(target, problem, group.baseline());
        List<TargetContrast> contrasts = new ArrayList<>();
        for (Configuration configuration : group.configurations(problem)) {
            if (!configuration.equals(group.baseline())) {
                Optional<Sample> ours = efforts(target, problem, configuration);
                if (ours.isPresent() && theirs.isPresent()) {
                    contrasts.add(
                            contrast(target, problem, configuration, ours.get(), theirs.get()));
                }
            }
        }
        List<Double> adjusted =
                HolmCorrection.adjust(contrasts.stream().map(TargetContrast::p).toList());
        return IntStream.range(0, contrasts.size())
                .mapToObj(i -> contrasts.get(i).corrected(adjusted.get(i)));
    }

    private TargetContrast contrast(
            Target target,
            Problem problem,
            Configuration configuration,
            Sample ours,
            Sample theirs) {
        boolean unlike =
                target.effort() == Effort.SECONDS
                        && !Places.areAlike(
                                group.runs(problem, configuration),
                                group.runs(problem, group.baseline()));
        return new TargetContrast(
                problem,
                configuration,
                group.baseline(),
                target,
                ours,
                theirs,
                group.counts(problem, configuration).lostTooMany()
                        || group.counts(problem, group.baseline()).lostTooMany(),
                RankTest.of(ours, theirs, true),
                unlike ? Optional.of(NoTest.UNLIKE_PLACES) : Optional.empty(),
                Double.NaN);
    }

    private Optional<Sample> efforts(Target target, Problem problem, Configuration configuration) {
        List<RunRow> runs = group.made(problem, configuration);
        double[] efforts =
                runs.stream()
                        .map(run -> effort(target, run))
                        .flatMapToDouble(OptionalDouble::stream)
                        .toArray();
        return efforts.length == 0 || efforts.length < runs.size()
                ? Optional.empty()
                : Optional.of(Sample.of(efforts));
    }

    private OptionalDouble effort(Target target, RunRow run) {
        if (!run.isFinished()) {
            return OptionalDouble.of(Double.POSITIVE_INFINITY);
        }
        if (!target.name().equals(Target.VALIDATION_LOSS)) {
            boolean reached =
                    group.lowerIsBetter()
                            ? run.value() <= target.value()
                            : run.value() >= target.value();
            return effort(target, run, reached ? run.epochs() : 0);
        }
        RunRecord record = records.get(run.id());
        if (record == null || record.history().isEmpty()) {
            return OptionalDouble.empty();
        }
        int epoch = 1;
        for (RunRecord.EpochRecord one : record.history()) {
            if (one.validationLoss() <= target.value()) {
                return effort(target, run, epoch);
            }
            epoch++;
        }
        return effort(target, run, 0);
    }

    /** The effort of some epochs of a run, or of none that reached the target. */
    private static OptionalDouble effort(Target target, RunRow run, int epochs) {
        if (epochs == 0) {
            return OptionalDouble.of(Double.POSITIVE_INFINITY);
        }
        double effort =
                target.effort() == Effort.EPOCHS ? epochs : run.seconds() * epochs / run.epochs();
        return Double.isNaN(effort) ? OptionalDouble.empty() : OptionalDouble.of(effort);
    }
}
