// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.caadam.experiments.results.CompareSettings;
import io.github.caadam.experiments.results.PublishedMeans;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunRowBuilder;
import io.github.caadam.experiments.results.RunStatus;
import io.github.caadam.experiments.results.StudyRuns;
import io.github.caadam.experiments.statistics.HolmCorrection;
import io.github.caadam.experiments.statistics.Sample;
import io.github.caadam.experiments.statistics.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StudyComparisonTest {

    private static final Optional<Double> MARGIN = Optional.of(0.05);

    private static List<RunRow> runs(String optimizer, double mean, int n) {
        return runs("notebook", optimizer, mean, n);
    }

    private static List<RunRow> runs(String protocol, String optimizer, double mean, int n) {
        List<RunRow> rows = new ArrayList<>();
        for (int run = 0; run < n; run++) {
            rows.add(
                    new RunRowBuilder()
                            .by(optimizer, "none")
                            .of("study", protocol, "")
                            .run(run)
                            .result("rmse", mean + 0.01 * (run % 5 - 2), 0)
                            .build());
        }
        return rows;
    }

    @SafeVarargs
    private static StudyRuns study(List<RunRow>... parts) {
        List<RunRow> rows = new ArrayList<>();
        for (List<RunRow> part : parts) {
            rows.addAll(part);
        }
        return StudyRuns.ofRows(rows);
    }

    private static StudyRuns withMargin(StudyRuns study, String metric, double margin) {
        return study.comparedBy(
                new CompareSettings(
                        "", metric, List.of(), margin, Map.of(), List.of(), "", Map.of()));
    }

    private static PublishedMeans.Line line(String optimizer, int n, double mean, double std) {
        return new PublishedMeans.Line("", "64-32", optimizer, "none", "rmse", n, mean, std);
    }

    private static List<Verdict> verdicts(StudyComparison comparison) {
        return comparison.cells().stream().map(cell -> cell.contrast().verdict()).toList();
    }

    @Test
    void everyCellThatBothHaveIsJudged() {
        StudyRuns first = study(runs("A", 0.5, 20), runs("B", 0.4, 20), runs("C", 0.5, 20));
        StudyRuns second = study(runs("A", 0.5, 20), runs("B", 0.5, 20), runs("D", 0.5, 20));

        StudyComparison comparison = StudyComparison.of(first, second, MARGIN).get(0);

        assertThat(verdicts(comparison)).containsExactly(Verdict.EQUIVALENT, Verdict.BETTER);
        assertThat(comparison.onlyFirst()).isEqualTo(1);
        assertThat(comparison.onlySecond()).isEqualTo(1);
        assertThat(comparison.count(Verdict.BETTER)).isEqualTo(1);
        assertThat(comparison.cells().get(1).contrast().gain().gain())
                .isCloseTo(0.1, within(1e-12));
        assertThat(comparison.cells().get(1).second().orElseThrow().mean())
                .isCloseTo(0.5, within(1e-12));
    }

    @Test
    void allCellsOfAMetricAreOneFamily() {
        StudyRuns first = study(runs("A", 0.5, 20), runs("B", 0.49, 20), runs("C", 0.51, 20));
        StudyRuns second = study(runs("A", 0.505, 20), runs("B", 0.5, 20), runs("C", 0.5, 20));

        List<Contrast> contrasts =
                StudyComparison.of(first, second, MARGIN).get(0).cells().stream()
                        .map(StudyComparison.Cell::contrast)
                        .toList();

        assertThat(contrasts.stream().map(Contrast::equivalenceHolmP).toList())
                .isEqualTo(
                        HolmCorrection.adjust(
                                contrasts.stream().map(Contrast::equivalenceP).toList()));
    }

    @Test
    void equivalenceIsNeverEasierWithFewerRuns() {
        StudyRuns second = study(runs("A", 0.5, 20));
        double last = 0;
        for (int n : List.of(20, 15, 10, 5)) {
            Contrast contrast =
                    StudyComparison.of(study(runs("A", 0.5, n)), second, Optional.of(0.02))
                            .get(0)
                            .cells()
                            .get(0)
                            .contrast();

            assertThat(contrast.equivalenceP()).as("%d runs", n).isGreaterThan(last);
            last = contrast.equivalenceP();
        }
    }

    @Test
    void theMarginIsThatOfAStudyUnlessOneIsNamed() {
        StudyRuns plain = study(runs("A", 0.5, 20));
        StudyRuns fixed = withMargin(plain, "rmse", 0.05);

        assertThat(StudyComparison.of(plain, plain, Optional.empty()).get(0).margin()).isEmpty();
        assertThat(verdicts(StudyComparison.of(plain, plain, Optional.empty()).get(0)))
                .containsExactly(Verdict.UNDECIDED);
        assertThat(StudyComparison.of(fixed, plain, Optional.empty()).get(0).margin())
                .contains(0.05);
        assertThat(StudyComparison.of(plain, fixed, Optional.empty()).get(0).margin())
                .contains(0.05);
        assertThat(
                        StudyComparison.of(plain, withMargin(plain, "mae", 0.05), Optional.empty())
                                .get(0)
                                .margin())
                .isEmpty();
        StudyRuns other = withMargin(plain, "rmse", 0.1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StudyComparison.of(fixed, other, Optional.empty()))
                .withMessage(
                        "The studies have different margins of rmse, 0.05 and 0.1; say by --margin"
                                + " which one counts.");
        assertThat(StudyComparison.of(fixed, other, Optional.of(0.2)).get(0).margin())
                .contains(0.2);
    }

    @Test
    void severalProtocolsAreMatchedByName() {
        StudyRuns first = study(runs("one", "A", 0.5, 5), runs("two", "A", 0.6, 5));
        StudyRuns second = study(runs("two", "A", 0.6, 5), runs("three", "A", 0.7, 5));

        List<StudyComparison> all = StudyComparison.of(first, second, MARGIN);

        assertThat(all).hasSize(1);
        assertThat(all.get(0).cells().get(0).contrast().gain().gain()).isCloseTo(0, within(1e-12));
    }

    @Test
    void lostRunsAreRankedLast() {
        List<RunRow> lossy = new ArrayList<>(runs("A", 0.5, 19));
        lossy.add(new RunRowBuilder().by("A", "none").run(19).lost(RunStatus.DIVERGED).build());

        Contrast contrast =
                StudyComparison.of(study(lossy), study(runs("A", 0.5, 20)), MARGIN)
                        .get(0)
                        .cells()
                        .get(0)
                        .contrast();

        assertThat(contrast.lost().orElseThrow().probability()).isLessThan(0.5);
        assertThat(contrast.verdict()).isEqualTo(Verdict.UNDECIDED);
    }

    @Test
    void publishedMeansAreComparedByWelchsTest() {
        StudyRuns first = study(runs("A", 0.5, 20), runs("B", 0.5, 20), runs("C", 0.5, 20));
        Summary same = Sample.of(0.48, 0.49, 0.5, 0.51, 0.52).summary();
        PublishedMeans means =
                new PublishedMeans(
                        List.of(
                                line("A", 20, 0.5, same.deviation()),
                                line("B", 20, 0.6, 0.01),
                                line("D", 20, 0.6, 0.01)));

        StudyComparison comparison = StudyComparison.of(first, means, MARGIN).get(0);

        assertThat(verdicts(comparison)).containsExactly(Verdict.EQUIVALENT, Verdict.BETTER);
        assertThat(comparison.cells().get(1).second()).contains(new Summary(20, 0.6, 0.01));
        assertThat(comparison.cells().get(1).contrast().p())
                .isCloseTo(
                        Sample.of(
                                        first.rows().subList(20, 40).stream()
                                                .mapToDouble(RunRow::value)
                                                .toArray())
                                .welchP(0.6, 0.01, 20),
                        within(1e-20));
        assertThat(comparison.onlyFirst()).isEqualTo(1);
        assertThat(comparison.onlySecond()).isEqualTo(1);
    }

    @Test
    void besidePublishedMeansNoLostRunCanBeRanked() {
        List<RunRow> lossy = new ArrayList<>(runs("A", 0.4, 19));
        lossy.add(new RunRowBuilder().by("A", "none").run(19).lost(RunStatus.DIVERGED).build());

        StudyComparison comparison =
                StudyComparison.of(
                                study(lossy),
                                new PublishedMeans(List.of(line("A", 20, 0.5, 0.01))),
                                MARGIN)
                        .get(0);

        assertThat(verdicts(comparison)).containsExactly(Verdict.UNTESTABLE);
    }

    @Test
    void meansWithoutADataSetAreOfTheOnlyOne() {
        List<RunRow> elsewhere =
                new RunRowBuilder().on("houses", "64-32").by("A", "none").runsWith(1, 2);
        PublishedMeans means = new PublishedMeans(List.of(line("A", 20, 0.5, 0.01)));

        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                StudyComparison.of(
                                        study(runs("A", 0.5, 3), elsewhere), means, MARGIN))
                .withMessage(
                        "The means name no data set, and the study has several:"
                                + " california-housing, houses; give the means a column dataset.");
    }

    @Test
    void whatHasNothingInCommonIsNotCompared() {
        assertThat(StudyComparison.of(study(runs("A", 0.5, 3)), study(runs("B", 0.5, 3)), MARGIN))
                .isEmpty();
        assertThat(
                        StudyComparison.of(
                                study(runs("A", 0.5, 3)),
                                new PublishedMeans(List.of(line("B", 3, 1, 1))),
                                MARGIN))
                .isEmpty();
    }
}
