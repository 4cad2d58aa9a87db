// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import static io.github.caadam.experiments.report.html.Studies.together;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.analysis.Inference;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.results.CompareSettings;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunRowBuilder;
import io.github.caadam.experiments.results.RunStatus;
import io.github.caadam.experiments.results.StudyRuns;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PictureTest {

    private static final List<RunRow> BASE =
            Studies.rows("SGD", "none", 0.500, 0.501, 0.499, 0.502, 0.498);

    private static Picture picture(List<RunRow> rows, Double margin) {
        StudyRuns runs =
                StudyRuns.ofRows(rows)
                        .comparedBy(
                                new CompareSettings(
                                        "SGD", "", List.of(), margin, Map.of(), List.of(), "",
                                        Map.of()));
        List<RunGroup> groups = RunGroup.of(runs);
        return Picture.of(new PageIndex(groups), Inference.of(runs, groups), "verdicts-0", false);
    }

    private static List<RunRow> rows(String network, String optimizer, double mean) {
        return Studies.rows(
                network, optimizer, "none", "rmse", mean - 0.001, mean, mean + 0.001, mean, mean);
    }

    private static List<String> words(Picture picture) {
        return picture.forest().get(0).bars().stream().map(bar -> bar.mark().word()).toList();
    }

    private static String plain(Picture.Said said) {
        return said.text().replace('\u00a0', ' ');
    }

    @Test
    void eachVerdictHasAShapeAndAWord() {
        Picture picture =
                picture(
                        together(
                                BASE,
                                rows("64-32", "Better", 0.45),
                                rows("64-32", "Little", 0.49),
                                rows("64-32", "Same", 0.5),
                                rows("64-32", "Worse", 0.6)),
                        0.02);

        assertThat(words(picture))
                .containsExactly("better", "better, within the margin", "equivalent", "worse");
        assertThat(picture.forest().get(0).bars())
                .extracting(bar -> bar.mark().shape())
                .doesNotHaveDuplicates();
        assertThat(picture.tally())
                .extracting(one -> one.count() + " " + one.mark().word())
                .containsExactly(
                        "1 better", "1 better, within the margin", "1 worse", "1 equivalent");
        assertThat(picture.forest().get(0).bars().get(0).counts()).isEqualTo("5 vs 5");
        assertThat(picture.forest().get(0).bars().get(0).gain()).isEqualTo("+0.050");
    }

    @Test
    void eachVerdictHasASentenceWithWhatItRestsOn() {
        Picture picture =
                picture(
                        together(
                                BASE,
                                rows("64-32", "Better", 0.45),
                                rows("64-32", "Little", 0.49),
                                rows("64-32", "Same", 0.5),
                                rows("64-32", "Worse", 0.6)),
                        0.02);

        assertThat(picture.sentences())
                .extracting(PictureTest::plain)
                .containsExactly(
                        "On 64-32: Better is better than SGD: mean RMSE 0.050 lower; 95 % interval"
                                + " of the gain 0.048 to 0.052; corrected p < 0.0001.",
                        "On 64-32: Little is better than SGD, by less than the margin of ±0.02:"
                                + " mean RMSE 0.010 lower; 95 % interval of the gain 0.008 to 0.012;"
                                + " corrected p < 0.0001, and of a difference beyond the margin p <"
                                + " 0.0001.",
                        "On 64-32: Same is equivalent to SGD within ±0.02: mean RMSE 0.000 lower;"
                                + " 95 % interval of the gain −0.002 to 0.002; corrected p = 1.00,"
                                + " and of a difference beyond the margin p < 0.0001.",
                        "On 64-32: Worse is worse than SGD: mean RMSE 0.100 higher; 95 % interval"
                                + " of the gain −0.102 to −0.098; corrected p < 0.0001.");
    }

    @Test
    void whatTheRunsDoNotSayIsCalledUndecided() {
        Picture picture =
                picture(
                        together(
                                BASE,
                                Studies.rows("Noisy", "none", 0.4, 0.6, 0.5, 0.55, 0.42),
                                Studies.rows("Once", "none", 0.4)),
                        null);

        assertThat(words(picture)).containsExactly("undecided", "not testable");
        assertThat(picture.sentences())
                .extracting(PictureTest::plain)
                .satisfiesExactly(
                        noisy ->
                                assertThat(noisy)
                                        .startsWith(
                                                "On 64-32: Whether Noisy is better or worse than"
                                                        + " SGD is undecided: mean RMSE 0.006"
                                                        + " lower;"),
                        once ->
                                assertThat(once)
                                        .isEqualTo(
                                                "On 64-32: Once cannot be tested against SGD: fewer"
                                                        + " than two runs on a side."));
    }

    @Test
    void lostRunsTakeTheVerdictAway() {
        List<RunRow> rows = new ArrayList<>(together(BASE, rows("64-32", "Lossy", 0.4)));
        rows.add(
                new RunRowBuilder()
                        .on("friedman1", "64-32")
                        .by("Lossy", "none")
                        .run(5)
                        .of("tiny", "paper", "")
                        .lost(RunStatus.DIVERGED)
                        .build());

        Picture picture = picture(rows, null);

        assertThat(words(picture)).containsExactly("too many runs lost");
        assertThat(picture.sentences().get(0).text())
                .isEqualTo(
                        "On 64-32: Lossy has no verdict: more than 10 % of the runs of a side were"
                                + " lost; finished are 5 of 6, of SGD 5.");
        assertThat(picture.forest().get(0).bars().get(0).counts()).isEqualTo("5 of 6 vs 5");
    }

    /** A gain of 0.05 in the margin's band, the same place for the same gain in every panel. */
    @Test
    void gainsMarginAndZeroShareAnAxis() {
        Picture picture =
                picture(
                        together(
                                BASE,
                                rows("64-32", "A", 0.45),
                                rows("8", "SGD", 0.5),
                                rows("8", "A", 0.45)),
                        0.1);
        Picture.Bar one = picture.forest().get(0).bars().get(0);
        Picture.Bar other = picture.forest().get(1).bars().get(0);

        assertThat(picture.forest())
                .extracting(Picture.Panel::heading)
                .containsExactly("64-32", "8", "Both problems");
        assertThat(other.at()).isEqualTo(one.at());
        assertThat(percent(one.from())).isLessThan(percent(one.at()));
        assertThat(percent(one.at())).isLessThan(percent(one.to()));
        assertThat(percent(one.zero())).isLessThan(percent(one.from()));
        Picture.Band band = one.margins().get(0);
        assertThat(percent(band.from()) + percent(band.width()) / 2)
                .isCloseTo(percent(one.zero()), org.assertj.core.data.Offset.offset(0.02));
        assertThat(picture.forest().get(0).ticks())
                .anySatisfy(
                        tick -> {
                            assertThat(tick.label()).startsWith("0.0");
                            assertThat(tick.at()).isEqualTo(one.zero());
                        });
    }

    private static double percent(String text) {
        return Double.parseDouble(text.replace("%", ""));
    }

    @Test
    void anIntervalOfTwoRunsIsCutOffAndSaysSo() {
        Picture.Bar bar =
                picture(
                                together(
                                        Studies.rows("SGD", "none", 0.5, 0.6),
                                        Studies.rows("Wide", "none", 0.5, 0.59)),
                                null)
                        .forest()
                        .get(0)
                        .bars()
                        .get(0);

        assertThat(bar.cutLow()).isTrue();
        assertThat(bar.cutHigh()).isTrue();
        assertThat(bar.from()).isEqualTo("0.00%");
        assertThat(bar.to()).isEqualTo("100.00%");
    }

    @Test
    void manyContrastsAreAMapWhoseLongerSideGoesDown() {
        List<RunRow> rows = new ArrayList<>();
        for (int network = 0; network < 10; network++) {
            rows.addAll(rows("n" + network, "SGD", 0.5));
            rows.addAll(rows("n" + network, "A", 0.45));
            if (network > 0) {
                rows.addAll(rows("n" + network, "B", 0.6));
            }
        }

        Picture picture = picture(rows, null);
        Picture.HeatMap map = picture.map().get(0);

        assertThat(picture.forest()).isEmpty();
        assertThat(map.columns()).extracting(Picture.Head::label).containsExactly("A", "B");
        assertThat(map.rows())
                .extracting(line -> line.head().label())
                .startsWith("All 10 problems", "n0", "n1")
                .hasSize(11);
        assertThat(map.rows().get(1).cells().get(1).blank()).isTrue();
        Picture.Bar worse = map.rows().get(2).cells().get(1).bar().get(0);
        assertThat(worse.mark().word()).isEqualTo("worse");
        assertThat(worse.strength()).isEqualTo(3);
        assertThat(map.rows().get(2).cells().get(0).bar().get(0).strength()).isEqualTo(2);
        assertThat(picture.many()).isTrue();
        assertThat(picture.sentences()).hasSize(19);
    }

    @Test
    void moreOptimizersThanProblemsGoDown() {
        List<RunRow> rows = new ArrayList<>(together(BASE, rows("8", "SGD", 0.5)));
        for (int optimizer = 0; optimizer < 20; optimizer++) {
            rows.addAll(rows("64-32", "O" + optimizer, 0.45));
            rows.addAll(rows("8", "O" + optimizer, 0.45));
        }

        Picture.HeatMap map = picture(rows, null).map().get(0);

        assertThat(map.columns())
                .extracting(Picture.Head::label)
                .containsExactly("Both problems", "64-32", "8");
        assertThat(map.rows()).hasSize(20);
    }

    @Test
    void manyOptimizersOnOneProblemAreAForest() {
        List<RunRow> rows = new ArrayList<>(BASE);
        for (int optimizer = 0; optimizer < 20; optimizer++) {
            rows.addAll(rows("64-32", "O" + optimizer, 0.45));
        }

        assertThat(picture(rows, null).forest().get(0).bars()).hasSize(20);
    }

    /** Errors on two data sets: each has a scale of its own. */
    @Test
    void severalSetsOfDataAreOneMap() {
        List<RunRow> rows = new ArrayList<>(together(BASE, rows("64-32", "A", 0.45)));
        for (String optimizer : List.of("SGD", "A")) {
            for (int run = 0; run < 5; run++) {
                rows.add(
                        new RunRowBuilder()
                                .on("houses", "8")
                                .by(optimizer, "none")
                                .run(run)
                                .result("rmse", (optimizer.equals("A") ? 900 : 500) + run, 0)
                                .of("tiny", "paper", "")
                                .build());
            }
        }

        Picture picture = picture(rows, null);
        Picture.HeatMap map = picture.map().get(0);

        assertThat(picture.title()).isEqualTo("RMSE beside SGD");
        assertThat(map.rows())
                .extracting(line -> line.head().label())
                .containsExactly("friedman1 64-32", "houses 8");
        assertThat(map.rows())
                .extracting(line -> line.cells().get(0).bar().get(0).gain())
                .containsExactly("+0.0500", "−400");
        assertThat(picture.tally()).extracting(Picture.Tally::count).containsExactly(1, 1);
    }
}
