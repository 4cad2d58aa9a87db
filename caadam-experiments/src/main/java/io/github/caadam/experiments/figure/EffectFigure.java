// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Improvement;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.analysis.RunGroup;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.knowm.xchart.AnnotationLine;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Effect sizes against a baseline as a forest plot: networks from top to bottom, under each a row
 * per optimizer with its point and interval. Where optimizers are many, only the first of the study
 * are shown, or those of its publication.
 */
public final class EffectFigure {

    /**
     * What optimizers are compared with.
     *
     * @param prefix what the names of files start with
     * @param label what titles call it
     * @param explanation what captions say of it; may be empty
     */
    public record Against(String prefix, String label, String explanation) {}

    private static final float LINE_WIDTH = 1.8f;
    private static final int ROW_HEIGHT = 17;
    private static final int LEAST_BAND_HEIGHT = 60;
    private static final int AXIS_HEIGHT = 80;

    /**
     * The height of a problem's band on the axis. XChart looks at the first three ticks to decide
     * whether labels fit; with 3, these are never names.
     */
    private static final double BAND = 3;

    /** The part of a band that has rows; the rest keeps problems apart. */
    private static final double ROWS_OF_BAND = 2.3;

    /** The distance of ticks in pixels at which XChart sets one at every unit of the axis. */
    private static final double TICKS_PER_BAND = 0.3;

    /** More rows than these make no picture. */
    private static final int MOST_ROWS = 16;

    /** The markers of the first, second and further rows of a colour. */
    private static final List<Marker> MARKERS =
            List.of(SeriesMarkers.CIRCLE, SeriesMarkers.DIAMOND, SeriesMarkers.SQUARE);

    private final RunGroup group;
    private final Against against;
    private final List<Improvement> effects;
    private final List<Problem> problems;
    private final List<Configuration> configurations;
    private final int undefined;
    private final int hidden;

    /**
     * Prepares a figure.
     *
     * @param group the runs
     * @param all the comparisons
     * @param against what they are comparisons with
     */
    public EffectFigure(RunGroup group, List<Improvement> all, Against against) {
        this.group = group;
        this.against = against;
        List<Improvement> defined =
                all.stream()
                        .filter(one -> Double.isFinite(one.effect().g()) && !one.lostTooMany())
                        .toList();
        undefined = all.size() - defined.size();
        Set<Configuration> compared = new TreeSet<>(group.form().order());
        defined.forEach(one -> compared.add(one.configuration()));
        configurations = group.form().shown(compared, MOST_ROWS);
        hidden = compared.size() - configurations.size();
        effects =
                defined.stream()
                        .filter(one -> configurations.contains(one.configuration()))
                        .toList();
        problems = effects.stream().map(Improvement::problem).distinct().toList();
    }

    /** The comparisons with the baseline of the study. */
    static EffectFigure of(RunGroup group) {
        return new EffectFigure(
                group,
                Improvement.of(group),
                new Against("effects-", group.baseline().label(), ""));
    }

    /**
     * Draws the figure.
     *
     * @return the figure, if there is an effect size
     */
    public Optional<Figure> draw() {
        Map<Configuration, Color> colors = Charts.colors(group.form());
        if (effects.isEmpty()) {
            return Optional.empty();
        }
        int bandHeight =
                Math.max(
                        LEAST_BAND_HEIGHT,
                        (int) (configurations.size() * ROW_HEIGHT * BAND / ROWS_OF_BAND));
        XYChart chart =
                Charts.newChart(
                        problems.size() * bandHeight + AXIS_HEIGHT,
                        "Hedges' g against " + against.label + " (positive is better)",
                        "");
        scale(chart, bandHeight);
        Charts.line(
                        chart.addSeries(
                                "zero", new double[] {0, 0}, new double[] {bottom(), top()}),
                        Charts.GUIDE,
                        1)
                .setShowInLegend(false);
        List<Color> used = new ArrayList<>();
        for (Configuration configuration : configurations) {
            Color color = colors.get(configuration);
            int before = Collections.frequency(used, color);
            used.add(color);
            add(chart, configuration, color, MARKERS.get(before % MARKERS.size()));
        }
        return Optional.of(
                new Figure(
                        against.prefix + group.name(),
                        "Effect against "
                                + against.label
                                + " on "
                                + String.join(", ", group.datasets()),
                        caption(),
                        chart,
                        numbers()));
    }

