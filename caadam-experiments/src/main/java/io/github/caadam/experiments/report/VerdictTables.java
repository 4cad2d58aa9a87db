// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report;

import io.github.caadam.experiments.analysis.Contrast;
import io.github.caadam.experiments.analysis.Family;
import io.github.caadam.experiments.analysis.Inference;
import io.github.caadam.experiments.analysis.LostRuns;
import io.github.caadam.experiments.analysis.Measure;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.report.html.Numbers;
import io.github.caadam.experiments.statistics.EffectSize;
import io.github.caadam.experiments.statistics.MeanDifference;
import io.github.caadam.experiments.statistics.PooledDifference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The tables of what runs carry: {@code verdicts} by problem, and {@code pooled} over all. */
final class VerdictTables {

    private static final int GAIN_DIGITS = 4;
    private static final int DIGITS = 2;
    private static final EffectSize NO_EFFECT = new EffectSize(Double.NaN, Double.NaN, Double.NaN);

    private final Inference inference;
    private final RunGroup group;
    private final String suffix;
    private final Measure measure;

    /**
     * Prepares the tables.
     *
     * @param inference what is to be told
     * @param suffix what is added to file names
     */
    VerdictTables(Inference inference, String suffix) {
        this.inference = inference;
        this.suffix = suffix;
        group = inference.group();
        measure = group.measure();
    }

    /** The tables; none without a contrast. */
    List<ResultTable> all() {
        List<ResultTable> tables = new ArrayList<>();
        if (!inference.problems().isEmpty()) {
            tables.add(verdicts());
        }
        inference.pooled().map(this::pooled).ifPresent(tables::add);
        return tables;
    }

    private ResultTable verdicts() {
        List<Contrast> contrasts =
                inference.problems().stream()
                        .flatMap(family -> family.contrasts().stream())
                        .toList();
        boolean joins = group.joinsDatasets();
        Columns<Contrast> printed =
                new Columns<Contrast>()
                        .keys(
                                joins,
                                true,
                                one -> one.problem().orElseThrow(),
                                Contrast::configuration)
                        .number("n", VerdictTables::counts);
        addTests(printed);
        if (inference.isOverDraws()) {
            addHeterogeneity(printed);
        } else {
            printed.number("Hedges' g", one -> ResultTable.effect(effect(one)));
        }
        Columns<Contrast> full =
                new Columns<Contrast>()
                        .keys(
                                joins,
                                false,
                                one -> one.problem().orElseThrow(),
                                Contrast::configuration);
        addFull(full);
        full.number("hedges_g", one -> effect(one).g())
                .number("hedges_g_low", one -> effect(one).low())
                .number("hedges_g_high", one -> effect(one).high());
        return table(
                "verdicts",
                "Verdicts",
                "on each network, by tests with Holm's correction over the optimizers on it",
                inference.isOverDraws()
                        ? "the mean of the draws' gains, "
                                + random("draws")
                                + "; whether they differ by draw: Q, its p, I², τ"
                        : "with Welch's 95 % interval and p; Hedges' g with its 95 % interval",
                contrasts,
                printed,
                full);
    }

    private ResultTable pooled(Family family) {
        Columns<Contrast> printed =
                new Columns<Contrast>()
                        .text("Optimizer", one -> one.configuration().optimizer())
                        .text("Strategy", one -> one.configuration().strategy())
                        .number("Problems", one -> decimals(one, PooledDifference::parts, 0))
                        .number("n", VerdictTables::counts);
        addTests(printed);
        addHeterogeneity(printed);
        Columns<Contrast> full =
                new Columns<Contrast>()
                        .text("optimizer", one -> one.configuration().optimizer())
                        .text("strategy", one -> one.configuration().strategy());
        addFull(full);
        return table(
                "pooled",
                "Verdicts over all problems",
                "by tests with Holm's correction over the optimizers",
                "the mean of the gains on the problems, "
                        + random("problems")
                        + "; whether they differ by problem: Q, its p, I², τ",
                family.contrasts(),
                printed,
                full);
    }

    private static String random(String what) {
        return what
                + " being a sample of "
                + what
                + ", with the 95 % interval and p of Hartung and Knapp, and that on exactly these "
                + what;
    }

    private ResultTable table(
            String name,
            String title,
            String family,
            String gain,
            List<Contrast> contrasts,
            Columns<Contrast> printed,
            Columns<Contrast> full) {
        String weights = inference.weights();
        return ResultTable.of(
                name + (inference.isOverDraws() ? "-over-draws" : "") + suffix,
                ResultTable.caption(
                        title,
                        family
                                + (weights.isEmpty() ? "" : ", " + weights)
                                + "; gain in "
                                + measure.title()
                                + (measure.unit().isEmpty() ? "" : " (in " + measure.unit() + ")")
                                + " over "
                                + group.baseline().label()
                                + ", positive is better: "
                                + gain
                                + "; "
                                + margin()
                                + "; and the probability that a run is better than one of "
                                + StudyTables.ofBaseline(group),
                        group),
                contrasts,
                one -> false,
                Contrast::notes,
                printed,
                full);
    }

