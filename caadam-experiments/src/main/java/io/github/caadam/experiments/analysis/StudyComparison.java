// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import io.github.caadam.experiments.results.CompareSettings;
import io.github.caadam.experiments.results.PublishedMeans;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.StudyRuns;
import io.github.caadam.experiments.statistics.MeanDifference;
import io.github.caadam.experiments.statistics.Sample;
import io.github.caadam.experiments.statistics.Summary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Two studies, cell by cell: what was run in both on the same problem, by the same configuration
 * and metric. A verdict says how the first stands to the second.
 *
 * @param measure the metric
 * @param margin the margin of equivalence, if there is one
 * @param cells the cells that both have, in the order of the first
 * @param onlyFirst how many cells the first has besides
 * @param onlySecond how many cells the second has besides
 * @since 0.1.0
 */
public record StudyComparison(
        Measure measure, Optional<Double> margin, List<Cell> cells, int onlyFirst, int onlySecond) {

    /** Copies the cells. */
    public StudyComparison {
        cells = List.copyOf(cells);
    }

    /**
     * A cell that both have.
     *
     * @param contrast the first against the second, corrected over all cells of the metric
     * @param first what the first has; empty where no run of it finished
     * @param second what the second has; empty where no run of it finished
     */
    public record Cell(Contrast contrast, Optional<Summary> first, Optional<Summary> second) {}

    /** What a study has in a cell, and how the cell is called. */
    private record Key(Problem problem, Configuration configuration) {}

    /** The margin that is named, else that of the first study, else that of the second. */
    private static Optional<Double> margin(
            Optional<Double> named, RunGroup first, Optional<CompareSettings> second) {
        if (named.isPresent()) {
            return named;
        }
        Optional<Double> ours = first.margin();
        Optional<Double> theirs = second.flatMap(first::margin);
        if (ours.isPresent() && theirs.isPresent() && !ours.equals(theirs)) {
            throw new IllegalArgumentException(
                    "The studies have different margins of "
                            + first.metric()
                            + ", "
                            + ours.get()
                            + " and "
                            + theirs.get()
                            + "; say by --margin which one counts.");
        }
        return ours.or(() -> theirs);
    }

    /**
     * Compares two studies.
     *
     * @param first the first
     * @param second the second
     * @param margin the margin; where it is empty, that of the studies
     * @return a comparison for each metric and protocol that both have; none if they have no cell
     *     in common
     * @throws IllegalArgumentException if no margin is given and the studies have different ones
     */
    public static List<StudyComparison> of(
            StudyRuns first, StudyRuns second, Optional<Double> margin) {
        List<RunGroup> theirs = RunGroup.of(second);
        List<StudyComparison> all = new ArrayList<>();
        for (RunGroup group : RunGroup.of(first)) {
            counterpart(group, theirs)
                    .flatMap(
                            other ->
                                    of(
                                            group,
                                            other,
                                            margin(margin, group, Optional.of(second.compare()))))
                    .ifPresent(all::add);
        }
        return List.copyOf(all);
    }

    /** The group of the same metric, of several the one of the same protocol. */
    private static Optional<RunGroup> counterpart(RunGroup group, List<RunGroup> others) {
        List<RunGroup> fitting =
                others.stream()
                        .filter(
                                other ->
                                        other.metric().equals(group.metric())
                                                && !keys(group, other).isEmpty())
                        .toList();
        return fitting.size() == 1
                ? Optional.of(fitting.get(0))
                : fitting.stream()
                        .filter(other -> other.protocol().equals(group.protocol()))
                        .findFirst();
    }

    private static Stream<Key> made(RunGroup group) {
        return group.cells().stream()
                .filter(cell -> cell.counts().made() > 0)
                .map(cell -> new Key(cell.problem(), cell.configuration()));
    }

    private static List<Key> keys(RunGroup first, RunGroup second) {
        List<Key> theirs = made(second).toList();
        return made(first).filter(theirs::contains).toList();
    }

    private static Optional<StudyComparison> of(
            RunGroup first, RunGroup second, Optional<Double> margin) {
        List<Key> keys = keys(first, second);
        List<Contrast> contrasts =
                keys.stream()
                        .map(
                                key ->
                                        Contrasts.of(
                                                new Sides(
                                                        key.problem(),
                                                        first,
                                                        key.configuration(),
                                                        second,
                                                        key.configuration()),
                                                margin))
                        .toList();
        return comparison(
                first,
                margin,
                contrasts,
                contrast -> contrast.baselineValue().map(Sample::summary),
                made(second).count());
    }

    /**
     * Holds a study against published means.
     *
     * @param first the study
     * @param second the means; a line without a data set is of the study's only one
     * @param margin the margin; where it is empty, that of the study
     * @return a comparison for each metric that both have; none if they have no cell in common
     * @throws IllegalArgumentException if lines have no data set and the study has several
     */
    public static List<StudyComparison> of(
            StudyRuns first, PublishedMeans second, Optional<Double> margin) {
        List<String> datasets = first.lines().stream().map(RunRow::dataset).distinct().toList();
        if (datasets.size() > 1
                && second.lines().stream().anyMatch(line -> line.dataset().isEmpty())) {
            throw new IllegalArgumentException(
                    "The means name no data set, and the study has several: "
                            + String.join(", ", datasets)
                            + "; give the means a column dataset.");
        }
        return RunGroup.of(first).stream()
                .map(group -> of(group, second, margin(margin, group, Optional.empty())))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<StudyComparison> of(
            RunGroup first, PublishedMeans second, Optional<Double> margin) {
        List<PublishedMeans.Line> lines =
                second.lines().stream()
                        .filter(line -> line.metric().equals(first.metric()))
                        .toList();
        Map<Key, Summary> theirs = new HashMap<>();
        List<Contrast> contrasts = new ArrayList<>();
        made(first)
                .forEach(
                        key ->
                                lines.stream()
                                        .filter(line -> isOf(line, key))
                                        .findFirst()
                                        .ifPresent(
                                                line -> {
                                                    Summary summary =
                                                            new Summary(
                                                                    line.n(),
                                                                    line.mean(),
                                                                    line.deviation());
                                                    theirs.put(key, summary);
                                                    contrasts.add(
                                                            contrast(first, key, summary, margin));
                                                }));
        return comparison(
                first,
                margin,
                contrasts,
                contrast ->
                        Optional.of(
                                theirs.get(
                                        new Key(
                                                contrast.problem().orElseThrow(),
                                                contrast.configuration()))),
                lines.size());
    }

    private static boolean isOf(PublishedMeans.Line line, Key key) {
        return (line.dataset().isEmpty() || line.dataset().equals(key.problem().dataset()))
                && line.architecture().equals(key.problem().architecture())
                && new Configuration(line.optimizer(), line.strategy()).equals(key.configuration());
    }

    private static Contrast contrast(
            RunGroup group, Key key, Summary theirs, Optional<Double> margin) {
        Counts counts = group.counts(key.problem(), key.configuration());
        Optional<Sample> values = group.sample(key.problem(), key.configuration(), RunRow::value);
        MeanDifference gain =
                values.map(
                                ours ->
                                        MeanDifference.ofSummaries(
                                                ours.summary(), theirs, group.lowerIsBetter()))
                        .orElse(MeanDifference.UNKNOWN);
        return new Contrast(
                Optional.of(key.problem()),
                key.configuration(),
                key.configuration(),
                counts,
                Counts.finished(theirs.n()),
                true,
                counts.lostTooMany(),
                gain,
                Optional.empty(),
                values,
                Optional.empty(),
                Double.NaN,
                // No rank is known of the other side, so that no lost run can be ranked.
                counts.lost() > 0
                        ? Optional.of(new LostRuns(Double.NaN, Double.NaN, Double.NaN))
                        : Optional.empty(),
                margin.map(gain::equivalence),
                Double.NaN,
                Double.NaN);
    }

    private static Optional<StudyComparison> comparison(
            RunGroup first,
            Optional<Double> margin,
            List<Contrast> uncorrected,
            Function<Contrast, Optional<Summary>> theirs,
            long ofSecond) {
        if (uncorrected.isEmpty()) {
            return Optional.empty();
        }
        List<Contrast> contrasts = Family.corrected(uncorrected);
        return Optional.of(
                new StudyComparison(
                        first.measure(),
                        margin,
                        contrasts.stream()
                                .map(
                                        one ->
                                                new Cell(
                                                        one,
                                                        one.value().map(Sample::summary),
                                                        theirs.apply(one)))
                                .toList(),
                        (int) made(first).count() - contrasts.size(),
                        (int) ofSecond - contrasts.size()));
    }

    /**
     * Returns how many cells have a verdict.
     *
     * @param verdict the verdict
     * @return the number
     */
    public long count(Verdict verdict) {
        return cells.stream().filter(cell -> cell.contrast().verdict() == verdict).count();
    }
}
