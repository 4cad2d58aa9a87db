// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import io.github.caadam.experiments.analysis.Contrast;
import io.github.caadam.experiments.analysis.Inference;
import io.github.caadam.experiments.analysis.Measure;
import io.github.caadam.experiments.analysis.RunGroup;

/** Says each verdict in a sentence, with what it rests on. */
final class Sentences {

    /** A unit that is longer than this is in captions only. */
    private static final int LONGEST_UNIT = 8;

    private final PageIndex index;
    private final Inference inference;
    private final RunGroup group;
    private final Measure measure;
    private final int digits;

    /**
     * Prepares sentences.
     *
     * @param index what the page calls problems
     * @param inference what is told
     * @param digits the decimals of gains
     */
    Sentences(PageIndex index, Inference inference, int digits) {
        this.index = index;
        this.inference = inference;
        this.digits = digits;
        group = inference.group();
        measure = group.measure();
    }

    Picture.Said say(Contrast one) {
        return new Picture.Said(Mark.of(one.verdict()), sentence(one));
    }

    private String sentence(Contrast one) {
        String name = one.configuration().label();
        String baseline = one.baseline().label();
        String text =
                switch (one.verdict()) {
                    case BETTER -> name + " is better than " + baseline + gain(one);
                    case BETTER_WITHIN ->
                            name
                                    + " is better than "
                                    + baseline
                                    + ", by less than the margin of ±"
                                    + margin()
                                    + gain(one)
                                    + equivalence(one);
                    case WORSE -> name + " is worse than " + baseline + gain(one);
                    case WORSE_WITHIN ->
                            name
                                    + " is worse than "
                                    + baseline
                                    + ", by less than the margin of ±"
                                    + margin()
                                    + gain(one)
                                    + equivalence(one);
                    case EQUIVALENT ->
                            name
                                    + " is equivalent to "
                                    + baseline
                                    + " within ±"
                                    + margin()
                                    + gain(one)
                                    + equivalence(one);
                    case UNDECIDED ->
                            "Whether "
                                    + name
                                    + " is better or worse than "
                                    + baseline
                                    + " is undecided"
                                    + gain(one);
                    case UNTESTABLE ->
                            name
                                    + " cannot be tested against "
                                    + baseline
                                    + one.gain()
                                            .untested()
                                            .map(reason -> ": " + reason.reason())
                                            .orElse("");
                    case LOST ->
                            name
                                    + " has no verdict: more than 10 % of the runs of a side were"
                                    + " lost; finished are "
                                    + one.counts().ofPlanned()
                                    + ", of "
                                    + baseline
                                    + " "
                                    + one.baselineCounts().ofPlanned();
                };
        return where(one) + text + notes(one) + ".";
    }

    /** That a test is another one than usual. */
    private static String notes(Contrast one) {
        return one.lost().isEmpty() || one.lostTooMany()
                ? ""
                : "; as runs were lost, p is the larger one of two tests, of which the other is by"
                        + " ranks, with the lost runs as the worst";
    }

    private String where(Contrast one) {
        return one.problem()
                .map(problem -> "On " + index.label(group, problem) + ": ")
                .orElse(
                        inference.problems().size() == 2
                                ? "Over both problems: "
                                : "Over all " + inference.problems().size() + " problems: ");
    }

    private String gain(Contrast one) {
        double gain = one.gain().gain();
        boolean lower = group.lowerIsBetter() == gain >= 0;
        return ": mean "
                + measure.title()
                + " "
                + Numbers.decimals(Math.abs(gain), digits)
                + unit()
                + (lower ? " lower" : " higher")
                + "; 95 % interval of the gain "
                + Numbers.interval(
                        one.gain().interval().low(), one.gain().interval().high(), digits)
                + "; corrected "
                + Numbers.pEquals(one.holmP());
    }

    private static String equivalence(Contrast one) {
        return ", and of a difference beyond the margin " + Numbers.pEquals(one.equivalenceHolmP());
    }

    private String margin() {
        return inference.margin().map(Numbers::shortest).orElse("") + unit();
    }

    private String unit() {
        boolean fits = !measure.unit().isEmpty() && measure.unit().length() <= LONGEST_UNIT;
        return fits ? "\u00a0" + measure.unit() : "";
    }
}
