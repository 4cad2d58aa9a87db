// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunRowBuilder;
import io.github.caadam.experiments.results.StudyRuns;
import io.github.caadam.experiments.statistics.EffectSize;
import io.github.caadam.experiments.statistics.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

class EffectFigureTest {

    private static final String DEPTH = "#0072b2";
    private static final double[] ADAM = {1.0, 1.1, 1.2};
    private static final double[] BETTER = {0.8, 0.9, 1.0};

    @TempDir private Path directory;

    @Test
    void pointAndIntervalAreThoseOfHedges() {
        List<RunRow> rows = new ArrayList<>();
        add(rows, "64-32", "Adam", "none", ADAM);
        add(rows, "64-32", "CaAdam", "depth", BETTER);
        EffectSize expected = EffectSize.hedges(Sample.of(BETTER), Sample.of(ADAM), true);

        XYChart chart = draw(rows).orElseThrow().chart();

        assertThat(expected.g()).isPositive();
        assertThat(chart.getSeries("CaAdam depth").getXData()).containsExactly(expected.g());
        assertThat(chart.getSeries("CaAdam depth interval").getXData())
                .startsWith(expected.low(), expected.high());
    }

    @Test
    void networksStandFromTopToBottomAndOptimizersInTheirOrder() {
        List<RunRow> rows = new ArrayList<>();
        for (String network : List.of("64-32", "16")) {
            add(rows, network, "CaAdam", "depth", BETTER);
            add(rows, network, "AdamW", "none", BETTER);
            add(rows, network, "Adam", "none", ADAM);
        }

        XYChart chart = draw(rows).orElseThrow().chart();

        double[] adamW = chart.getSeries("AdamW").getYData();
        double[] depth = chart.getSeries("CaAdam depth").getYData();
        assertThat(List.of(adamW[0], depth[0], adamW[1], depth[1]))
                .isSortedAccordingTo((one, other) -> Double.compare(other, one));
        assertThat(chart.getStyler().getYAxisTickLabelsFormattingFunction().apply(6.0))
                .isEqualTo("64-32");
        assertThat(chart.getStyler().getYAxisTickLabelsFormattingFunction().apply(3.0))
                .isEqualTo("16");
        assertThat(chart.getSeriesCollection())
                .filteredOn(XYSeries::isShowInLegend)
                .extracting(XYSeries::getLabel)
                .containsExactly("AdamW", "CaAdam depth");
    }

    @Test
    void captionSaysWhatItIsAndWhatIsLeftOut() throws IOException {
        List<RunRow> rows = new ArrayList<>();
        add(rows, "64-32", "Adam", "none", ADAM);
        add(rows, "64-32", "CaAdam", "depth", BETTER);
        add(rows, "64-32", "Nadam", "none", 1.0);

        Figure figure = draw(rows).orElseThrow();
        figure.write(directory);

        WrittenFigure written =
                WrittenFigure.read(directory, "effects-california-housing-notebook-rmse");
        assertThat(written.uses(DEPTH)).isTrue();
        assertThat(written.pixelColors()).contains(0x0072b2);
        assertThat(written.text())
                .contains("Effect against Adam on california")
                .contains("RMSE on the test rows")
                .contains("n = 1–3 runs")
                .contains("7 runs, all finished")
                .contains("without an effect size, for want of runs or of differences");
    }

    @Test
    void rowsOfOneColorHaveDifferentMarkers() {
        List<RunRow> rows = new ArrayList<>();
        add(rows, "64-32", "Adam", "none", ADAM);
        for (int i = 1; i <= 9; i++) {
            add(rows, "64-32", "CaAdam", "fan-in gamma=" + i, BETTER);
        }

        XYChart chart = draw(rows).orElseThrow().chart();

        XYSeries first = chart.getSeries("CaAdam fan-in gamma=1");
        XYSeries ninth = chart.getSeries("CaAdam fan-in gamma=9");
        assertThat(ninth.getMarkerColor()).isEqualTo(first.getMarkerColor());
        assertThat(ninth.getMarker()).isNotEqualTo(first.getMarker());
    }

    @Test
    void withoutAdamOrDifferencesThereIsNoFigure() {
        List<RunRow> withoutAdam = new ArrayList<>();
        add(withoutAdam, "64-32", "CaAdam", "depth", BETTER);
        List<RunRow> identical = new ArrayList<>();
        add(identical, "64-32", "Adam", "none", 1, 1, 1);
        add(identical, "64-32", "CaAdam", "depth", 1, 1, 1);

        assertThat(draw(withoutAdam)).isEmpty();
        assertThat(draw(identical)).isEmpty();
    }

    @Test
    void networkWithoutAdamIsLeftToTheOthers() {
        List<RunRow> rows = new ArrayList<>();
        add(rows, "16", "CaAdam", "depth", BETTER);
        add(rows, "64-32", "Adam", "none", ADAM);
        add(rows, "64-32", "CaAdam", "depth", BETTER);

        XYChart chart = draw(rows).orElseThrow().chart();

        assertThat(chart.getSeries("CaAdam depth").getXData()).hasSize(1);
        assertThat(chart.getStyler().getYAxisTickLabelsFormattingFunction().apply(3.0))
                .isEqualTo("64-32");
    }

    private static Optional<Figure> draw(List<RunRow> rows) {
        return EffectFigure.of(RunGroup.of(StudyRuns.ofRows(rows)).get(0)).draw();
    }

    private static void add(
            List<RunRow> rows,
            String architecture,
            String optimizer,
            String strategy,
            double... values) {
        rows.addAll(
                new RunRowBuilder()
                        .on("california-housing", architecture)
                        .by(optimizer, strategy)
                        .runsWith(values));
    }
}