    private Figure.Numbers numbers() {
        return new Figure.Numbers(
                List.of("dataset", "architecture", "optimizer", "strategy", "g", "low", "high"),
                effects.stream()
                        .map(
                                one ->
                                        List.of(
                                                one.problem().dataset(),
                                                one.problem().architecture(),
                                                one.configuration().optimizer(),
                                                one.configuration().strategy(),
                                                one.effect().g(),
                                                one.effect().low(),
                                                one.effect().high()))
                        .toList());
    }

    private void scale(XYChart chart, int bandHeight) {
        List<String> upwards = new ArrayList<>(problems.stream().map(this::name).toList());
        Collections.reverse(upwards);
        XYStyler styler = chart.getStyler();
        styler.setYAxisMin(bottom())
                .setYAxisMax(top())
                .setYAxisTickLabelsFormattingFunction(new PlaceLabels(upwards, BAND))
                .setYAxisTickMarkSpacingHint((int) (bandHeight * TICKS_PER_BAND))
                .setPlotGridHorizontalLinesVisible(false)
                .setAxisTicksMarksVisible(false)
                .setAxisTickMarkLength(0);
        styler.setAnnotationLineColor(Charts.GRID);
        for (int band = 1; band < problems.size(); band++) {
            chart.addAnnotation(new AnnotationLine(BAND * (band + 0.5), false, false));
        }
    }

    private double bottom() {
        return BAND - ROWS_OF_BAND / 2;
    }

    private double top() {
        return BAND * problems.size() + ROWS_OF_BAND / 2;
    }

    /** The middle of a problem's band; the first problem is on top. */
    private double middle(Problem problem) {
        return BAND * (problems.size() - problems.indexOf(problem));
    }

    private String name(Problem problem) {
        return group.datasets().size() == 1
                ? problem.architecture()
                : problem.dataset() + " " + problem.architecture();
    }

    private double row(Improvement effect) {
        double place = configurations.indexOf(effect.configuration()) + 0.5;
        return middle(effect.problem()) + ROWS_OF_BAND * (0.5 - place / configurations.size());
    }

    private void add(XYChart chart, Configuration configuration, Color color, Marker marker) {
        List<Double> ends = new ArrayList<>();
        List<Double> endRows = new ArrayList<>();
        List<Double> points = new ArrayList<>();
        List<Double> rows = new ArrayList<>();
        for (Improvement one : effects) {
            if (one.configuration().equals(configuration)) {
                double row = row(one);
                ends.addAll(List.of(one.effect().low(), one.effect().high(), one.effect().high()));
                endRows.addAll(List.of(row, row, Double.NaN));
                points.add(one.effect().g());
                rows.add(row);
            }
        }
        Charts.line(
                        chart.addSeries(configuration.label() + " interval", ends, endRows),
                        color,
                        LINE_WIDTH)
                .setShowInLegend(false);
        Charts.line(chart.addSeries(configuration.label(), points, rows), color, LINE_WIDTH)
                .setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter)
                .setMarker(marker);
    }

    private String caption() {
        return "Hedges' g of the "
                + Charts.metric(group)
                + " against "
                + against.label
                + against.explanation
                + ", with its 95 % interval; "
                + group.describe()
                + (hidden == 0 ? "" : "; not shown: " + hidden + " further optimizers")
                + Charts.lost(group, problems)
                + (undefined == 0
                        ? ""
                        : "; without an effect size, for want of runs or of differences, or as more"
                                + " than 10 % of the runs of a side were lost: "
                                + undefined)
                + ".";
    }
}
