// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import io.github.caadam.experiments.statistics.EffectSize;
import io.github.caadam.experiments.statistics.Equivalence;
import io.github.caadam.experiments.statistics.MeanDifference;
import io.github.caadam.experiments.statistics.NoTest;
import io.github.caadam.experiments.statistics.PooledDifference;
import io.github.caadam.experiments.statistics.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A configuration against a baseline, on one problem or over all, and what can be said of them.
 * Positive is better throughout.
 *
 * @param problem the problem; empty over all problems
 * @param configuration the configuration
 * @param baseline the baseline
 * @param counts what became of its planned runs
 * @param baselineCounts the same of the baseline
 * @param alike whether both sides were made in the same places
 * @param lostTooMany whether a side, on any problem, lost more than 10 % of its runs
 * @param gain the difference of the means over the finished runs
 * @param pooled what the gain is the mean of; empty for runs of one problem and one draw of weights
 * @param value the metric of its finished runs; empty where the gain is pooled, or there is none
 * @param baselineValue the same of the baseline
 * @param probability the probability that one of its finished runs is better than one of the
 *     baseline's; NaN where a side has none
 * @param lost all that were made; empty where no run was lost
 * @param equivalence the test of a gain within the study's margin; empty where it has none
 * @param holmP {@link #p} with Holm's correction over the family
 * @param equivalenceHolmP {@link #equivalenceP} with Holm's correction over the family
 * @since 0.1.0
 */
public record Contrast(
        Optional<Problem> problem,
        Configuration configuration,
        Configuration baseline,
        Counts counts,
        Counts baselineCounts,
        boolean alike,
        boolean lostTooMany,
        MeanDifference gain,
        Optional<PooledDifference> pooled,
        Optional<Sample> value,
        Optional<Sample> baselineValue,
        double probability,
        Optional<LostRuns> lost,
        Optional<Equivalence> equivalence,
        double holmP,
        double equivalenceHolmP) {

    /**
     * Returns the p-value of no difference: Welch's, or that of the pooled gain. Where runs were
     * lost, the test by ranks of all that were made has to agree.
     *
     * @return the p-value, the larger of the two where runs were lost, and 1 where they point in
     *     different directions; NaN where there is no test, or more than 10 % were lost
     */
    public double p() {
        if (lostTooMany || gain.untested().isPresent()) {
            return Double.NaN;
        }
        return lost.map(one -> one.agreed(gain.gain(), gain.p())).orElseGet(gain::p);
    }

    /**
     * Returns the p-value of a difference of the margin or more.
     *
     * @return the p-value; NaN where there is no margin or no test, or any run was lost: a lost run
     *     is no difference within a margin
     */
    public double equivalenceP() {
        return lost.isPresent() || lostTooMany
                ? Double.NaN
                : equivalence.map(Equivalence::p).orElse(Double.NaN);
    }

    /**
     * Computes Hedges' g.
     *
     * @param lowerIsBetter whether a lower value of the metric is better
     * @return the effect; empty where the gain is pooled, or a side has no finished run
     */
    public Optional<EffectSize> effect(boolean lowerIsBetter) {
        return value.flatMap(
                ours ->
                        baselineValue.map(
                                theirs -> EffectSize.hedges(ours, theirs, lowerIsBetter)));
    }

    /**
     * Returns what can be said.
     *
     * @return the verdict
     */
    public Verdict verdict() {
        return lostTooMany ? Verdict.LOST : Verdict.of(gain.gain(), holmP, equivalenceHolmP);
    }

    /**
     * Returns what a reader must know before the numbers.
     *
     * @return sentences without full stops; empty where all is as usual
     */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (lostTooMany) {
            notes.add(
                    "more than 10 % of the runs of a side were lost, so that there is no verdict");
        } else if (lost.isPresent()) {
            notes.add(
                    "runs were lost: better or worse only where the test by ranks of all runs, the"
                            + " lost ones as the worst, agrees, and nothing is equivalent");
        }
        gain.untested().ifPresent(reason -> notes.add("no test: " + reason.reason()));
        if (!alike) {
            notes.add(NoTest.UNLIKE_PLACES.reason());
        }
        return notes;
    }

    Contrast corrected(double forDifference, double forEquivalence) {
        return new Contrast(
                problem,
                configuration,
                baseline,
                counts,
                baselineCounts,
                alike,
                lostTooMany,
                gain,
                pooled,
                value,
                baselineValue,
                probability,
                lost,
                equivalence,
                forDifference,
                forEquivalence);
    }
}
