// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.StudyRuns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

class LearningRateFigureTest {

    private static final double[] RATES = {0.0005, 0.001, 0.002, 0.005, 0.01};

    @TempDir private Path directory;

    @Test
    void adamIsALineOverItsRatesAndCaAdamAMark() {
        List<RunRecord> runs = sweep(0.5);
        runs.add(TestRuns.run("CaAdam", "depth", 0, 0.4, 1));
        runs.add(TestRuns.run("CaAdam", "depth", 1, 0.42, 1));

        XYChart chart = draw(runs).orElseThrow().chart();

        assertThat(chart.getSeries("Adam").getXData()).containsExactly(RATES);
        // Two runs apart by 0.02: t(0.975; 1) = 12.7062 times 0.01.
        assertThat(chart.getSeries("Adam").getExtraValues()[0]).isCloseTo(0.127062, within(1e-6));
        XYSeries mark = chart.getSeries("CaAdam depth");
        assertThat(mark.getXData()).hasSize(1);
        assertThat(mark.getXData()[0]).isCloseTo(0.001, within(1e-12));
        assertThat(mark.getYData()[0]).isCloseTo(0.41, within(1e-12));
        assertThat(chart.getSeries("CaAdam depth level").getXData()).containsExactly(0.0005, 0.01);
        assertThat(chart.getStyler().isXAxisLogarithmic()).isTrue();
        assertThat(chart.getSeriesCollection())
                .filteredOn(XYSeries::isShowInLegend)
                .extracting(XYSeries::getLabel)
                .containsExactly("Adam", "CaAdam depth");
    }

    @Test
    void captionSaysHowManyRunsAreBehindAPoint() throws IOException {
        List<RunRecord> runs = sweep(0.5);
        runs.add(TestRuns.run("CaAdam", "depth", 0, 0.4, 1));

        draw(runs).orElseThrow().write(directory);

        WrittenFigure written =
                WrittenFigure.read(directory, "learning-rate-california-housing-64-32");
        assertThat(written.text())
                .contains("RMSE on the test rows by learning rate: 64-32 on california")
                .contains("Mean of n = 1, 2 finished runs")
                .contains("the context.");
        assertThat(written.uses("#0072b2")).isTrue();
        assertThat(written.pixelColors()).contains(0x0072b2);
    }

    @Test
    void rateThatFailsDoesNotFlattenTheRest() throws IOException {
        List<RunRecord> runs = sweep(0.5);
        runs.add(TestRuns.runAt(0.1, "Adam", "none", 0, 50.0, 1));

        Figure figure = draw(runs).orElseThrow();

        assertThat(figure.chart().getStyler().isYAxisLogarithmic()).isTrue();
        assertThat(figure.chart().getYAxisTitle()).isEqualTo("RMSE on the test rows (log scale)");
        assertThat(figure.write(directory)).hasSize(3);
    }

    @Test
    void intervalBelowZeroKeepsTheAxisLinear() throws IOException {
        List<RunRecord> runs = sweep(0.05);
        runs.add(TestRuns.runAt(0.1, "Adam", "none", 0, 50.0, 1));

        Figure figure = draw(runs).orElseThrow();

        assertThat(figure.chart().getStyler().isYAxisLogarithmic()).isFalse();
        assertThat(figure.write(directory)).hasSize(3);
    }

    @Test
    void oneRateOfEachOptimizerMakesNoFigure() {
        List<RunRecord> runs =
                List.of(
                        TestRuns.run("Adam", "none", 0, 1, 1),
                        TestRuns.runAt(0.002, "CaAdam", "depth", 0, 1, 1));

        assertThat(draw(runs)).isEmpty();
    }

    @Test
    void otherOptimizersAreShownOnlyWithSeveralRates() {
        List<RunRecord> runs = sweep(0.5);
        runs.add(TestRuns.run("AdamW", "none", 0, 1, 1));

        assertThat(draw(runs).orElseThrow().chart().getSeriesCollection())
                .extracting(XYSeries::getLabel)
                .containsExactly("Adam");
    }

    @Test
    void ofManyMarksThePapersAreShown() throws IOException {
        List<RunRecord> runs = sweep(0.5);
        runs.add(TestRuns.run("CaAdam", "depth", 0, 0.4, 1));
        for (int i = 0; i < 8; i++) {
            runs.add(TestRuns.run("CaAdam", "depth shuffled:" + i, 0, 0.4, 1));
        }

        Figure figure = draw(runs).orElseThrow();
        figure.write(directory);

        assertThat(figure.chart().getSeriesCollection())
                .extracting(XYSeries::getLabel)
                .containsExactly("Adam", "CaAdam depth level", "CaAdam depth");
        assertThat(WrittenFigure.read(directory, "learning-rate-california-housing-64-32").text())
                .contains("not shown: 8 variants of the strategies");
        assertThat(
                        draw(runs.subList(0, runs.size() - 1))
                                .orElseThrow()
                                .chart()
                                .getSeriesCollection())
                .hasSize(1 + 2 * 8);
    }

    private static List<RunRecord> sweep(double value) {
        List<RunRecord> runs = new ArrayList<>();
        for (double rate : RATES) {
            runs.add(TestRuns.runAt(rate, "Adam", "none", 0, value - 0.01, 1));
            runs.add(TestRuns.runAt(rate, "Adam", "none", 1, value + 0.01, 1));
        }
        return runs;
    }

    private static Optional<Figure> draw(List<RunRecord> runs) {
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
        return new LearningRateFigure(group, group.problems().get(0))
                .draw("the context", Charts.colors(group.form()));
    }
}
