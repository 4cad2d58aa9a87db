// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import io.github.caadam.experiments.results.CsvFile;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.font.FontRenderContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.IChart;

/** A chart under a title and a caption, which XChart's own title has no place for. */
public final class Figure implements IChart {

    private static final Font TITLE_FONT = new Font(Font.SANS_SERIF, Font.BOLD, 16);
    private static final Font CAPTION_FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
    private static final Color TITLE_COLOR = new Color(0x222222);
    private static final Color CAPTION_COLOR = new Color(0x555555);
    private static final int MARGIN = 16;
    private static final int TITLE_BASELINE = 28;
    private static final int LINE_HEIGHT = 15;

    /** Text is laid out as if for a screen, whatever it is drawn on. */
    private static final FontRenderContext LAYOUT = new FontRenderContext(null, true, true);

    /** Twice the 72 dots per inch that one unit of a chart is. */
    private static final int DOTS_PER_INCH = 144;

    private final String name;
    private final String title;
    private final List<String> caption;
    private final XYChart chart;
    private final Numbers numbers;

    /**
     * What a figure shows, in numbers.
     *
     * @param columns the header
     * @param rows the cells, row by row
     */
    record Numbers(List<String> columns, List<? extends List<?>> rows) {}

    /**
     * Creates a figure whose axes are the numbers that it shows.
     *
     * @param name the name of its files, without extension
     * @param title the title, one line
     * @param caption the caption, wrapped to the chart's width
     * @param chart the chart, without a title of its own
     */
    public Figure(String name, String title, String caption, XYChart chart) {
        this(name, title, caption, chart, drawn(chart));
    }

    /** Creates a figure that shows other numbers than its axes have. */
    Figure(String name, String title, String caption, XYChart chart, Numbers numbers) {
        this(name, title, wrap(caption, chart.getWidth() - 2 * MARGIN), chart, numbers);
    }

    private Figure(
            String name, String title, List<String> caption, XYChart chart, Numbers numbers) {
        this.name = name;
        this.title = title;
        this.caption = caption;
        this.chart = chart;
        this.numbers = numbers;
    }

    /** The points of all series that the legend names; lines that guide the eye are none. */
    private static Numbers drawn(XYChart chart) {
        List<XYSeries> shown =
                chart.getSeriesCollection().stream().filter(XYSeries::isShowInLegend).toList();
        boolean bars = shown.stream().anyMatch(series -> series.getExtraValues() != null);
        List<String> columns = new ArrayList<>();
        columns.add("series");
        columns.add(axis(chart.getXAxisTitle()));
        columns.add(axis(chart.getYAxisTitle()));
        if (bars) {
            columns.add("±");
        }
        List<List<?>> rows = new ArrayList<>();
        for (XYSeries series : shown) {
            for (int i = 0; i < series.getXData().length; i++) {
                List<Object> row = new ArrayList<>();
                row.add(series.getName());
                row.add(series.getXData()[i]);
                row.add(series.getYData()[i]);
                if (bars) {
                    row.add(series.getExtraValues()[i]);
                }
                rows.add(row);
            }
        }
        return new Numbers(columns, rows);
    }

    private static String axis(String title) {
        return title.replace(" (log scale)", "");
    }

    /** Returns this figure under another name. */
    Figure named(String other) {
        return new Figure(other, title, caption, chart, numbers);
    }

    String name() {
        return name;
    }

    /**
     * Returns the chart.
     *
     * @return the chart, without title and caption
     */
    public XYChart chart() {
        return chart;
    }

    @Override
    public String getTitle() {
        return title;
    }

    @Override
    public int getWidth() {
        return chart.getWidth();
    }

    @Override
    public int getHeight() {
        return headerHeight() + chart.getHeight();
    }

    private int headerHeight() {
        return TITLE_BASELINE + LINE_HEIGHT * caption.size() + LINE_HEIGHT / 2;
    }

    @Override
    public void paint(Graphics2D graphics, int width, int height) {
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, width, height);
        graphics.setColor(TITLE_COLOR);
        graphics.setFont(TITLE_FONT);
        graphics.drawString(title, MARGIN, TITLE_BASELINE);
        graphics.setColor(CAPTION_COLOR);
        graphics.setFont(CAPTION_FONT);
        int baseline = TITLE_BASELINE + LINE_HEIGHT + LINE_HEIGHT / 4;
        for (String line : caption) {
            graphics.drawString(line, MARGIN, baseline);
            baseline += LINE_HEIGHT;
        }
        graphics.translate(0, headerHeight());
        chart.paint(graphics, width, height - headerHeight());
    }

    /**
     * Writes the figure as {@code NAME.png}, two pixels for each unit of its size, as {@code
     * NAME.svg}, and what it shows as {@code NAME.csv}.
     *
     * @param directory where to; must exist
     * @return the files
     * @throws IOException if one cannot be written
     */
    public List<Path> write(Path directory) throws IOException {
        Path png = directory.resolve(name + ".png");
        Path svg = directory.resolve(name + ".svg");
        // XChart writes over a longer file without cutting it.
        Files.deleteIfExists(png);
        BitmapEncoder.saveBitmapWithDPI(
                this, png.toString(), BitmapEncoder.BitmapFormat.PNG, DOTS_PER_INCH);
        Files.writeString(
                svg,
                SvgText.tidy(
                        new String(ChartEncoder.getBytes(this, "svg"), StandardCharsets.UTF_8)));
        Path csv = directory.resolve(name + ".csv");
        CsvFile.write(csv, numbers.columns(), numbers.rows());
        return List.of(png, svg, csv);
    }

    private static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            String longer = line.isEmpty() ? word : line + " " + word;
            if (CAPTION_FONT.getStringBounds(longer, LAYOUT).getWidth() > width
                    && !line.isEmpty()) {
                lines.add(line.toString());
                line.setLength(0);
                line.append(word);
            } else {
                line.setLength(0);
                line.append(longer);
            }
        }
        lines.add(line.toString());
        return List.copyOf(lines);
    }
}