    private String margin() {
        return inference
                .margin()
                .map(
                        margin ->
                                "p of two one-sided tests of a gain within ±"
                                        + Numbers.shortest(margin)
                                        + ", which the study fixed (±p)")
                .orElse("the study fixed no margin, so that nothing is called equivalent");
    }

    private void addTests(Columns<Contrast> columns) {
        columns.text("Verdict", one -> one.verdict().label())
                .number(
                        "Gain",
                        one ->
                                ResultTable.valueAndInterval(
                                        one.gain().gain(), one.gain().interval(), GAIN_DIGITS))
                .number("p (Holm)", one -> ResultTable.pValue(one.holmP()));
        if (inference.margin().isPresent()) {
            columns.number("±p (Holm)", one -> ResultTable.pValue(one.equivalenceHolmP()));
        }
        columns.number("P(better)", one -> ResultTable.decimals(one.probability(), DIGITS));
    }

    private static void addHeterogeneity(Columns<Contrast> columns) {
        columns.number(
                        "On these alone",
                        one ->
                                ResultTable.valueAndInterval(
                                        alone(one).gain(), alone(one).interval(), GAIN_DIGITS))
                .number("Q", one -> decimals(one, PooledDifference::q, DIGITS))
                .number("p (Q)", one -> ResultTable.pValue(part(one, PooledDifference::qP)))
                .number("I²", one -> decimals(one, PooledDifference::iSquared, DIGITS))
                .number("τ", one -> decimals(one, VerdictTables::tau, GAIN_DIGITS));
    }

    private static double tau(PooledDifference pooled) {
        return Math.sqrt(pooled.tauSquared());
    }

    private static String decimals(
            Contrast one, ToDoubleFunction<PooledDifference> value, int digits) {
        return ResultTable.decimals(part(one, value), digits);
    }

    /** The mean gain on the problems, or draws, that were run. */
    private static MeanDifference alone(Contrast one) {
        return one.pooled().map(PooledDifference::alone).orElse(MeanDifference.UNKNOWN);
    }

    private static double part(Contrast one, ToDoubleFunction<PooledDifference> value) {
        return one.pooled().map(value::applyAsDouble).orElse(Double.NaN);
    }

    private void addFull(Columns<Contrast> columns) {
        columns.text("verdict", one -> one.verdict().label())
                .text("baseline", one -> one.baseline().label())
                .text("metric", one -> measure.name())
                .text("weights", one -> inference.weights())
                .number("n", one -> one.counts().finished())
                .number("n_baseline", one -> one.baselineCounts().finished())
                .number("gain", one -> one.gain().gain())
                .number("gain_low", one -> one.gain().interval().low())
                .number("gain_high", one -> one.gain().interval().high())
                .number("standard_error", one -> one.gain().standardError())
                .number("degrees_of_freedom", one -> one.gain().degreesOfFreedom())
                .number("p", Contrast::p)
                .number("holm_p", Contrast::holmP)
                .number("margin", one -> inference.margin().orElse(Double.NaN))
                .number("equivalence_p", Contrast::equivalenceP)
                .number("equivalence_holm_p", Contrast::equivalenceHolmP)
                .number("probability_of_improvement", Contrast::probability)
                .number("probability_with_lost", one -> lost(one, LostRuns::probability))
                .number("rank_p", one -> lost(one, LostRuns::p))
                .number("fisher_p", one -> lost(one, LostRuns::fisherP))
                .number("parts", one -> part(one, PooledDifference::parts))
                .number("q", one -> part(one, PooledDifference::q))
                .number("q_p", one -> part(one, PooledDifference::qP))
                .number("i_squared", one -> part(one, PooledDifference::iSquared))
                .number("tau_squared", one -> part(one, PooledDifference::tauSquared))
                .number("gain_on_these", one -> alone(one).gain())
                .number("gain_on_these_low", one -> alone(one).interval().low())
                .number("gain_on_these_high", one -> alone(one).interval().high())
                .number("p_on_these", one -> alone(one).p())
                .counts("", Contrast::counts)
                .counts("baseline_", Contrast::baselineCounts);
    }

    private static double lost(Contrast one, ToDoubleFunction<LostRuns> value) {
        return one.lost().map(value::applyAsDouble).orElse(Double.NaN);
    }

    private EffectSize effect(Contrast one) {
        return one.effect(measure.lowerIsBetter()).orElse(NO_EFFECT);
    }

    private static String counts(Contrast one) {
        return StudyTables.counts(one.counts(), one.baselineCounts());
    }
}
