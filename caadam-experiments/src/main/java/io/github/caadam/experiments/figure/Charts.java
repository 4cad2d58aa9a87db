// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.FileNames;
import io.github.caadam.experiments.analysis.Palette;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.analysis.RunGroup;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** What all figures have in common: fonts, grid, colours, the names of files. */
final class Charts {

    static final int WIDTH = 900;
    static final int HEIGHT = 480;

    /** For lines that are no data. */
    static final Color GUIDE = new Color(0x777777);

    /** For lines that are no data but have to be told from it. */
    static final BasicStroke DASHED =
            new BasicStroke(
                    1.1f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {6, 4}, 0);

    static final Color GRID = new Color(0xe4e4e4);
    private static final Color TEXT = new Color(0x333333);

    private Charts() {}

    /** Makes an empty chart; the legend stands beside the plot, where it hides no data. */
    static XYChart newChart(int height, String xTitle, String yTitle) {
        XYChart chart = new XYChart(WIDTH, height, Styler.ChartTheme.XChart);
        chart.setXAxisTitle(xTitle);
        chart.setYAxisTitle(yTitle);
        XYStyler styler = chart.getStyler();
        styler.setLocale(Locale.ROOT)
                .setChartTitleVisible(false)
                .setChartBackgroundColor(Color.WHITE)
                .setChartFontColor(TEXT)
                .setChartPadding(12)
                .setLegendPosition(Styler.LegendPosition.OutsideE)
                .setLegendBorderColor(Color.WHITE)
                .setLegendFont(font(Font.PLAIN))
                .setLegendSeriesLineLength(22)
                .setPlotBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false)
                .setMarkerSize(8);
        styler.setAxisTitleFont(font(Font.BOLD))
                .setAxisTickLabelsFont(font(Font.PLAIN))
                .setAxisTickLabelsColor(TEXT)
                .setAxisTickMarksColor(GUIDE)
                .setYAxisLabelAlignment(AxesChartStyler.TextAlignment.Right)
                .setPlotMargin(0)
                .setYAxisTickMarkSpacingHint(60)
                .setPlotGridLinesColor(GRID)
                .setPlotGridLinesStroke(new BasicStroke(1))
                .setErrorBarsColorSeriesColor(true);
        return chart;
    }

    private static Font font(int style) {
        return new Font(Font.SANS_SERIF, style, 12);
    }

    /** Draws a series in one colour, as a solid line without markers. */
    static XYSeries line(XYSeries series, Color color, float width) {
        series.setLineColor(color).setLineWidth(width).setLineStyle(SeriesLines.SOLID);
        series.setMarker(SeriesMarkers.NONE).setMarkerColor(color);
        return series;
    }

    /**
     * Returns what a figure shows of configurations: all of them, or the paper's where they are too
     * many to be told apart.
     */
    static List<Configuration> shown(Collection<Configuration> all, int most) {
        return all.stream()
                .filter(one -> all.size() <= most || Configuration.PAPER.contains(one))
                .toList();
    }

    /** Returns the colours of configurations, which are the same in every figure. */
    static Map<Configuration, Color> colors(Collection<Configuration> configurations) {
        Map<Configuration, Color> colors = new LinkedHashMap<>();
        Palette.of(configurations)
                .forEach((configuration, color) -> colors.put(configuration, Color.decode(color)));
        return colors;
    }

    /** Returns a name for files, such as {@code california-housing-64-32}. */
    static String slug(Problem problem) {
        return FileNames.slug(problem.dataset() + "-" + problem.architecture());
    }

    /**
     * Returns which optimizers lost runs, for a caption.
     *
     * @param group the runs
     * @param problems the problems that are shown
     * @return such as {@code ; runs lost: Adam lr=0.02 3 of 30}; empty if none was
     */
    static String lost(RunGroup group, Collection<Problem> problems) {
        String lost =
                group.cells().stream()
                        .filter(cell -> problems.contains(cell.problem()))
                        .filter(cell -> cell.counts().lost() > 0)
                        .map(
                                cell ->
                                        (problems.size() > 1
                                                        ? cell.problem().architecture() + " "
                                                        : "")
                                                + cell.configuration().label()
                                                + " "
                                                + cell.counts().lost()
                                                + " of "
                                                + cell.counts().planned())
                        .collect(Collectors.joining(", "));
        return lost.isEmpty() ? "" : "; runs lost: " + lost;
    }

    /** Returns what the metric of runs is called on an axis. */
    static String metric(RunGroup group) {
        return (group.metric().equals("rmse") ? "RMSE" : group.metric()) + " on the test rows";
    }

    /** Returns what stands in titles. */
    static String title(Problem problem) {
        return problem.architecture() + " on " + problem.dataset();
    }
}
