// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report;

import io.github.caadam.experiments.analysis.Inference;
import io.github.caadam.experiments.analysis.Profile;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.analysis.Target;
import io.github.caadam.experiments.analysis.TargetContrast;
import io.github.caadam.experiments.analysis.TimeToTarget;
import io.github.caadam.experiments.report.html.Numbers;
import io.github.caadam.experiments.results.StudyRuns;
import io.github.caadam.experiments.statistics.NoTest;
import io.github.caadam.experiments.statistics.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The tables {@code time-to-target}, of the targets of a study, and {@code profiles}. */
final class TargetTables {

    private static final int EFFORT_DIGITS = 1;
    private static final int DIGITS = 2;
    private static final int DISTANCE_DIGITS = 4;

    private final RunGroup group;
    private final Optional<Double> margin;
    private final TimeToTarget time;
    private final String suffix;

    /**
     * Prepares the tables.
     *
     * @param study the study
     * @param inference what is said of a group of its runs
     * @param suffix what is added to file names
     */
    TargetTables(StudyRuns study, Inference inference, String suffix) {
        group = inference.group();
        margin = inference.margin();
        time = new TimeToTarget(study, group);
        this.suffix = suffix;
    }

    /** The tables that have a line. */
    List<ResultTable> all() {
        List<ResultTable> tables = new ArrayList<>();
        List<TargetContrast> contrasts = time.contrasts();
        if (!contrasts.isEmpty()) {
            tables.add(times(contrasts));
        }
        List<Profile> profiles = new ArrayList<>(Profile.of(group));
        profiles.addAll(time.profiles());
        if (!profiles.isEmpty()) {
            tables.add(profiles(profiles));
        }
        return tables;
    }

    private ResultTable times(List<TargetContrast> contrasts) {
        return ResultTable.of(
                "time-to-target" + suffix,
                ResultTable.caption(
                        "Time to target",
                        "how many runs reach a value, and the median of what that takes,"
                                + " beside "
                                + StudyTables.ofBaseline(group)
                                + "; a run that misses it, or was lost, takes for ever (∞);"
                                + " the probability that a run is sooner than one of "
                                + StudyTables.ofBaseline(group)
                                + ", and Mann and Whitney's p with Holm's correction over"
                                + " the optimizers on a network",
                        group),
                contrasts,
                one -> false,
                TargetTables::notes,
                new Columns<TargetContrast>()
                        .keys(
                                group.joinsDatasets(),
                                true,
                                TargetContrast::problem,
                                TargetContrast::configuration)
                        .text("Target", one -> name(one.target()))
                        .text("In", one -> one.target().effort().label())
                        .text("Verdict", one -> one.verdict().label())
                        .number("Reached", one -> TargetContrast.reached(one.value()))
                        .number("Median", one -> effort(one.value().median()))
                        .number(
                                "Baseline",
                                "reached",
                                one -> TargetContrast.reached(one.baselineValue()))
                        .number("Baseline", "median", one -> effort(one.baselineValue().median()))
                        .number(
                                "P(sooner)",
                                one -> ResultTable.decimals(one.test().probability(), DIGITS))
                        .number("p (Holm)", one -> ResultTable.pValue(one.holmP())),
                new Columns<TargetContrast>()
                        .keys(
                                group.joinsDatasets(),
                                false,
                                TargetContrast::problem,
                                TargetContrast::configuration)
                        .text("target", one -> one.target().name())
                        .number("value", one -> one.target().value())
                        .text("in", one -> one.target().effort().label())
                        .text("verdict", one -> one.verdict().label())
                        .text("baseline", one -> one.baseline().label())
                        .number("n", one -> one.value().n())
                        .number("n_baseline", one -> one.baselineValue().n())
                        .number("median", one -> one.value().median())
                        .number("baseline_median", one -> one.baselineValue().median())
                        .text("reached", one -> TargetContrast.reached(one.value()))
                        .text(
                                "baseline_reached",
                                one -> TargetContrast.reached(one.baselineValue()))
                        .number("probability_sooner", one -> one.test().probability())
                        .number("rank_p", one -> one.test().p())
                        .number("holm_p", TargetContrast::holmP));
    }

