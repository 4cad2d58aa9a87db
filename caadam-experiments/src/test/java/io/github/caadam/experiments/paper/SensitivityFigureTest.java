// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.figure.Figure;
import io.github.caadam.experiments.figure.FigureInput;
import io.github.caadam.experiments.figure.Figures;
import io.github.caadam.experiments.figure.WrittenFigure;
import io.github.caadam.experiments.results.DrawnRuns;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunRowBuilder;
import io.github.caadam.experiments.results.StudyRuns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

/** The runs are those of a plane: 0.5 + 0.04·log₂ of the weight's factor; the radius is 2. */
class SensitivityFigureTest {

    @TempDir private Path directory;

    @Test
    void everyFactorAloneAndAllAlikeAreLines() {
        XYChart chart = figure(rows()).chart();

        assertThat(chart.getSeriesCollection())
                .extracting(XYSeries::getLabel)
                .containsExactly("01Linear_weight", "biases", "all alike", "tuned Adam");
        assertEnds(chart.getSeries("01Linear_weight"), 2, 0.42, 0.58);
        assertEnds(chart.getSeries("biases"), 2, 0.5, 0.5);
        // Both factors at 2^√2 are as far from 1 as one at 2².
        assertEnds(chart.getSeries("all alike"), Math.sqrt(2), 0.4434315, 0.5565685);
        assertEnds(chart.getSeries("tuned Adam"), 2, 0.6, 0.6);
    }

    @Test
    void isAmongTheFiguresOfAStudyThatDrawsItsFactors() throws IOException {
        Figures.Written written =
                Figures.write(
                        new FigureInput(StudyRuns.ofRows(rows()), List.of(), List.of()), directory);

        assertThat(written.files())
                .contains(directory.resolve("sensitivity-california-housing-64-32.png"));
        assertThat(WrittenFigure.read(directory, "sensitivity-california-housing-64-32").text())
                .contains("quadratic fit to 40 runs")
                .contains("the mean of tuned Adam's own 2 runs");
    }

    private static void assertEnds(XYSeries series, double reach, double low, double high) {
        int last = series.getXData().length - 1;
        assertThat(series.getXData()[0]).isCloseTo(-reach, within(1e-6));
        assertThat(series.getXData()[last]).isCloseTo(reach, within(1e-6));
        assertThat(series.getYData()[0]).isCloseTo(low, within(1e-6));
        assertThat(series.getYData()[last]).isCloseTo(high, within(1e-6));
    }

    private static Figure figure(List<RunRow> rows) {
        return new PaperFigures()
                .of(RunGroup.of(StudyRuns.ofRows(rows)).get(0)).stream()
                        .filter(figure -> figure.getTitle().startsWith("What factors"))
                        .findFirst()
                        .orElseThrow();
    }

    private static List<RunRow> rows() {
        List<RunRow> rows = new ArrayList<>(DrawnRuns.linear("64-32"));
        rows.addAll(new RunRowBuilder().by("Adam", "none tuned").runsWith(0.59, 0.61));
        return rows;
    }
}
