// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Counts;
import io.github.caadam.experiments.analysis.Improvement;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.statistics.Interval;
import io.github.caadam.experiments.statistics.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * How our runs of one configuration on one problem agree with the published row.
 *
 * @param counts what became of our planned runs
 * @param value our values of the metric over the finished ones
 * @param seconds our training times
 * @param epochs our epochs
 * @param published the published row
 * @param improvement our improvement over Adam; empty for Adam, or without runs of Adam
 * @param publishedImprovement the published one; empty for Adam
 */
record Agreement(
        Counts counts,
        Sample value,
        Sample seconds,
        Sample epochs,
        PublishedResult published,
        Optional<Improvement> improvement,
        Optional<PublishedImprovement> publishedImprovement) {

    /** Half a unit of the last printed digit of a mean. */
    private static final double ROUNDING = 0.0005;

    /** The same of a mean of epochs. */
    private static final double EPOCHS_ROUNDING = 0.005;

    private static final double CLOSE_ERROR = 0.005;
    private static final double CLOSE_ACCURACY = 0.01;

    /** What came of a rule. */
    public enum Verdict {
        /** They agree. */
        AGREES("yes"),
        /** They do not. */
        DIFFERS("no"),
        /** There are too few runs to say. */
        UNDECIDED("?");

        private final String label;

        Verdict(String label) {
            this.label = label;
        }

        /**
         * Returns the word to print.
         *
         * @return the word, whether they agree
         */
        public String label() {
            return label;
        }

        private static Verdict of(boolean agrees) {
            return agrees ? AGREES : DIFFERS;
        }
    }

    /**
     * Compares a group with the published tables.
     *
     * @param group the group
     * @return a comparison for every published row that the group has runs for, in the group's
     *     order
     */
    public static List<Agreement> of(RunGroup group) {
        List<PublishedResult> results = PublishedTables.results();
        List<PublishedImprovement> published = PublishedTables.improvements();
        List<Improvement> improvements = PaperConfigurations.overAdam(group);
        List<Agreement> agreements = new ArrayList<>();
        for (Problem problem : group.problems()) {
            for (Configuration configuration : group.configurations(problem)) {
                results.stream()
                        .filter(row -> row.problem().equals(problem))
                        .filter(row -> row.configuration().equals(configuration))
                        .map(
                                row ->
                                        new Agreement(
                                                group.counts(problem, configuration),
                                                sample(group, row, RunRow::value),
                                                sample(group, row, RunRow::seconds),
                                                sample(group, row, RunRow::epochs),
                                                row,
                                                improvements.stream()
                                                        .filter(one -> isOf(one, row))
                                                        .findFirst(),
                                                published.stream()
                                                        .filter(one -> isOf(one, row))
                                                        .findFirst()))
                        .forEach(agreements::add);
            }
        }
        return agreements;
    }

    private static Sample sample(
            RunGroup group, PublishedResult row, ToDoubleFunction<RunRow> column) {
        return group.sample(row.problem(), row.configuration(), column).orElseThrow();
    }

    private static boolean isOf(Improvement one, PublishedResult row) {
        return one.problem().equals(row.problem())
                && one.configuration().equals(row.configuration());
    }

    private static boolean isOf(PublishedImprovement one, PublishedResult row) {
        return one.problem().equals(row.problem())
                && one.configuration().equals(row.configuration());
    }

    /**
     * Returns our mean minus theirs.
     *
     * @return the difference, in the unit of the metric
     */
    public double difference() {
        return value.mean() - published.value();
    }

    /**
     * Returns whether the 95 % interval of our mean, with what rounding may have changed in print,
     * contains the published mean.
     *
     * @return undecided with fewer than two runs, without variation, or where too many were lost
     */
    public Verdict mean() {
        return contains(value.meanInterval(), published.value(), ROUNDING);
    }

    /**
     * Returns the same of the mean of the epochs, which are counted, so that where all runs have
     * the same number it is certain.
     *
     * @return undecided with fewer than two runs, or where too many were lost
     */
    public Verdict meanOfEpochs() {
        boolean certain = epochs.n() > 1 && epochs.standardDeviation() == 0;
        Interval interval =
                certain ? new Interval(epochs.mean(), epochs.mean()) : epochs.meanInterval();
        return contains(interval, published.epochs(), EPOCHS_ROUNDING);
    }

    private Verdict contains(Interval interval, double theirs, double rounding) {
        if (Double.isNaN(interval.low()) || counts.lostTooMany()) {
            return Verdict.UNDECIDED;
        }
        return Verdict.of(
                new Interval(interval.low() - rounding, interval.high() + rounding)
                        .contains(theirs));
    }

    /**
     * Returns Welch's p-value of the difference of the means, which knows that theirs, too, is a
     * sample.
     *
     * @return the two-sided p-value; NaN with fewer than two runs, or where too many were lost
     */
    public double differenceP() {
        if (counts.lostTooMany()) {
            return Double.NaN;
        }
        return value.welchP(published.value(), published.valueDeviation(), PublishedResult.RUNS);
    }

    /**
     * Returns whether the means are close: within 0.005 for RMSE, 0.01 for accuracy.
     *
     * @param lowerIsBetter whether the metric is an error
     * @return whether they are
     */
    public boolean isClose(boolean lowerIsBetter) {
        return Math.abs(difference()) <= closeness(lowerIsBetter);
    }

    /**
     * Returns up to which difference means are called close.
     *
     * @param lowerIsBetter whether the metric is an error
     * @return the difference
     */
    public static double closeness(boolean lowerIsBetter) {
        return lowerIsBetter ? CLOSE_ERROR : CLOSE_ACCURACY;
    }

    /**
     * Returns whether both improvements over Adam have the same sign.
     *
     * @return empty for Adam, or without runs of Adam; undecided where too many of ours or of
     *     Adam's were lost
     */
    public Optional<Verdict> sign() {
        return improvement.flatMap(
                ours ->
                        publishedImprovement.map(
                                theirs ->
                                        ours.lostTooMany()
                                                ? Verdict.UNDECIDED
                                                : Verdict.of(
                                                        Math.signum(ours.gain())
                                                                == Math.signum(
                                                                        theirs.byValue().t()))));
    }

    /**
     * Returns whether both improvements are significant at 5 % in the same direction, or neither
     * is, by our Welch test and their pooled one.
     *
     * @return empty for Adam, or without runs of Adam; undecided where there is no test
     */
    public Optional<Verdict> significance() {
        return improvement.flatMap(
                ours ->
                        publishedImprovement.map(
                                theirs -> {
                                    double p = ours.decisiveP();
                                    if (Double.isNaN(p)) {
                                        return Verdict.UNDECIDED;
                                    }
                                    return Verdict.of(
                                            direction(ours.gain(), p)
                                                    == direction(
                                                            theirs.byValue().t(),
                                                            theirs.byValue().p()));
                                }));
    }

    private static int direction(double gain, double p) {
        return p < Improvement.LEVEL ? (int) Math.signum(gain) : 0;
    }
}
