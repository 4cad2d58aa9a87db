// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.FileNames;
import io.github.caadam.experiments.analysis.Palette;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.analysis.ReportForm;
import io.github.caadam.experiments.analysis.RunGroup;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.Collection;
import java.util.LinkedHashMap;
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
public final class Charts {

    static final int WIDTH = 900;

    /** The height of a chart whose content asks for none. */
    public static final int HEIGHT = 480;

    /** For lines that are no data. */
    public static final Color GUIDE = new Color(0x777777);

    /** For lines that are no data but have to be told from it. */
    public static final BasicStroke DASHED =
            new BasicStroke(
                    1.1f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {6, 4}, 0);

    static final Color GRID = new Color(0xe4e4e4);
    private static final Color TEXT = new Color(0x333333);

    private Charts() {}

    /**
     * Makes an empty chart; the legend stands beside the plot, where it hides no data.
     *
     * @param height its height
     * @param xTitle the title of the horizontal axis
     * @param yTitle that of the other one
     * @return the chart
     */
    public static XYChart newChart(int height, String xTitle, String yTitle) {
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

    /**
     * Draws a series in one colour, as a solid line without markers.
     *
     * @param series the series
     * @param color its colour
     * @param width the width of the line
     * @return the series
     */
    public static XYSeries line(XYSeries series, Color color, float width) {
        series.setLineColor(color).setLineWidth(width).setLineStyle(SeriesLines.SOLID);
        series.setMarker(SeriesMarkers.NONE).setMarkerColor(color);
        return series;
    }

    /** Returns the colours of configurations, which are the same in every figure. */
    static Map<Configuration, Color> colors(ReportForm form) {
        return decoded(form.colors());
    }

    /** Returns the colours of scaling strategies. */
    static Map<String, Color> ofStrategies(Collection<String> strategies) {
        return decoded(Palette.ofStrategies(strategies));
    }

    private static <T> Map<T, Color> decoded(Map<T, String> colors) {
        Map<T, Color> decoded = new LinkedHashMap<>();
        colors.forEach((one, color) -> decoded.put(one, Color.decode(color)));
        return decoded;
    }

    /**
     * Returns a name for files.
     *
     * @param problem the problem
     * @return such as {@code airfoil-64-32}
     */
    public static String slug(Problem problem) {
        return FileNames.slug(problem.dataset() + "-" + problem.architecture());
    }

    /**
     * Returns which optimizers lost runs, for a caption.
     *
     * @param group the runs
     * @param problems the problems that are shown
     * @return such as {@code ; runs lost: SGD lr=0.02 3 of 30}; empty if none was
     */
    public static String lost(RunGroup group, Collection<Problem> problems) {
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

    /**
     * Returns what the metric of runs is called on an axis.
     *
     * @param group the runs
     * @return the title
     */
    public static String metric(RunGroup group) {
        return group.measure().title() + " on the test rows";
    }

    /**
     * Returns what stands in titles.
     *
     * @param problem the problem
     * @return network and data set
     */
    public static String title(Problem problem) {
        return problem.architecture() + " on " + problem.dataset();
    }
}
