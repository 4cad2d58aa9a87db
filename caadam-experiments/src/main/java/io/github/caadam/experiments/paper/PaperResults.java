// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Improvement;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.report.PublishedComparison;
import io.github.caadam.experiments.report.html.FurtherResults;
import io.github.caadam.experiments.report.html.HtmlTable;
import io.github.caadam.experiments.report.html.HtmlTable.Cell;
import io.github.caadam.experiments.report.html.HtmlTable.Column;
import io.github.caadam.experiments.report.html.HtmlTable.Row;
import io.github.caadam.experiments.report.html.Numbers;
import io.github.caadam.experiments.report.html.PageIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the page says beside the paper: comparisons with Adam at a fair learning rate, what other
 * factors could gain, and for runs that are reported in the paper's form its numbers beside ours.
 */
public final class PaperResults implements FurtherResults {

    private static final int DIGITS = 4;

    /** Decimals that the paper prints. */
    private static final int PRINTED = 3;

    private static final String NETWORK = "Network";
    private static final String OPTIMIZER = "Optimizer";
    private static final String BESIDE = "Beside the paper’s tables. ";

    /** Makes the results' maker, as {@link java.util.ServiceLoader} does. */
    public PaperResults() {}

    @Override
    public List<String> sentences(RunGroup group) {
        return Optional.of(group)
                .filter(PaperResults::isReportedAsThePaper)
                .flatMap(one -> PaperComparison.of(one, ""))
                .map(PublishedComparison::summary)
                .map(summary -> BESIDE + String.join(" ", summary))
                .stream()
                .toList();
    }

    private static boolean isReportedAsThePaper(RunGroup group) {
        return group.form()
                .publication()
                .filter(publication -> publication.name().equals(Paper.NAME))
                .isPresent();
    }

    @Override
    public List<HtmlTable> tables(RunGroup group, PageIndex index, String id) {
        return Stream.of(
                        fair(group, index, id + "-fair"),
                        sensitivity(group, index, id + "-sensitivity"),
                        published(group, index, id + "-published"))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<HtmlTable> fair(RunGroup group, PageIndex index, String id) {
        if (!ControlsTable.applies(group)) {
            return Optional.empty();
        }
        List<Row> rows =
                PaperConfigurations.overFairAdam(group).stream()
                        .map(improvement -> fair(group, index, improvement))
                        .toList();
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new HtmlTable(
                        id,
                        "Structure or learning rate: beside Adam at the mean learning rate of the"
                                + " optimizer’s strategy (its factors averaged), or where there are"
                                + " no such runs at Adam’s own best one (tuned). Positive is better"
                                + " than that. g: Hedges’ g with its 95 % interval.",
                        List.of(
                                Column.text(NETWORK),
                                Column.text(OPTIMIZER),
                                Column.text("Compared with"),
                                Column.number("Gain"),
                                Column.text("95 % interval"),
                                Column.number("p Welch"),
                                Column.number("p Holm"),
                                Column.text("Verdict"),
                                Column.number("g"),
                                Column.text("95 % interval"),
                                Column.text("n"),
                                Column.text("Note")),
                        rows,
                        false));
    }

    private static Row fair(RunGroup group, PageIndex index, Improvement one) {
        return Row.of(
                Cell.header(index.label(group, one.problem())),
                name(index, one.configuration()),
                name(index, one.baseline()),
                Cell.number(Numbers.signed(one.gain(), DIGITS), one.gain()),
                Cell.text(
                        Numbers.interval(
                                one.gainInterval().low(), one.gainInterval().high(), DIGITS)),
                Cell.number(Numbers.p(one.byValue().welchP()), one.byValue().welchP()),
                Cell.number(Numbers.p(one.holmP()), one.holmP()),
                Cell.verdict(one.verdict()),
                Cell.number(Numbers.signed(one.effect().g(), 2), one.effect().g()),
                Cell.text(Numbers.interval(one.effect().low(), one.effect().high(), 2)),
                Cell.text(one.counts().ofPlanned() + " vs " + one.baselineCounts().ofPlanned()),
                Cell.prose(String.join("; ", one.notes())));
    }

