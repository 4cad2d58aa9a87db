// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.commons.csv.CSVRecord;

/**
 * A table of means and standard deviations, as papers have them and {@code caadam tables} writes
 * them.
 *
 * @param lines a line for each metric of each cell of the table
 * @since 0.1.0
 */
public record PublishedMeans(List<Line> lines) {

    private static final String RUN = "run";
    private static final String N = "n";
    private static final String DEVIATION = "_std";
    private static final List<String> REQUIRED =
            List.of("architecture", "optimizer", "strategy", N);

    /** Copies the lines. */
    public PublishedMeans {
        lines = List.copyOf(lines);
    }

    /**
     * One mean.
     *
     * @param dataset the data set; empty where the table does not name it
     * @param architecture the network
     * @param optimizer the optimizer
     * @param strategy the strategy
     * @param metric the metric
     * @param n the number of runs
     * @param mean their mean
     * @param deviation their sample standard deviation; NaN if it is not given
     */
    public record Line(
            String dataset,
            String architecture,
            String optimizer,
            String strategy,
            String metric,
            int n,
            double mean,
            double deviation) {

        private List<String> cell() {
            return List.of(dataset, architecture, optimizer, strategy);
        }
    }

    /**
     * Returns whether a CSV file has means rather than runs.
     *
     * @param file the file
     * @return whether it has no column {@code run}
     * @throws IOException if it cannot be read
     */
    public static boolean isSuch(Path file) throws IOException {
        AtomicBoolean means = new AtomicBoolean();
        CsvFile.read(file, "runs or means", List.of(), line -> means.set(!line.isMapped(RUN)));
        return means.get();
    }

    /**
     * Reads a table.
     *
     * @param file a CSV file with the columns {@code architecture}, {@code optimizer}, {@code
     *     strategy}, {@code n} and, for each metric, one of its name and one of its name and {@code
     *     _std}; {@code dataset} if it has several
     * @return the means
     * @throws IOException if the file is missing, lacks a column, holds something that is no
     *     number, or two lines of one cell; the message says which file and line
     */
    public static PublishedMeans read(Path file) throws IOException {
        List<Line> lines = new ArrayList<>();
        Set<List<String>> cells = new HashSet<>();
        CsvFile.read(
                file,
                "means",
                REQUIRED,
                record -> {
                    List<Line> read = lines(record);
                    if (!read.isEmpty() && !cells.add(read.get(0).cell())) {
                        throw new IllegalArgumentException(
                                "an earlier line is of the same network, optimizer and strategy; a"
                                        + " column dataset tells data sets apart.");
                    }
                    lines.addAll(read);
                });
        if (lines.isEmpty()) {
            throw new IOException(
                    file
                            + " has no means: a metric has a column of its name, such as rmse, and"
                            + " one of its standard deviation, such as rmse_std.");
        }
        return new PublishedMeans(lines);
    }

    private static List<Line> lines(CSVRecord line) {
        List<Line> lines = new ArrayList<>();
        Map<String, String> cells = line.toMap();
        cells.forEach(
                (column, cell) -> {
                    String deviation = cells.get(column + DEVIATION);
                    if (deviation != null && !cell.isEmpty()) {
                        lines.add(
                                new Line(
                                        CsvText.unguard(cells.getOrDefault("dataset", "")),
                                        CsvText.unguard(cells.get("architecture")),
                                        CsvText.unguard(cells.get("optimizer")),
                                        CsvText.unguard(cells.get("strategy")),
                                        column,
                                        n(cells.get(N)),
                                        number(column, cell),
                                        deviation.isEmpty()
                                                ? Double.NaN
                                                : number(column + DEVIATION, deviation)));
                    }
                });
        return lines;
    }

    private static int n(String cell) {
        double n = number(N, cell);
        if (n != Math.rint(n) || n < 1 || n > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "n must be a whole number of 1 or more, found \"" + cell + "\".");
        }
        return (int) n;
    }

    /** Reads a number; a standard deviation must not be negative. */
    private static double number(String column, String cell) {
        double number;
        try {
            number = Double.parseDouble(cell);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    column + " must be a number, found \"" + cell + "\".", e);
        }
        if (!Double.isFinite(number) || (column.endsWith(DEVIATION) && number < 0)) {
            throw new IllegalArgumentException(
                    column
                            + " must be finite"
                            + (column.endsWith(DEVIATION) ? " and not negative" : "")
                            + ", found \""
                            + cell
                            + "\".");
        }
        return number;
    }
}
