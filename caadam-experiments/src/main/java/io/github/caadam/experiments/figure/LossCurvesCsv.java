// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.results.CsvText;
import io.github.caadam.experiments.results.Utf8Text;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads and writes {@code loss-curves.csv}: a line per epoch, epochs counted from 1, numbers in
 * full precision. With it beside {@code runs.csv}, figures can be made again without the run files.
 */
public final class LossCurvesCsv {

    /** The name of the file. */
    public static final String NAME = "loss-curves.csv";

    private static final List<String> COLUMNS =
            List.of(
                    "dataset",
                    "architecture",
                    "optimizer",
                    "strategy",
                    "run",
                    "epoch",
                    "loss",
                    "validation_loss");

    private LossCurvesCsv() {}

    /**
     * Writes losses.
     *
     * @param file the file; its directory must exist
     * @param curves the losses of runs
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, List<LossCurve> curves) throws IOException {
        try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
                CSVPrinter printer =
                        CSVFormat.RFC4180.builder().setRecordSeparator('\n').get().print(writer)) {
            printer.printRecord(COLUMNS);
            for (LossCurve curve : curves) {
                for (int i = 0; i < curve.epochs().size(); i++) {
                    printer.printRecord(
                            CsvText.guard(curve.problem().dataset()),
                            CsvText.guard(curve.problem().architecture()),
                            CsvText.guard(curve.configuration().optimizer()),
                            CsvText.guard(curve.configuration().strategy()),
                            curve.run(),
                            i + 1,
                            curve.epochs().get(i).loss(),
                            curve.epochs().get(i).validationLoss());
                }
            }
        }
    }

    /**
     * Reads losses.
     *
     * @param file the file; the epochs of a run are in order, without gaps
     * @return the losses of the runs, in the order of the file
     * @throws IOException if the file is missing, lacks a column, has a training loss that is not a
     *     finite number, or an epoch out of order; the message says which file and line
     */
    public static List<LossCurve> read(Path file) throws IOException {
        Map<RunKey, List<LossCurve.Epoch>> runs = new LinkedHashMap<>();
        try (Reader reader = Utf8Text.reader(file);
                CSVParser parser =
                        CSVFormat.RFC4180
                                .builder()
                                .setHeader()
                                .setSkipHeaderRecord(true)
                                .get()
                                .parse(reader)) {
            requireColumns(file, parser);
            for (CSVRecord line : parser) {
                add(runs, file, line);
            }
        } catch (UncheckedIOException e) {
            throw new IOException(file + " is not a file of losses: " + e.getMessage(), e);
        }
        List<LossCurve> curves = new ArrayList<>();
        runs.forEach(
                (key, epochs) ->
                        curves.add(
                                new LossCurve(
                                        key.problem(), key.configuration(), key.run(), epochs)));
        return curves;
    }

    private static void requireColumns(Path file, CSVParser parser) throws IOException {
        for (String column : COLUMNS) {
            if (!parser.getHeaderMap().containsKey(column)) {
                throw new IOException(
                        file
                                + " has no column \""
                                + column
                                + "\"; a file of losses has "
                                + String.join(", ", COLUMNS)
                                + ".");
            }
        }
    }

    private static void add(Map<RunKey, List<LossCurve.Epoch>> runs, Path file, CSVRecord line)
            throws IOException {
        try {
            RunKey key =
                    new RunKey(
                            new Problem(text(line, "dataset"), text(line, "architecture")),
                            new Configuration(text(line, "optimizer"), text(line, "strategy")),
                            Integer.parseInt(line.get("run")));
            List<LossCurve.Epoch> epochs = runs.computeIfAbsent(key, unused -> new ArrayList<>());
            int epoch = Integer.parseInt(line.get("epoch"));
            if (epoch != epochs.size() + 1) {
                throw new IllegalArgumentException(
                        "epoch " + (epochs.size() + 1) + " should follow, found " + epoch + ".");
            }
            epochs.add(
                    new LossCurve.Epoch(
                            Double.parseDouble(line.get("loss")),
                            Double.parseDouble(line.get("validation_loss"))));
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    file + ", line " + (line.getRecordNumber() + 1) + ": " + e.getMessage(), e);
        }
    }

    private static String text(CSVRecord line, String column) {
        return CsvText.unguard(line.get(column));
    }

    private record RunKey(Problem problem, Configuration configuration, int run) {}
}