    private static List<String> notes(TargetContrast one) {
        List<String> notes = new ArrayList<>();
        if (one.lostTooMany()) {
            notes.add(
                    "more than 10 % of the runs of a side were lost, so that there is no verdict");
        }
        one.untested()
                .map(NoTest::reason)
                .map(reason -> "no test: " + reason)
                .ifPresent(notes::add);
        return notes;
    }

    private static String name(Target target) {
        return target.name() + " " + Numbers.shortest(target.value());
    }

    private static String effort(double value) {
        return Double.isInfinite(value) ? "∞" : ResultTable.decimals(value, EFFORT_DIGITS);
    }

    private ResultTable profiles(List<Profile> profiles) {
        String within = margin.map(Numbers::shortest).orElse("");
        Columns<Profile> printed =
                new Columns<Profile>()
                        .text("Of", this::subject)
                        .text("Optimizer", one -> one.configuration().optimizer())
                        .text("Strategy", one -> one.configuration().strategy())
                        .number("Problems", one -> one.curve().excesses().length)
                        .number("Best", one -> share(one, nearest(one)));
        if (margin.isPresent()) {
            printed.number(
                    "Within " + within,
                    one ->
                            one.target().isEmpty()
                                    ? share(one, margin.get())
                                    : ResultTable.NO_VALUE);
        }
        printed.number("Median", one -> excess(one, median(one)))
                .number("Worst", one -> excess(one, worst(one)));
        return ResultTable.of(
                "profiles" + suffix,
                ResultTable.caption(
                        "Performance profiles",
                        "on what share of the problems an optimizer is the best"
                                + (margin.isPresent()
                                        ? ", or within the margin of ±"
                                                + within
                                                + " of the best mean"
                                        : "")
                                + "; and how far it is from the best at the median and at most: of"
                                + " the metric the distance of means, of a target the ratio of"
                                + " median efforts",
                        group),
                profiles,
                one -> false,
                one -> List.of(),
                printed,
                new Columns<Profile>()
                        .text("of", this::subject)
                        .text("optimizer", one -> one.configuration().optimizer())
                        .text("strategy", one -> one.configuration().strategy())
                        .number("problems", one -> one.curve().excesses().length)
                        .number("best_share", one -> one.curve().share(nearest(one)))
                        .number(
                                "within_margin_share",
                                one ->
                                        one.target().isPresent() || margin.isEmpty()
                                                ? Double.NaN
                                                : one.curve().share(margin.get()))
                        .number("median", TargetTables::median)
                        .number("worst", TargetTables::worst)
                        .text(
                                "excesses",
                                one ->
                                        Arrays.stream(one.curve().excesses())
                                                .mapToObj(String::valueOf)
                                                .collect(Collectors.joining(" "))));
    }

    private String subject(Profile one) {
        return one.target()
                .map(target -> name(target) + ", " + target.effort().label())
                .orElse(group.measure().title());
    }

    /** The excess of the best. */
    private static double nearest(Profile one) {
        return one.target().isPresent() ? 1 : 0;
    }

    private static String share(Profile one, double most) {
        return ResultTable.decimals(one.curve().share(most), DIGITS);
    }

    private static String excess(Profile one, double value) {
        return Double.isInfinite(value)
                ? "∞"
                : ResultTable.decimals(value, one.target().isPresent() ? DIGITS : DISTANCE_DIGITS);
    }

    private static double median(Profile one) {
        return Sample.of(one.curve().excesses()).median();
    }

    private static double worst(Profile one) {
        double[] excesses = one.curve().excesses();
        return excesses[excesses.length - 1];
    }
}
