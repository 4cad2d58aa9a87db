// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.analysis.ReportForm;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunRowBuilder;
import io.github.caadam.experiments.results.StudyRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

class LossFigureTest {

    private static final String ADAM = "#000000";
    private static final String DEPTH = "#0072b2";

    @TempDir private Path directory;

    @Test
    void everyRunIsACurveInTheColourOfItsOptimizer() throws IOException {
        List<RunRecord> runs = new ArrayList<>();
        for (int run = 0; run < 3; run++) {
            runs.add(TestRuns.run("Adam", "none", run, 1, 0.9, 0.7 + 0.01 * run, 0.6));
            runs.add(TestRuns.run("CaAdam", "depth", run, 1, 0.8, 0.5 + 0.01 * run, 0.4));
        }

        figure(runs).write(directory);

        WrittenFigure written = WrittenFigure.read(directory, "loss-california-housing-64-32");
        // A curve per run, and its sample in the legend.
        assertThat(written.curves(DEPTH)).isEqualTo(3 + 1);
        assertThat(written.curves(ADAM)).isEqualTo(3 + 1);
        assertThat(written.pixelColors()).contains(0x0072b2, 0x000000, 0xffffff);
        assertThat(written.text())
                .contains("Training loss of 64-32 on california")
                .contains("the first 3 of each optimizer")
                .contains("protocol notebook")
                .contains("n = 3 runs per network and optimizer")
                .contains("6 runs, all finished");
    }

    @Test
    void pngHasTwoPixelsPerUnit() throws IOException {
        Figure figure = figure(List.of(TestRuns.run("Adam", "none", 0, 1, 2, 1)));

        figure.write(directory);

        WrittenFigure written = WrittenFigure.read(directory, figure.name());
        assertThat(written.png().getWidth()).isEqualTo(2 * figure.getWidth()).isEqualTo(1800);
        assertThat(written.png().getHeight()).isEqualTo(2 * figure.getHeight());
        assertThat(written.svg().getDocumentElement().getAttribute("width")).isEqualTo("900px");
    }

    @Test
    void earlierFilesAreReplacedInWhole() throws IOException {
        Figure figure = figure(List.of(TestRuns.run("Adam", "none", 0, 1, 2, 1)));
        figure.write(directory);
        Path png = directory.resolve(figure.name() + ".png");
        byte[] expected = Files.readAllBytes(png);
        Files.write(png, new byte[expected.length + 1000]);

        figure.write(directory);

        assertThat(png).hasBinaryContent(expected);
    }

    @Test
    void legendNamesEveryOptimizerOnceInThePapersOrder() {
        List<RunRecord> runs =
                List.of(
                        TestRuns.run("CaAdam", "depth", 0, 1, 2, 1),
                        TestRuns.run("CaAdam", "depth", 1, 1, 2, 1),
                        TestRuns.run("Adam", "none", 0, 1, 2, 1));

        assertThat(figure(runs).chart().getSeriesCollection())
                .allMatch(XYSeries::isShowInLegend)
                .extracting(XYSeries::getLabel)
                .containsExactly("Adam", "CaAdam depth");
    }

    @Test
    void noMoreThanTheFiveLowestRunsAreDrawn() {
        ReportForm form = ReportForm.of(StudyRuns.ofRows(new RunRowBuilder().runsWith(1)));
        List<LossCurve> curves = new ArrayList<>();
        for (int run = 8; run >= 2; run--) {
            curves.add(LossCurve.of(TestRuns.run("Adam", "none", run, 1, 1)));
        }

        assertThat(LossFigure.select(curves, form))
                .extracting(LossCurve::run)
                .containsExactly(2, 3, 4, 5, 6);
    }

    @ParameterizedTest
    @CsvSource({
        "100, 1, true, Training loss (log scale)",
        "5, 1, false, Training loss",
        "100, 0, false, Training loss",
        "100, -1, false, Training loss",
        "1, 1, false, Training loss"
    })
    void axisIsLogarithmicWhereThatHelpsAndIsPossible(
            double first, double last, boolean logarithmic, String title) throws IOException {
        Figure figure = figure(List.of(TestRuns.run("Adam", "none", 0, 1, first, last)));

        assertThat(figure.chart().getStyler().isYAxisLogarithmic()).isEqualTo(logarithmic);
        assertThat(figure.chart().getYAxisTitle()).isEqualTo(title);
        assertThat(figure.write(directory))
                .hasSize(3)
                .allSatisfy(f -> assertThat(f).isNotEmptyFile());
    }

    @Test
    void singleEpochIsAPoint() throws IOException {
        Figure figure =
                figure(
                        List.of(
                                TestRuns.run("Adam", "none", 0, 1, 0.5),
                                TestRuns.run("CaAdam", "depth", 0, 1, 0.5, 0.4)));

        assertThat(figure.chart().getSeries("Adam").getMarker()).isEqualTo(SeriesMarkers.CIRCLE);
        assertThat(figure.chart().getSeries("CaAdam depth").getMarker())
                .isEqualTo(SeriesMarkers.NONE);
        figure.write(directory);
        assertThat(WrittenFigure.read(directory, figure.name()).uses(ADAM)).isTrue();
    }

    private static Figure figure(List<RunRecord> runs) {
        RunGroup group =
                RunGroup.of(
                                StudyRuns.ofRows(
                                        runs.stream()
                                                .map(
                                                        run ->
                                                                run.toRow(
                                                                        run.planned(),
                                                                        "quickstart",
                                                                        ""))
                                                .toList()))
                        .get(0);
        return LossFigure.of(
                group.problems().get(0),
                LossFigure.select(runs.stream().map(LossCurve::of).toList(), group.form()),
                group,
                Charts.colors(group.form()));
    }
}