    /** What other factors could gain, if runs drew their factors. */
    private static Optional<HtmlTable> sensitivity(RunGroup group, PageIndex index, String id) {
        List<Row> rows = new ArrayList<>();
        for (Sensitivity one : Sensitivity.of(group)) {
            one.gains().forEach(gain -> rows.add(sensitivity(group, index, one, gain)));
        }
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new HtmlTable(
                        id,
                        "What fixed factors could gain over tuned Adam, by quadratic fits of the"
                                + " errors to the factors that runs drew. Gain: by how much the"
                                + " fitted test error is lower, with an interval from 1,000"
                                + " resamples of the runs. Cross-fitted: chosen on one half of the"
                                + " runs, read off the other.",
                        List.of(
                                Column.text(NETWORK),
                                Column.text("Factors"),
                                Column.text("Chosen"),
                                Column.number("n"),
                                Column.number("Gain"),
                                Column.text("95 % interval"),
                                Column.number("Cross-fitted")),
                        rows,
                        false));
    }

    private static Row sensitivity(
            RunGroup group, PageIndex index, Sensitivity one, Sensitivity.Gain gain) {
        return Row.of(
                Cell.header(index.label(group, one.problem())),
                Cell.text(gain.choice().label()),
                Cell.text(gain.printedFactors()),
                Cell.number(one.runs()),
                Cell.number(Numbers.signed(gain.value(), DIGITS), gain.value()),
                Cell.text(Numbers.interval(gain.interval().low(), gain.interval().high(), DIGITS)),
                Cell.number(Numbers.signed(gain.crossFitted(), DIGITS), gain.crossFitted()));
    }

    /** Our means and improvements beside the published ones, where there are any. */
    private static Optional<HtmlTable> published(RunGroup group, PageIndex index, String id) {
        List<Row> rows =
                isReportedAsThePaper(group)
                        ? Agreement.of(group).stream()
                                .map(one -> published(group, index, one))
                                .toList()
                        : List.of();
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new HtmlTable(
                        id,
                        "Beside the paper. The mean agrees where our 95 % interval contains theirs,"
                                + " rounding aside; p is Welch's for their difference. The sign and the"
                                + " significance at 5 % are those of the improvement over Adam.",
                        List.of(
                                Column.text(NETWORK),
                                Column.text(OPTIMIZER),
                                Column.number(group.measure().title()),
                                Column.number("Paper"),
                                Column.number("Difference"),
                                Column.number("p"),
                                Column.text("Agrees"),
                                Column.number("Gain %"),
                                Column.number("Paper %"),
                                Column.text("Sign"),
                                Column.text("Significance")),
                        rows,
                        false));
    }

    private static Row published(RunGroup group, PageIndex index, Agreement one) {
        double ours =
                one.improvement()
                        .map(improvement -> improvement.byValue().improvementPercent())
                        .orElse(Double.NaN);
        double theirs =
                one.publishedImprovement()
                        .map(improvement -> improvement.byValue().percent())
                        .orElse(Double.NaN);
        PublishedResult published = one.published();
        return Row.of(
                Cell.header(index.label(group, published.problem())),
                name(index, published.configuration()),
                Cell.number(Numbers.decimals(one.value().mean(), DIGITS), one.value().mean()),
                Cell.number(Numbers.decimals(published.value(), PRINTED), published.value()),
                Cell.number(Numbers.signed(one.difference(), DIGITS), one.difference()),
                Cell.number(Numbers.p(one.differenceP()), one.differenceP()),
                Cell.text(one.mean().label()),
                Cell.number(Numbers.signed(ours, 2), ours),
                Cell.number(Numbers.signed(theirs, 2), theirs),
                Cell.text(one.sign().map(Agreement.Verdict::label).orElse("")),
                Cell.text(one.significance().map(Agreement.Verdict::label).orElse("")));
    }

    private static Cell name(PageIndex index, Configuration configuration) {
        return Cell.configuration(configuration.label(), index.css(configuration));
    }
}
